using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>JPEG 2000 and HTJ2K by OpenJPEG ≥ 2.5 (github.com/uclouvain/openjpeg, openjpeg.h).</summary>
/// <remarks>Strict: a stream that breaks off is an error, not a film that fades out. Bare codestreams only: boxes, and with them
/// palettes and colour profiles, are the caller's to take off; what the film is, its DICOM header says.</remarks>
internal sealed unsafe class OpenJpeg
{
    private const int CodecJ2k = 0; // OPJ_CODEC_J2K
    private const int ParameterBytes = 16 << 10; // opj_dparameters_t is 8,252 bytes: two paths of 4,096 and numbers
    private const int BufferBytes = 64 << 10;

    // Warnings after which pixels are guesses: OpenJPEG goes on, a film must not.
    private static ReadOnlySpan<byte> SegmentTooLong => "segment too long"u8;

    private static ReadOnlySpan<byte> BadSegmentation => "Bad segmentation"u8;

    private static ReadOnlySpan<byte> Termination => "PTERM check failure"u8;

    private static ReadOnlySpan<byte> Malformed => "alformed"u8; // codeblocks of HTJ2K, at the start of a sentence or within

    private static ReadOnlySpan<byte> Unsupported => "unsupported bpno"u8;

    private static ReadOnlySpan<byte> ExpectedMarker => "Expected "u8; // SOP or EPH

    private static ReadOnlySpan<byte> NoSpace => "Not enough space"u8;

    private static readonly Lazy<OpenJpeg?> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<int, nint> _createDecompress;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroyCodec;
    private readonly delegate* unmanaged[Cdecl]<byte*, void> _setDefaults;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int> _setup;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _setStrict;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void*, int> _setWarning;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void*, int> _setError;
    private readonly delegate* unmanaged[Cdecl]<nuint, int, nint> _streamCreate;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _streamDestroy;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void> _streamRead;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void> _streamSkip;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void> _streamSeek;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, void*, void> _streamUserData;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong, void> _streamLength;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, Image**, int> _readHeader;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, Image*, int> _decode;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _end;
    private readonly delegate* unmanaged[Cdecl]<Image*, void> _imageDestroy;

    private OpenJpeg(CodecLibrary library)
    {
        _createDecompress = (delegate* unmanaged[Cdecl]<int, nint>)library.Find("opj_create_decompress");
        _destroyCodec = (delegate* unmanaged[Cdecl]<nint, void>)library.Find("opj_destroy_codec");
        _setDefaults = (delegate* unmanaged[Cdecl]<byte*, void>)library.Find("opj_set_default_decoder_parameters");
        _setup = (delegate* unmanaged[Cdecl]<nint, byte*, int>)library.Find("opj_setup_decoder");
        _setStrict = (delegate* unmanaged[Cdecl]<nint, int, int>)library.Find("opj_decoder_set_strict_mode");
        _setWarning = (delegate* unmanaged[Cdecl]<nint, void*, void*, int>)library.Find("opj_set_warning_handler");
        _setError = (delegate* unmanaged[Cdecl]<nint, void*, void*, int>)library.Find("opj_set_error_handler");
        _streamCreate = (delegate* unmanaged[Cdecl]<nuint, int, nint>)library.Find("opj_stream_create");
        _streamDestroy = (delegate* unmanaged[Cdecl]<nint, void>)library.Find("opj_stream_destroy");
        _streamRead = (delegate* unmanaged[Cdecl]<nint, void*, void>)library.Find("opj_stream_set_read_function");
        _streamSkip = (delegate* unmanaged[Cdecl]<nint, void*, void>)library.Find("opj_stream_set_skip_function");
        _streamSeek = (delegate* unmanaged[Cdecl]<nint, void*, void>)library.Find("opj_stream_set_seek_function");
        _streamUserData = (delegate* unmanaged[Cdecl]<nint, void*, void*, void>)library.Find("opj_stream_set_user_data");
        _streamLength = (delegate* unmanaged[Cdecl]<nint, ulong, void>)library.Find("opj_stream_set_user_data_length");
        _readHeader = (delegate* unmanaged[Cdecl]<nint, nint, Image**, int>)library.Find("opj_read_header");
        _decode = (delegate* unmanaged[Cdecl]<nint, nint, Image*, int>)library.Find("opj_decode");
        _end = (delegate* unmanaged[Cdecl]<nint, nint, int>)library.Find("opj_end_decompress");
        _imageDestroy = (delegate* unmanaged[Cdecl]<Image*, void>)library.Find("opj_image_destroy");
        var version = (delegate* unmanaged[Cdecl]<byte*>)library.Find("opj_version");

        // Strict mode came with 2.5, as did HTJ2K.
        IsWhole = _createDecompress != null && _destroyCodec != null && _setDefaults != null && _setup != null && _setStrict != null
            && _setWarning != null && _setError != null && _streamCreate != null && _streamDestroy != null && _streamRead != null
            && _streamSkip != null && _streamSeek != null && _streamUserData != null && _streamLength != null && _readHeader != null
            && _decode != null && _end != null && _imageDestroy != null && version != null;
        State = new(library.File, version == null ? "?" : Marshal.PtrToStringUTF8((nint)version()) ?? "?");
    }

    /// <summary>What was loaded; null when there is none.</summary>
    public static LibraryState? Status => Loaded.Value?.State;

    private bool IsWhole { get; }

    private LibraryState State { get; }

    /// <summary>Decodes one frame, at full or reduced resolution; colour transforms of the codestream (RCT, ICT) are undone.</summary>
    public static CodecAnswer Decode(ReadOnlySpan<byte> stream, in FrameShape shape, Span<byte> cells)
    {
        if (Loaded.Value is not { } library) return CodecAnswer.Failed(CodecStatus.NoLibrary);
        fixed (byte* source = stream)
        {
            var reader = new Reader { Bytes = source, Length = stream.Length };
            var answer = library.Decode(&reader, shape, cells);
            return answer.Status == CodecStatus.Corrupt ? answer with { Offset = (int)reader.Position } : answer;
        }
    }

    private CodecAnswer Decode(Reader* reader, in FrameShape shape, Span<byte> cells)
    {
        var parameters = stackalloc byte[ParameterBytes];
        nint stream = 0, codec = 0;
        Image* image = null;
        try
        {
            stream = _streamCreate(BufferBytes, 1);
            codec = _createDecompress(CodecJ2k);
            if (stream == 0 || codec == 0) return CodecAnswer.Failed(CodecStatus.OutOfMemory);
            _streamRead(stream, (delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint>)&Read);
            _streamSkip(stream, (delegate* unmanaged[Cdecl]<long, void*, long>)&Skip);
            _streamSeek(stream, (delegate* unmanaged[Cdecl]<long, void*, int>)&Seek);
            _streamUserData(stream, reader, null);
            _streamLength(stream, (ulong)reader->Length);
            _setWarning(codec, (delegate* unmanaged[Cdecl]<byte*, void*, void>)&OnWarning, reader);
            _setError(codec, (delegate* unmanaged[Cdecl]<byte*, void*, void>)&OnError, reader);
            _setDefaults(parameters);
            *(uint*)parameters = (uint)shape.DiscardedLevels; // cp_reduce, the first member
            if (_setup(codec, parameters) == 0 || _setStrict(codec, 1) == 0 || _readHeader(stream, codec, &image) == 0 || image == null)
                return Fault(reader);

            // Before memory is taken for pixels. The number of levels is checked again when tiles are read.
            if (image->ComponentCount != shape.Samples) return CodecAnswer.Corrupt("components are not the header's");
            var precision = (int)image->Components[0].Precision;
            if (precision is < 1 or > 32 || precision > 8 * shape.BytesPerSample) return CodecAnswer.Corrupt("precision above Bits Allocated");
            if (_decode(codec, stream, image) == 0 || _end(codec, stream) == 0 || reader->IsDamaged != 0) return Fault(reader);
            for (var sample = 0; sample < shape.Samples; sample++)
            {
                ref var component = ref image->Components[sample];
                if (component.Data == null) return CodecAnswer.Corrupt("a component without pixels");
                if (component.Precision != precision) return CodecAnswer.Corrupt("components of different precision");
                if (component.Width == shape.Columns && component.Height == shape.Rows)
                    CellLayout.Pack(new(component.Data, shape.Rows * shape.Columns), precision, cells, shape.BytesPerSample, sample, shape.Samples);
                else if (!TrySpread(component, precision, sample, shape, cells))
                    return CodecAnswer.Corrupt("rows or columns are not the header's");
            }

            return CodecAnswer.Decoded(precision);
        }
        finally
        {
            if (image != null) _imageDestroy(image);
            if (codec != 0) _destroyCodec(codec);
            if (stream != 0) _streamDestroy(stream);
        }
    }

    /// <summary>A component of fewer samples than the film has pixels (4:2:0, say): each is repeated.</summary>
    private static bool TrySpread(in Component component, int precision, int sample, in FrameShape shape, Span<byte> cells)
    {
        long dx = component.Dx, dy = component.Dy, width = component.Width, height = component.Height;
        if (dx is < 1 or > 255 || dy is < 1 or > 255 || width < 1 || height < 1 || width * dx < shape.Columns - dx || height * dy < shape.Rows - dy
            || width > shape.Columns || height > shape.Rows)
        {
            return false;
        }

        var line = new int[shape.Columns];
        var lineBytes = shape.Columns * shape.Samples * shape.BytesPerSample;
        for (var row = 0; row < shape.Rows; row++)
        {
            var source = new ReadOnlySpan<int>(component.Data + Math.Min(row / dy, height - 1) * width, (int)width);
            for (var column = 0; column < line.Length; column++) line[column] = source[(int)Math.Min(column / dx, width - 1)];
            CellLayout.Pack(line, precision, cells.Slice(row * lineBytes, lineBytes), shape.BytesPerSample, sample, shape.Samples);
        }

        return true;
    }

    private static CodecAnswer Fault(Reader* reader)
    {
        var message = Marshal.PtrToStringUTF8((nint)reader->Message) ?? "";
        if (message.Length == 0) return CodecAnswer.Corrupt("damaged");
        return message.Contains("memory", StringComparison.OrdinalIgnoreCase) || message.Contains("allocate", StringComparison.OrdinalIgnoreCase)
            ? CodecAnswer.Failed(CodecStatus.OutOfMemory)
            : CodecAnswer.Corrupt(message);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(void* target, nuint count, void* state)
    {
        var reader = (Reader*)state;
        var left = (nuint)(reader->Length - reader->Position);
        if (left == 0) return nuint.MaxValue; // as OpenJPEG's own: −1 at the end
        count = nuint.Min(count, left);
        NativeMemory.Copy(reader->Bytes + reader->Position, target, count);
        reader->Position += (long)count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long count, void* state)
    {
        var reader = (Reader*)state;
        if (count < -reader->Position || reader->Position >= reader->Length) return -1;
        count = Math.Min(count, reader->Length - reader->Position);
        reader->Position += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long position, void* state)
    {
        var reader = (Reader*)state;
        if (position < 0 || position > reader->Length) return 0;
        reader->Position = position;
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* message, void* state) => Keep(message, (Reader*)state);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWarning(byte* message, void* state)
    {
        if (message == null) return;
        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message);
        if (text.IndexOf(SegmentTooLong) < 0 && text.IndexOf(BadSegmentation) < 0 && text.IndexOf(Termination) < 0
            && text.IndexOf(Malformed) < 0 && text.IndexOf(Unsupported) < 0 && text.IndexOf(ExpectedMarker) < 0
            && text.IndexOf(NoSpace) < 0)
        {
            return;
        }

        ((Reader*)state)->IsDamaged = 1;
        Keep(message, (Reader*)state);
    }

    /// <summary>The first message is the cause; those behind it are what came of it.</summary>
    private static void Keep(byte* message, Reader* reader)
    {
        if (message == null || reader->Message[0] != 0) return;
        for (var i = 0; i < Reader.MessageBytes - 1 && message[i] is not (0 or (byte)'\n'); i++) reader->Message[i] = message[i];
    }

    private static OpenJpeg? Load()
    {
        var library = CodecLibrary.TryLoad(["libopenjp2.so.7"], ["libopenjp2.7.dylib"], ["openjp2.dll", "libopenjp2.dll", "libopenjp2-7.dll"]);
        return library is not null && new OpenJpeg(library) is { IsWhole: true } openJpeg ? openJpeg : null;
    }

    /// <summary>What the callbacks work on: the stream, and what OpenJPEG said.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Reader
    {
        public const int MessageBytes = 100;
        public byte* Bytes;
        public long Length;
        public long Position;
        public int IsDamaged;
        public fixed byte Message[MessageBytes];
    }

    /// <summary>opj_image_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public uint X0;
        public uint Y0;
        public uint X1;
        public uint Y1;
        public uint ComponentCount;
        public int ColourSpace;
        public Component* Components;
        public byte* Profile;
        public uint ProfileBytes;
    }

    /// <summary>opj_image_comp_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Component
    {
        public uint Dx;
        public uint Dy;
        public uint Width;
        public uint Height;
        public uint X0;
        public uint Y0;
        public uint Precision;
        public uint BitsPerPixel;
        public uint IsSigned;
        public uint ResolutionsDecoded;
        public uint Factor;
        public int* Data;
        public ushort Alpha;
    }
}
