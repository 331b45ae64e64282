using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>JPEG XL by libjxl 0.7 to 0.11 (github.com/libjxl/libjxl, decode.h), on one thread.</summary>
/// <remarks>Integers of up to 16 bits, grey or three colours, one frame. Samples are those of the stream's own colour space; libjxl
/// stretches them to the full range of its 8 or 16 bits, and here that is undone, exactly, as a step is then at least 1.</remarks>
internal sealed unsafe class LibJxl
{
    // JxlDecoderStatus
    private const int Success = 0;
    private const int NeedMoreInput = 2;
    private const int NeedImageOutBuffer = 5;
    private const int BasicInfo = 0x40;
    private const int FullImage = 0x1000;

    // JxlDataType
    private const int Uint8 = 2;
    private const int Uint16 = 3;

    // What an allocation's size is kept in, before it; a multiple of the alignment that malloc keeps.
    private const int PrefixBytes = 16;

    private static readonly Lazy<LibJxl?> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<Allocator*, nint> _create;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _subscribe;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _keepOrientation;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> _setInput;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _closeInput;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _process;
    private readonly delegate* unmanaged[Cdecl]<nint, Info*, int> _getInfo;
    private readonly delegate* unmanaged[Cdecl]<nint, PixelFormat*, nuint*, int> _outSize;
    private readonly delegate* unmanaged[Cdecl]<nint, PixelFormat*, void*, nuint, int> _setOut;

    private LibJxl(CodecLibrary library)
    {
        _create = (delegate* unmanaged[Cdecl]<Allocator*, nint>)library.Find("JxlDecoderCreate");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)library.Find("JxlDecoderDestroy");
        _subscribe = (delegate* unmanaged[Cdecl]<nint, int, int>)library.Find("JxlDecoderSubscribeEvents");
        _keepOrientation = (delegate* unmanaged[Cdecl]<nint, int, int>)library.Find("JxlDecoderSetKeepOrientation");
        _setInput = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int>)library.Find("JxlDecoderSetInput");
        _closeInput = (delegate* unmanaged[Cdecl]<nint, void>)library.Find("JxlDecoderCloseInput");
        _process = (delegate* unmanaged[Cdecl]<nint, int>)library.Find("JxlDecoderProcessInput");
        _getInfo = (delegate* unmanaged[Cdecl]<nint, Info*, int>)library.Find("JxlDecoderGetBasicInfo");
        _outSize = (delegate* unmanaged[Cdecl]<nint, PixelFormat*, nuint*, int>)library.Find("JxlDecoderImageOutBufferSize");
        _setOut = (delegate* unmanaged[Cdecl]<nint, PixelFormat*, void*, nuint, int>)library.Find("JxlDecoderSetImageOutBuffer");
        var version = (delegate* unmanaged[Cdecl]<uint>)library.Find("JxlDecoderVersion");
        IsWhole = _create != null && _destroy != null && _subscribe != null && _keepOrientation != null && _setInput != null
            && _closeInput != null && _process != null && _getInfo != null && _outSize != null && _setOut != null && version != null;
        var number = version == null ? 0 : version();
        State = new(library.File, $"{number / 1_000_000}.{number / 1000 % 1000}.{number % 1000}");
    }

    /// <summary>What was loaded; null when there is none.</summary>
    public static LibraryState? Status => Loaded.Value?.State;

    private bool IsWhole { get; }

    private LibraryState State { get; }

    /// <summary>Decodes one frame, lossless, lossy or a recompressed JPEG.</summary>
    public static CodecAnswer Decode(ReadOnlySpan<byte> stream, in FrameShape shape, long memoryBytes, Span<byte> cells)
    {
        if (Loaded.Value is not { } library) return CodecAnswer.Failed(CodecStatus.NoLibrary);
        var budget = new Budget { LeftBytes = memoryBytes };
        var allocator = new Allocator { State = &budget, Allocate = &Allocate, Free = &Free };
        var decoder = library._create(&allocator);
        if (decoder == 0) return CodecAnswer.Failed(CodecStatus.OutOfMemory);
        try
        {
            fixed (byte* source = stream)
            {
                var answer = library.Decode(decoder, source, stream.Length, shape, cells);
                return answer.Status != CodecStatus.Decoded && budget.IsSpent != 0 ? CodecAnswer.Failed(CodecStatus.OutOfMemory) : answer;
            }
        }
        finally
        {
            library._destroy(decoder);
        }
    }

    private CodecAnswer Decode(nint decoder, byte* source, int length, in FrameShape shape, Span<byte> cells)
    {
        if (_subscribe(decoder, BasicInfo | FullImage) != Success || _keepOrientation(decoder, 1) != Success
            || _setInput(decoder, source, (nuint)length) != Success)
        {
            return CodecAnswer.Failed(CodecStatus.OutOfMemory);
        }

        _closeInput(decoder);
        Info info = default;
        byte* scratch = null;
        try
        {
            // Each turn is one of three events, in this order; anything else ends it.
            for (var turn = 0; turn < 4; turn++)
            {
                switch (_process(decoder))
                {
                    case BasicInfo:
                        if (_getInfo(decoder, &info) != Success) return CodecAnswer.Corrupt("no basic info");
                        if (Judge(info, shape) is { } fault) return CodecAnswer.Corrupt(fault);
                        break;
                    case NeedImageOutBuffer:
                        if (info.Width == 0) return CodecAnswer.Corrupt("no basic info");
                        var format = new PixelFormat { Channels = (uint)shape.Samples, Type = info.BitsPerSample <= 8 ? Uint8 : Uint16, Endianness = 1 };
                        var bytes = (nuint)((long)shape.Rows * shape.Columns * shape.Samples * CellBytes(info));
                        nuint needed;
                        if (_outSize(decoder, &format, &needed) != Success || needed != bytes) return CodecAnswer.Corrupt("size is not the header's");

                        // Always memory of our own: libjxl keeps the pointer until it is destroyed, and cells may move.
                        scratch = (byte*)NativeMemory.Alloc(bytes);
                        if (_setOut(decoder, &format, scratch, bytes) != Success) return CodecAnswer.Corrupt("no output");
                        break;
                    case FullImage:
                        if (scratch == null) return CodecAnswer.Corrupt("no pixels");
                        Take(scratch, info, shape, cells);
                        return CodecAnswer.Decoded((int)info.BitsPerSample);
                    case NeedMoreInput:
                        return CodecAnswer.Failed(CodecStatus.Truncated, null, length);
                    default:
                        return CodecAnswer.Corrupt("damaged");
                }
            }

            return CodecAnswer.Corrupt("damaged");
        }
        finally
        {
            NativeMemory.Free(scratch);
        }
    }

    private static string? Judge(in Info info, in FrameShape shape)
    {
        if (info.Width != shape.Columns || info.Height != shape.Rows) return "rows or columns are not the header's";
        if (info.ColourChannels != shape.Samples) return "components are not the header's";
        if (info.ExponentBits != 0) return "floating-point samples";
        return info.BitsPerSample is < 1 or > 16 || info.BitsPerSample > 8 * shape.BytesPerSample ? "precision above Bits Allocated" : null;
    }

    private static int CellBytes(in Info info) => info.BitsPerSample <= 8 ? 1 : 2;

    private static void Take(byte* scratch, in Info info, in FrameShape shape, Span<byte> cells)
    {
        var count = shape.Rows * shape.Columns * shape.Samples;
        var bits = (int)info.BitsPerSample;
        if (bits is not (8 or 16)) Unstretch(scratch, count, bits);
        var source = new ReadOnlySpan<byte>(scratch, count * CellBytes(info));
        if (CellBytes(info) == shape.BytesPerSample) source.CopyTo(cells);
        else CellLayout.Rearrange(source, CellBytes(info), isPlanar: false, shape, cells);
    }

    /// <summary>v · (2⁸ or 2¹⁶ − 1) / (2ᵇ − 1), rounded, back to v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unstretch(byte* cells, int count, int bits)
    {
        var top = (1u << bits) - 1;
        if (bits < 8)
        {
            for (var i = 0; i < count; i++) cells[i] = (byte)((cells[i] * top + 127) / 255);
            return;
        }

        var words = (ushort*)cells;
        for (var i = 0; i < count; i++) words[i] = (ushort)((words[i] * top + 32767) / 65535);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Allocate(void* state, nuint bytes)
    {
        var budget = (Budget*)state;
        if (bytes > (nuint)Math.Max(0, budget->LeftBytes))
        {
            budget->IsSpent = 1;
            return null;
        }

        byte* memory;
        try
        {
            memory = (byte*)NativeMemory.Alloc(bytes + PrefixBytes);
        }
        catch (OutOfMemoryException)
        {
            budget->IsSpent = 1; // an exception must not cross into C++; null it understands
            return null;
        }

        budget->LeftBytes -= (long)bytes;
        *(nuint*)memory = bytes;
        return memory + PrefixBytes;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* state, void* address)
    {
        if (address == null) return;
        var memory = (byte*)address - PrefixBytes;
        ((Budget*)state)->LeftBytes += (long)*(nuint*)memory;
        NativeMemory.Free(memory);
    }

    private static LibJxl? Load()
    {
        string[] versions = ["0.7", "0.8", "0.9", "0.10", "0.11"];
        var library = CodecLibrary.TryLoad(
            [.. versions.Select(version => "libjxl.so." + version)],
            [.. versions.Reverse().Select(version => $"libjxl.{version}.dylib")],
            ["jxl.dll", "libjxl.dll"]);
        return library is not null && new LibJxl(library) is { IsWhole: true } libJxl ? libJxl : null;
    }

    private struct Budget
    {
        public long LeftBytes;
        public int IsSpent;
    }

    /// <summary>JxlMemoryManager.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Allocator
    {
        public void* State;
        public delegate* unmanaged[Cdecl]<void*, nuint, void*> Allocate;
        public delegate* unmanaged[Cdecl]<void*, void*, void> Free;
    }

    /// <summary>JxlPixelFormat; endianness 1 is little.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PixelFormat
    {
        public uint Channels;
        public int Type;
        public int Endianness;
        public nuint Align;
    }

    /// <summary>JxlBasicInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public int HasContainer;
        public uint Width;
        public uint Height;
        public uint BitsPerSample;
        public uint ExponentBits;
        public float IntensityTarget;
        public float MinimumNits;
        public int IsRelative;
        public float LinearBelow;
        public int UsesOriginalProfile;
        public int HasPreview;
        public int HasAnimation;
        public int Orientation;
        public uint ColourChannels;
        public uint ExtraChannels;
        public uint AlphaBits;
        public uint AlphaExponentBits;
        public int IsAlphaPremultiplied;
        public fixed uint PreviewAnimationIntrinsic[2 + 4 + 2];
        public fixed byte Padding[100];
    }
}
