using System.Globalization;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>What a decoder process gives up before it sees the first byte of a film (Linux; elsewhere it is only a process of its own).</summary>
/// <remarks>No memory image of a crash may hold pixels of a patient; nothing that took the process over should get further:
/// no file written, no program started, no socket opened. What fails to take hold is left: it narrows, it is not what isolates.</remarks>
internal static unsafe partial class Confinement
{
    // asm-generic/resource.h
    private const int LimitFileSize = 1;
    private const int LimitData = 2;
    private const int LimitCore = 4;
    private const int LimitOpenFiles = 7;
    private const ulong OpenFiles = 128;

    // linux/prctl.h
    private const int SetDumpable = 4;
    private const int SetNoNewPrivileges = 38;

    // linux/seccomp.h, linux/filter.h, linux/audit.h
    private const long SetModeFilter = 1;
    private const long AllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC
    private const uint Allow = 0x7FFF_0000;
    private const uint Refuse = 0x0005_0000 | 1; // SECCOMP_RET_ERRNO with EPERM
    private const ushort Load = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAbove = 0x35; // ≥
    private const ushort Return = 0x06;
    private const uint ArchitectureOffset = 4;

    // Started programs, new processes, sockets, other processes' memory, signals.
    private static readonly uint[] RefusedX64 = [57, 58, 59, 322, 41, 42, 53, 101, 310, 311, 62];
    private static readonly uint[] RefusedArm64 = [221, 281, 198, 203, 199, 117, 270, 271, 129];

    private static long _dataBytes;

    /// <summary>Takes hold for the rest of the process.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsLinux()) return;
        Limit(LimitCore, 0);
        _ = Process(SetDumpable, 0, 0, 0, 0); // a pipe as core_pattern does not ask for the limit
        Limit(LimitFileSize, 0);
        Limit(LimitOpenFiles, OpenFiles);
        _ = Process(SetNoNewPrivileges, 1, 0, 0, 0);
        Filter();
        _dataBytes = DataBytes();
    }

    /// <summary>Bounds what the process may take from here on, until the next call.</summary>
    /// <param name="bytes">Beyond what it had when it began: private memory that can be written, as malloc takes it. Shared memory and
    /// addresses that are only reserved do not count.</param>
    public static void LimitMemory(long bytes)
    {
        if (_dataBytes == 0 || bytes <= 0) return;
        var limits = new Limits { Current = (ulong)(_dataBytes + bytes), Maximum = ulong.MaxValue };
        _ = SetLimit(LimitData, &limits);
    }

    private static void Limit(int what, ulong value)
    {
        var limits = new Limits { Current = value, Maximum = value };
        _ = SetLimit(what, &limits);
    }

    /// <summary>/proc/self/statm, sixth number, in pages: what RLIMIT_DATA counts, and the stack.</summary>
    private static long DataBytes()
    {
        try
        {
            var fields = File.ReadAllText("/proc/self/statm").Split(' ');
            return fields.Length > 5 && long.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out var pages)
                ? pages * Environment.SystemPageSize
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static void Filter()
    {
        var (architecture, refused, call) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (0xC000_003Eu, RefusedX64, 317L),
            Architecture.Arm64 => (0xC000_00B7u, RefusedArm64, 277L),
            _ => (0u, [], 0L),
        };
        if (call == 0) return;

        // Another architecture's numbers, and on x64 those of x32, are refused whole.
        var steps = stackalloc Step[refused.Length + 7];
        var count = 0;
        steps[count++] = new(Load, 0, 0, ArchitectureOffset);
        steps[count++] = new(JumpIfEqual, 1, 0, architecture);
        steps[count++] = new(Return, 0, 0, Refuse);
        steps[count++] = new(Load, 0, 0, 0);
        steps[count++] = new(JumpIfAbove, (byte)(refused.Length + 1), 0, 0x4000_0000);
        for (var i = 0; i < refused.Length; i++) steps[count++] = new(JumpIfEqual, (byte)(refused.Length - i), 0, refused[i]);
        steps[count++] = new(Return, 0, 0, Allow);
        steps[count++] = new(Return, 0, 0, Refuse);
        var program = new FilterProgram { Count = (ushort)count, Steps = steps };
        _ = Call(call, SetModeFilter, AllThreads, &program);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int what, Limits* limits);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Process(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, long a, long b, FilterProgram* program);

    private struct Limits
    {
        public ulong Current;
        public ulong Maximum;
    }

    /// <summary>sock_filter.</summary>
    private readonly record struct Step(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Count;
        public Step* Steps;
    }
}
