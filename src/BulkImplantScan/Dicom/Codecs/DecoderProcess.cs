using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using BulkImplantScan.Decoder;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>One decoder process, from outside: given a frame, it gives cells, or the way in which it failed.</summary>
/// <remarks>Used by one thread at a time. Pixels go through shared memory that both keep open from film to film; a request of some hundred
/// bytes and a reply go through the process's standard input and output. Nothing that it says is believed unchecked.</remarks>
internal sealed class DecoderProcess : IDisposable
{
    private const int StartTimeMs = 60_000;
    private const int EndTimeMs = 10_000;
    private const int MaxLastWords = 2048;
    private const int RegionStepBytes = 1 << 20;

    // Above this, shared memory is given back after the film, and the process with it, which has it mapped too: one huge film must not
    // hold it for the night.
    private const long KeepRegionBytes = 256L << 20;

    // What the program needs of our environment to start and to find libraries; nothing else of it is its business.
    private static readonly string[] KeptVariables =
        ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"];

    private static volatile bool _cannotOpenNameless;

    private readonly NativeCodecOptions _options;
    private readonly Process _process;
    private readonly Stream _requests;
    private readonly Stream _replies;
    private readonly Timer _timer;
    private SharedRegion? _region;
    private uint _sequence;
    private volatile bool _isTimedOut;
    private bool _isBroken;
    private bool _isRetired;

    private DecoderProcess(Process process, NativeCodecOptions options)
    {
        (_process, _options) = (process, options);
        (_requests, _replies) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        _timer = new(static state => ((DecoderProcess)state!).TimeOut(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>It can be given another film.</summary>
    public bool IsUsable => !_isBroken && !_isRetired && !_isTimedOut && !_process.HasExited;

    /// <summary>How it ended, and what it said on standard error; null while nothing went wrong.</summary>
    public string? LastWords { get; private set; }

    /// <summary>Its process id.</summary>
    internal int Id => _process.Id;

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <exception cref="IOException">It cannot be started, or is not of this build.</exception>
    public static DecoderProcess Start(NativeCodecOptions options)
    {
        var path = options.DecoderPath ?? DefaultPath();
        Process? process;
        try
        {
            process = Process.Start(StartInfo(path, options));
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or FileNotFoundException)
        {
            process = null;
        }

        if (process is null) throw new IOException($"The decoder program {path} cannot be started: it must be built and copied with the engine (or use --native-codecs inprocess).");
        var started = new DecoderProcess(process, options);
        try
        {
            Hello hello = default;
            started._timer.Change(StartTimeMs, Timeout.Infinite);
            if (!started.TryRead(MemoryMarshal.AsBytes(new Span<Hello>(ref hello))) || hello.Magic != Hello.Word)
            {
                started.End();
                throw new IOException($"The decoder program {path} does not start: {started.LastWords}");
            }

            started._timer.Change(Timeout.Infinite, Timeout.Infinite);
            if (hello.Build != Hello.ThisBuild) throw new IOException($"The decoder program {path} is of another build than the engine.");
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>Decodes one frame.</summary>
    /// <returns>What became of the process; when nothing, <paramref name="answer"/> says what became of the frame.</returns>
    /// <exception cref="IOException">No room for shared memory.</exception>
    public CodecResult Decode(
        CodecFormat format, ReadOnlySpan<byte> stream, in FrameShape shape, long memoryBytes, long timeMs, Span<byte> cells,
        out CodecAnswer answer)
    {
        var fault = Ask(format, stream, shape, memoryBytes, timeMs, cells, out answer);
        if (fault.Reason == Reason.None && answer.Status == CodecStatus.NoRegion && !_region!.IsNamed)
        {
            // A /proc that does not show us to our own child. Files do as well.
            _cannotOpenNameless = true;
            DropRegion();
            fault = Ask(format, stream, shape, memoryBytes, timeMs, cells, out answer);
        }

        if (fault.Reason == Reason.None && answer.Status == CodecStatus.NoRegion)
            throw new IOException("The decoder process cannot open the shared memory: is the temporary folder another for it? Use --native-codecs inprocess.");
        if (_region?.Bytes > KeepRegionBytes)
        {
            _isRetired = true;
            DropRegion();
        }

        return fault;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Kill();
        _process.Dispose();
        DropRegion();
    }

    private CodecResult Ask(
        CodecFormat format, ReadOnlySpan<byte> stream, in FrameShape shape, long memoryBytes, long timeMs, Span<byte> cells,
        out CodecAnswer answer)
    {
        answer = default;
        var outputOffset = (stream.Length + 63L) / 64 * 64;
        var isNew = Reserve(outputOffset + shape.Bytes);
        stream.CopyTo(_region!.Span(0, stream.Length));
        var request = new Request
        {
            Magic = Request.Word,
            Sequence = ++_sequence,
            Format = format,
            Shape = shape,
            RegionBytes = _region.Bytes,
            InputBytes = stream.Length,
            OutputOffset = outputOffset,
            MemoryBytes = memoryBytes,
        };
        Span<byte> message = stackalloc byte[Unsafe.SizeOf<Request>() + Request.MaxPathBytes];
        if (isNew) request.PathBytes = Encoding.UTF8.GetBytes(_region.Path, message[Unsafe.SizeOf<Request>()..]);
        MemoryMarshal.Write(message, in request);

        Reply reply = default;
        Span<byte> detail = stackalloc byte[Reply.MaxDetailBytes];
        _timer.Change(timeMs, Timeout.Infinite);
        var isThere = TryWrite(message[..(Unsafe.SizeOf<Request>() + request.PathBytes)])
            && TryRead(MemoryMarshal.AsBytes(new Span<Reply>(ref reply)));
        var isSane = isThere && reply.Magic == Reply.Word && reply.Sequence == _sequence && reply.DetailBytes is >= 0 and <= Reply.MaxDetailBytes
            && reply.OutputBytes == shape.Bytes && Enum.IsDefined(reply.Status) && reply.Precision is >= 0 and <= 32
            && (reply.Status != CodecStatus.Decoded || reply.Precision > 0)
            && reply.Offset >= 0 && reply.Offset <= stream.Length && (reply.DetailBytes == 0 || TryRead(detail[..reply.DetailBytes]));
        _timer.Change(Timeout.Infinite, Timeout.Infinite);
        if (!isSane)
        {
            if (isThere) return Broken("its reply is none");
            End();
            return _isTimedOut ? new(Reason.DecoderTimeout, 0, $"{timeMs / 1000} s")
                : _process.ExitCode == DecoderServer.OutOfMemoryExit ? new(Reason.DecoderMemory, 0, null)
                : new(Reason.DecoderCrashed, 0, Ending());
        }

        if (isNew) _region.Unname();
        if (reply.Status == CodecStatus.Decoded) _region.Span(outputOffset, shape.Bytes).CopyTo(cells);
        answer = new(reply.Status, reply.Precision, reply.Offset, reply.DetailBytes == 0 ? null : Encoding.ASCII.GetString(detail[..reply.DetailBytes]));
        return default;
    }

    private CodecResult Broken(string why)
    {
        _isBroken = true;
        LastWords = why;
        Kill();
        return new(Reason.DecoderCrashed, 0, why);
    }

    /// <summary>Room for so many bytes; true when the process must be told of a new region.</summary>
    private bool Reserve(long bytes)
    {
        if (_region is not null && _region.Bytes >= bytes) return false;
        DropRegion();

        // A quarter more, so that films which grow by a few rows do not each want a new one.
        var rounded = (bytes + bytes / 4 + RegionStepBytes) / RegionStepBytes * RegionStepBytes;
        try
        {
            _region = SharedRegion.Create(rounded, _options.ShareFiles || _cannotOpenNameless);
        }
        catch (IOException e)
        {
            throw new IOException($"No room for {rounded >> 20} MiB of memory that a decoder process shares: free some, use fewer --workers, or --native-codecs inprocess.", e);
        }

        return true;
    }

    private void DropRegion()
    {
        _region?.Dispose();
        _region = null;
    }

    private bool TryWrite(ReadOnlySpan<byte> message)
    {
        try
        {
            _requests.Write(message);
            _requests.Flush();
            return true;
        }
        catch (IOException)
        {
            return false; // it is gone
        }
    }

    private bool TryRead(Span<byte> target)
    {
        try
        {
            while (!target.IsEmpty)
            {
                var count = _replies.Read(target);
                if (count == 0) return false;
                target = target[count..];
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void TimeOut()
    {
        _isTimedOut = true;
        Kill();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return; // it has ended, or is just ending
        }
    }

    /// <summary>It closed its output: waits until it is gone and keeps what it said last.</summary>
    private void End()
    {
        _isBroken = true;
        _timer.Change(Timeout.Infinite, Timeout.Infinite);
        if (!_process.WaitForExit(EndTimeMs))
        {
            Kill();
            _process.WaitForExit();
        }

        // Now that nobody writes any more this cannot block, and a pipe holds no more than some KiB.
        var words = new byte[MaxLastWords];
        var count = _process.StandardError.BaseStream.ReadAtLeast(words, words.Length, throwOnEndOfStream: false);
        for (var i = 0; i < count; i++)
            if (words[i] is < (byte)' ' or > (byte)'~') words[i] = (byte)' ';
        LastWords = $"{(_isTimedOut ? "timeout" : Ending())} {Encoding.ASCII.GetString(words, 0, count)}".TrimEnd();
    }

    /// <summary>As Unix tells it: 128 and the signal's number.</summary>
    private string Ending() => _process.ExitCode is > 128 and < 160 && !OperatingSystem.IsWindows()
        ? $"signal {_process.ExitCode - 128}"
        : $"exit code {_process.ExitCode}";

    private static ProcessStartInfo StartInfo(string path, NativeCodecOptions options)
    {
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path)),
        };
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            start.FileName = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
            start.ArgumentList.Add(path);
        }

        if (options.AllowSabotage) start.ArgumentList.Add("--sabotage");
        start.Environment.Clear();
        foreach (var name in KeptVariables)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;

        // The runtime that runs us: it need not be where runtimes are looked for.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (Directory.Exists(Path.Combine(root, "host", "fxr"))) start.Environment["DOTNET_ROOT"] = root;

        // No dump of a crash, no socket for debuggers.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";

        // glibc: memory of the last film is kept for the next one instead of being given back and zeroed again by the kernel, up to 128 MiB.
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        start.Environment["MALLOC_MMAP_MAX_"] = "0";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "134217728";
        foreach (var pair in options.Environment) start.Environment[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return start;
    }

    /// <summary>Beside the assembly, where building puts it, else beside the program.</summary>
    private static string DefaultPath()
    {
        var folder = Path.GetDirectoryName(typeof(Hello).Assembly.Location) is { Length: > 0 } own ? own : AppContext.BaseDirectory;
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "bis-decoder.exe" : "bis-decoder");
        var library = Path.Combine(folder, "bis-decoder.dll");
        return File.Exists(program) || !File.Exists(library) ? program : library;
    }
}
