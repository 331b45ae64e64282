using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>Does what a <see cref="Sabotage"/> says.</summary>
internal static unsafe class Saboteur
{
    /// <summary>Misbehaves; returns only where that is to answer.</summary>
    public static CodecAnswer Do(Sabotage what, Stream replies)
    {
        switch (what)
        {
            case Sabotage.Crash:
                // In native code: in ours the runtime would make an exception of it.
                ((delegate* unmanaged[Cdecl]<void>)8)();
                break;
            case Sabotage.Hang:
                while (Environment.TickCount64 >= 0) { }
                break;
            case Sabotage.Allocate:
                // Touched, so that it is not only promised.
                while (true) NativeMemory.Fill(NativeMemory.Alloc(64 << 20), 64 << 20, 1);
            case Sabotage.AllocateManaged:
                var all = new List<byte[]>();
                while (true) all.Add(new byte[1 << 20]);
            case Sabotage.Exit:
                Environment.Exit(3);
                break;
            case Sabotage.Garbage:
                replies.Write(new byte[256]);
                replies.Flush();
                break;
            case Sabotage.Half:
                replies.Write([0x4C, 0x50, 0x45]);
                replies.Flush();
                Environment.Exit(0);
                break;
            case Sabotage.Chatter:
                var line = new string('x', 4000);
                for (var i = 0; i < 100; i++) Write(2, line);
                break;
            case Sabotage.WriteFile:
                using (var file = new FileStream(Path.Combine(Path.GetTempPath(), $"bis-sabotage-{Guid.NewGuid():N}"), FileMode.CreateNew))
                {
                    File.Delete(file.Name); // nothing is left of it, whatever comes of the write
                    file.Write("pixels"u8);
                }

                break;
            case Sabotage.Escape:
                return Escaped() is { } how ? CodecAnswer.Corrupt(how) : CodecAnswer.Decoded(8);
        }

        return CodecAnswer.Decoded(8);
    }

    // As a library would print: not through Console.
    private static void Write(int descriptor, string text)
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "write", out var write)
            || NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "write", out write))
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(text);
            fixed (byte* first = bytes) _ = ((delegate* unmanaged[Cdecl]<int, byte*, nuint, nint>)write)(descriptor, first, (nuint)bytes.Length);
        }
    }

    private static string? Escaped()
    {
        try
        {
            using var process = System.Diagnostics.Process.Start("/bin/true");
            if (process is not null) return "a process";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // as it should be
        }

        var libc = NativeLibrary.Load("libc.so.6");
        if (((delegate* unmanaged[Cdecl]<int, int, int, int>)NativeLibrary.GetExport(libc, "socket"))(2, 1, 0) >= 0) return "a socket";
        return null;
    }
}
