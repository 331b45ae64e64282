using BulkImplantScan.Decoder;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The system's codec libraries, run as <see cref="NativeCodecOptions"/> say. Safe for many threads at once.</summary>
/// <remarks>Isolated: at most one process for each film that is being decoded at the same time, started when it is first needed, used again and
/// again, replaced after a fault. They end with <see cref="Dispose"/>, and with this process, however that ends.</remarks>
public sealed class NativeCodecs : IDisposable
{
    private const int MaxIncidents = 16;

    private readonly NativeCodecOptions _options;
    private readonly Lock _lock = new();
    private readonly Stack<DecoderProcess> _idle = [];
    private readonly Queue<string> _incidents = [];
    private bool _isDisposed;

    /// <summary>Starts nothing yet.</summary>
    public NativeCodecs(NativeCodecOptions options) => _options = options;

    /// <summary>Isolated, with default limits: for all who do not choose. Ends with the process.</summary>
    public static NativeCodecs Shared { get; } = new(new());

    /// <summary>Which libraries are here. Loads them into this process: for <c>doctor</c>, not for a scan.</summary>
    public static IReadOnlyList<NativeCodecStatus> Status { get; } =
    [
        Describe(
            "charls", "JPEG-LS", CharLs.Status, [TransferSyntaxes.JpegLsLossless, TransferSyntaxes.JpegLsNearLossless],
            "libcharls2", "charls", "charls"),
        Describe(
            "openjpeg", "JPEG 2000, HTJ2K", OpenJpeg.Status,
            [
                TransferSyntaxes.Jpeg2000Lossless, TransferSyntaxes.Jpeg2000, TransferSyntaxes.Jpeg2000Part2Lossless,
                TransferSyntaxes.Jpeg2000Part2, TransferSyntaxes.Htj2kLossless, TransferSyntaxes.Htj2kLosslessRpcl, TransferSyntaxes.Htj2k,
            ],
            "libopenjp2-7 (2.5 or newer)", "openjpeg", "openjpeg"),
        Describe(
            "libjxl", "JPEG XL", LibJxl.Status,
            [TransferSyntaxes.JpegXlLossless, TransferSyntaxes.JpegXlRecompression, TransferSyntaxes.JpegXl],
            "libjxl0.7 (or the libjxl0.N of your release)", "jpeg-xl", "libjxl"),
    ];

    /// <summary>Where the libraries run.</summary>
    public NativeCodecMode Mode => _options.Mode;

    /// <summary>The latest faults of decoder processes, oldest first: what ended them and their last words. For a log, not for rows.</summary>
    public IReadOnlyList<string> Incidents
    {
        get
        {
            lock (_lock) return [.. _incidents];
        }
    }

    /// <summary>Ends the decoder processes.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_idle.TryPop(out var process)) process.Dispose();
        }
    }

    /// <summary>Decodes one frame.</summary>
    /// <param name="format">What <paramref name="stream"/> is.</param>
    /// <param name="stream">All of the frame's bytes.</param>
    /// <param name="shape">What it must be.</param>
    /// <param name="samples">Of the frame at full resolution: what time and memory are measured by.</param>
    /// <param name="cells">All samples, those of a pixel side by side, little endian, right-aligned.</param>
    /// <param name="precision">Bits of a sample as the stream has it.</param>
    /// <exception cref="IOException">The decoder program cannot be started, or there is no room for shared memory.</exception>
    internal CodecResult Decode(
        CodecFormat format, ReadOnlySpan<byte> stream, in FrameShape shape, long samples, Span<byte> cells, out int precision)
    {
        precision = 0;
        if (_options.Mode == NativeCodecMode.Off) return new(Reason.UnsupportedTransferSyntax, 0, null);
        var memoryBytes = _options.MemoryBytes(samples, stream.Length);
        CodecAnswer answer;
        if (_options.Mode == NativeCodecMode.InProcess)
        {
            answer = CodecTable.Decode(format, stream, shape, memoryBytes, cells);
        }
        else
        {
            var process = Take();
            try
            {
                var fault = process.Decode(format, stream, shape, memoryBytes, _options.TimeMs(samples), cells, out answer);
                if (fault.Reason != Reason.None) return fault;
            }
            finally
            {
                GiveBack(process);
            }
        }

        precision = answer.Precision;
        return answer.Status switch
        {
            CodecStatus.Decoded => default,
            CodecStatus.Truncated => new(Reason.TruncatedPixelData, answer.Offset, answer.Detail),
            CodecStatus.NoLibrary => new(Reason.UnsupportedTransferSyntax, 0, null),
            CodecStatus.OutOfMemory => new(Reason.DecoderMemory, 0, null),
            _ => CodecResult.Corrupt(answer.Offset, answer.Detail ?? "damaged"),
        };
    }

    private DecoderProcess Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            while (_idle.TryPop(out var idle))
            {
                // One that ended while it had nothing to do (killed from outside) costs no film.
                if (idle.IsUsable) return idle;
                idle.Dispose();
            }
        }

        return DecoderProcess.Start(_options);
    }

    private void GiveBack(DecoderProcess process)
    {
        lock (_lock)
        {
            if (process.LastWords is { } words)
            {
                if (_incidents.Count == MaxIncidents) _incidents.Dequeue();
                _incidents.Enqueue(words);
            }

            if (!_isDisposed && process.IsUsable)
            {
                _idle.Push(process);
                return;
            }
        }

        process.Dispose();
    }

    private static NativeCodecStatus Describe(
        string name, string formats, LibraryState? state, string[] syntaxes, string apt, string brew, string vcpkg)
    {
        var fix = OperatingSystem.IsMacOS() ? $"brew install {brew}"
            : OperatingSystem.IsWindows() ? $"put its DLL beside bis-decoder.exe (vcpkg install {vcpkg})"
            : $"apt-get install {apt}, or your distribution's package of {name}";
        return new(name, formats, syntaxes, state?.File, state?.Version, state is null ? fix : null);
    }
}
