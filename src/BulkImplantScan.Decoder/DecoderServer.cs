using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Decoder;

/// <summary>A decoder process from its first breath to its last: requests on standard input, replies on standard output.</summary>
/// <remarks>Two threads. One waits for requests, and for the end of input: when the scanner goes, by whatever death, the process goes with it, also in
/// the middle of a film. (PR_SET_PDEATHSIG would fire when the scanner's thread ends that started us, which pool threads do.) The other decodes.</remarks>
internal sealed unsafe partial class DecoderServer : IDisposable
{
    /// <summary>Exit code when memory ran out where it could not be said otherwise.</summary>
    public const int OutOfMemoryExit = 86;

    private const int BadRequestExit = 87;
    private const int DecoderStackBytes = 16 << 20;

    // fcntl.h of Linux
    private const int SetFlags = 4; // F_SETFL
    private const int NonBlocking = 0x800; // O_NONBLOCK

    // signal.h of Linux and macOS
    private const int Interrupt = 2; // SIGINT
    private const int Terminate = 15; // SIGTERM
    private const nint Ignored = 1; // SIG_IGN

    private readonly SemaphoreSlim _isAsked = new(0, 1);
    private readonly SemaphoreSlim _isFree = new(1, 1);
    private readonly bool _allowSabotage;
    private readonly Stream _requests;
    private readonly Stream _replies;
    private Request _request;
    private SharedRegion? _region;
    private bool _hasRegion;

    private DecoderServer(Stream requests, Stream replies, bool allowSabotage) => (_requests, _replies, _allowSabotage) = (requests, replies, allowSabotage);

    /// <summary>Serves until the input ends.</summary>
    public static int Run(bool allowSabotage)
    {
        IgnoreStop();
        var requests = Console.OpenStandardInput();
        using var server = new DecoderServer(requests, Replies(), allowSabotage);
        var thread = new Thread(server.Decode, DecoderStackBytes) { IsBackground = true };
        thread.Start();
        Confinement.Begin();
        var hello = new Hello { Magic = Hello.Word, ProcessId = Environment.ProcessId, Build = Hello.ThisBuild };
        server._replies.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Hello>(in hello)));
        server._replies.Flush();
        server.Listen();
        Leave(0);
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isAsked.Dispose();
        _isFree.Dispose();
    }

    /// <summary>Ctrl-C goes to all processes of the terminal, and SIGTERM often to all of a service: the scanner then finishes what is in flight,
    /// for which it needs its decoders. The end of their input ends them.</summary>
    /// <remarks>Not by <see cref="PosixSignalRegistration"/>, which starts a thread for each signal: in the middle of a film there may be no memory
    /// for one.</remarks>
    private static void IgnoreStop()
    {
        if (OperatingSystem.IsWindows()) return; // started without a console
        _ = Signal(Interrupt, Ignored);
        _ = Signal(Terminate, Ignored);
    }

    /// <summary>A copy of standard output for replies; what libraries print there goes to standard error instead.</summary>
    private static Stream Replies()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var copy = Duplicate(1);
        if (copy < 0) return Console.OpenStandardOutput();
        _ = DuplicateTo(2, 1);

        // Nobody reads standard error while we live: what is beyond the pipe's room is dropped, not waited for.
        if (OperatingSystem.IsLinux()) _ = Control(2, SetFlags, NonBlocking);
        return new FileStream(new SafeFileHandle(copy, ownsHandle: true), FileAccess.Write, 0);
    }

    private void Listen()
    {
        Request request = default;
        Span<byte> path = stackalloc byte[Request.MaxPathBytes];
        while (TryRead(MemoryMarshal.AsBytes(new Span<Request>(ref request))))
        {
            // A second request while one is at work would be the scanner's bug.
            if (request.Magic != Request.Word || request.PathBytes is < 0 or > Request.MaxPathBytes || !_isFree.Wait(0)) Leave(BadRequestExit);
            if (request.PathBytes > 0)
            {
                if (!TryRead(path[..request.PathBytes])) return;
                _region?.Dispose();
                _region = SharedRegion.TryOpen(Encoding.UTF8.GetString(path[..request.PathBytes]), request.RegionBytes);
                _hasRegion = _region is not null;
            }

            _request = request;
            _isAsked.Release();
        }
    }

    private bool TryRead(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var count = _requests.Read(target);
            if (count == 0) return false;
            target = target[count..];
        }

        return true;
    }

    private void Decode()
    {
        try
        {
            while (true)
            {
                _isAsked.Wait();
                Answer(_request);
            }
        }
        catch (OutOfMemoryException)
        {
            Leave(OutOfMemoryExit);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Leave(0); // nobody listens any more
        }
    }

    private void Answer(in Request request)
    {
        Confinement.LimitMemory(request.MemoryBytes);
        var outputBytes = request.Shape.Bytes;
        var sequence = request.Sequence;
        CodecAnswer answer;
        if (request.Format == CodecFormat.Sabotage && _allowSabotage)
        {
            var what = (Sabotage)request.Shape.Rows;
            answer = Saboteur.Do(what, _replies);
            if (what == Sabotage.WrongLength) outputBytes--;
            if (what == Sabotage.WrongSequence) sequence--;
        }
        else if (!_hasRegion)
        {
            answer = CodecAnswer.Failed(CodecStatus.NoRegion);
        }
        else
        {
            answer = CodecTable.Decode(
                request.Format, _region!.Span(0, request.InputBytes), request.Shape, request.MemoryBytes,
                _region.Span(request.OutputOffset, outputBytes));
        }

        Span<byte> detail = stackalloc byte[Reply.MaxDetailBytes];
        var detailBytes = Printable(answer.Detail, detail);
        var reply = new Reply
        {
            Magic = Reply.Word,
            Sequence = sequence,
            Status = answer.Status,
            Precision = answer.Precision,
            Offset = answer.Offset,
            DetailBytes = detailBytes,
            OutputBytes = outputBytes,
        };

        // One write: the scanner must not find the process busy when it asks again at once.
        Span<byte> message = stackalloc byte[sizeof(Reply) + detailBytes];
        MemoryMarshal.Write(message, in reply);
        detail[..detailBytes].CopyTo(message[sizeof(Reply)..]);
        _isFree.Release();
        _replies.Write(message);
        _replies.Flush();
    }

    /// <summary>At most what fits, and nothing but visible ASCII: it ends in a row.</summary>
    private static int Printable(string? text, Span<byte> target)
    {
        var count = Math.Min(text?.Length ?? 0, target.Length);
        for (var i = 0; i < count; i++) target[i] = text![i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)'?';
        return count;
    }

    /// <summary>At once: without waiting for a thread that is deep in a library.</summary>
    private static void Leave(int code)
    {
        if (OperatingSystem.IsWindows()) System.Diagnostics.Process.GetCurrentProcess().Kill();
        ExitNow(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
