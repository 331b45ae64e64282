using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>JPEG-LS by CharLS 2 (github.com/team-charls/charls, charls_jpegls_decoder.h).</summary>
internal sealed unsafe class CharLs
{
    // charls_jpegls_errc of version 2.
    private const int SourceBufferTooSmall = 4;
    private const int NotEnoughMemory = 13;

    // charls_interleave_mode: planes follow each other; the other modes come out pixel by pixel.
    private const int InterleaveNone = 0;

    private static readonly Lazy<CharLs?> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<nint> _create;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> _setSource;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _readHeader;
    private readonly delegate* unmanaged[Cdecl]<nint, FrameInfo*, int> _getFrameInfo;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> _getInterleaveMode;
    private readonly delegate* unmanaged[Cdecl]<nint, uint, nuint*, int> _getDestinationSize;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, uint, int> _decode;
    private readonly delegate* unmanaged[Cdecl]<int, byte*> _message;

    private CharLs(CodecLibrary library)
    {
        _create = (delegate* unmanaged[Cdecl]<nint>)library.Find("charls_jpegls_decoder_create");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)library.Find("charls_jpegls_decoder_destroy");
        _setSource = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int>)library.Find("charls_jpegls_decoder_set_source_buffer");
        _readHeader = (delegate* unmanaged[Cdecl]<nint, int>)library.Find("charls_jpegls_decoder_read_header");
        _getFrameInfo = (delegate* unmanaged[Cdecl]<nint, FrameInfo*, int>)library.Find("charls_jpegls_decoder_get_frame_info");
        _getInterleaveMode = (delegate* unmanaged[Cdecl]<nint, int*, int>)library.Find("charls_jpegls_decoder_get_interleave_mode");
        _getDestinationSize = (delegate* unmanaged[Cdecl]<nint, uint, nuint*, int>)library.Find("charls_jpegls_decoder_get_destination_size");
        _decode = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, uint, int>)library.Find("charls_jpegls_decoder_decode_to_buffer");
        _message = (delegate* unmanaged[Cdecl]<int, byte*>)library.Find("charls_get_error_message");
        var version = (delegate* unmanaged[Cdecl]<byte*>)library.Find("charls_get_version_string");
        IsWhole = _create != null && _destroy != null && _setSource != null && _readHeader != null && _getFrameInfo != null
            && _getInterleaveMode != null && _getDestinationSize != null && _decode != null && _message != null && version != null;
        State = new(library.File, version == null ? "?" : Marshal.PtrToStringUTF8((nint)version()) ?? "?");
    }

    /// <summary>What was loaded; null when there is none.</summary>
    public static LibraryState? Status => Loaded.Value?.State;

    private bool IsWhole { get; }

    private LibraryState State { get; }

    /// <summary>Decodes one frame: all interleave modes, 2 to 16 bits, lossless and near-lossless.</summary>
    public static CodecAnswer Decode(ReadOnlySpan<byte> stream, in FrameShape shape, Span<byte> cells)
    {
        if (Loaded.Value is not { } library) return CodecAnswer.Failed(CodecStatus.NoLibrary);
        var decoder = library._create();
        if (decoder == 0) return CodecAnswer.Failed(CodecStatus.OutOfMemory);
        try
        {
            fixed (byte* source = stream) return library.Decode(decoder, source, stream.Length, shape, cells);
        }
        finally
        {
            library._destroy(decoder);
        }
    }

    private CodecAnswer Decode(nint decoder, byte* source, int length, in FrameShape shape, Span<byte> cells)
    {
        FrameInfo frame;
        int mode;
        nuint needed;
        int fault;
        if ((fault = _setSource(decoder, source, (nuint)length)) != 0 || (fault = _readHeader(decoder)) != 0
            || (fault = _getFrameInfo(decoder, &frame)) != 0 || (fault = _getInterleaveMode(decoder, &mode)) != 0)
        {
            return Fault(fault);
        }

        if (frame.Width != shape.Columns || frame.Height != shape.Rows) return CodecAnswer.Corrupt("rows or columns are not the header's");
        if (frame.Components != shape.Samples) return CodecAnswer.Corrupt("components are not the header's");
        if (frame.BitsPerSample > 8 * shape.BytesPerSample) return CodecAnswer.Corrupt("precision above Bits Allocated");

        var cellBytes = frame.BitsPerSample <= 8 ? 1 : 2;
        var isPlanar = shape.Samples > 1 && mode == InterleaveNone;
        if ((fault = _getDestinationSize(decoder, 0, &needed)) != 0) return Fault(fault);
        if (needed != (nuint)((long)shape.Rows * shape.Columns * shape.Samples * cellBytes)) return CodecAnswer.Corrupt("size is not the header's");
        if (cellBytes == shape.BytesPerSample && !isPlanar)
        {
            fixed (byte* target = cells) fault = _decode(decoder, target, needed, 0);
            return fault == 0 ? CodecAnswer.Decoded(frame.BitsPerSample) : Fault(fault);
        }

        // Colour plane after plane, or few bits in wide cells: never a radiograph as machines write them.
        var scratch = (byte*)NativeMemory.Alloc(needed);
        try
        {
            if ((fault = _decode(decoder, scratch, needed, 0)) != 0) return Fault(fault);
            CellLayout.Rearrange(new(scratch, (int)needed), cellBytes, isPlanar, shape, cells);
            return CodecAnswer.Decoded(frame.BitsPerSample);
        }
        finally
        {
            NativeMemory.Free(scratch);
        }
    }

    private CodecAnswer Fault(int code) => code switch
    {
        SourceBufferTooSmall => CodecAnswer.Failed(CodecStatus.Truncated),
        NotEnoughMemory => CodecAnswer.Failed(CodecStatus.OutOfMemory),
        _ => CodecAnswer.Corrupt(Marshal.PtrToStringUTF8((nint)_message(code)) ?? "damaged"),
    };

    private static CharLs? Load()
    {
        // Version 3 has other signatures under the same names; its file has another name.
        var library = CodecLibrary.TryLoad(["libcharls.so.2"], ["libcharls.2.dylib"], ["charls-2.dll", "charls-2-x64.dll", "charls.dll"]);
        return library is not null && new CharLs(library) is { IsWhole: true } charLs ? charLs : null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FrameInfo
    {
        public uint Width;
        public uint Height;
        public int BitsPerSample;
        public int Components;
    }
}
