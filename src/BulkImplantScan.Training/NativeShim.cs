using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace BulkImplantScan.Training;

/// <summary>Makes TorchSharp's native library loadable on systems with an older C++ runtime (Debian 12: GCC 12).</summary>
/// <remarks><para>TorchSharp 0.107's libLibTorchSharp.so was linked with GCC 13, which leaves a reference to
/// <c>std::ios_base_library_init</c> of version GLIBCXX_3.4.32. Nothing calls it (there is no relocation for it), but the
/// loader refuses a library that needs a version its libstdc++ does not define. A version need may be marked weak
/// (VER_FLG_WEAK: glibc then goes on without it), so a copy with that one flag set takes the library's place.</para>
/// <para>Lost: preloading a copy from elsewhere. The library finds libtorch beside itself ($ORIGIN), and TorchSharp loads it by
/// path, so a copy in another folder needs all of libtorch there too.</para></remarks>
internal static class NativeShim
{
    /// <summary>The version that GCC 12's libstdc++ does not define.</summary>
    public const string MissingVersion = "GLIBCXX_3.4.32";

    private const string FileName = "libLibTorchSharp.so";

    /// <summary>Loads the library, patched if need be; null when it is loaded, else a sentence that says what to do.</summary>
    /// <param name="folder">The program's: <see cref="AppContext.BaseDirectory"/>.</param>
    public static string? Load(string folder)
    {
        if (OperatingSystem.IsWindows()) return null; // TorchSharp finds it itself
        if (!OperatingSystem.IsLinux()) return "train needs Linux or Windows: libtorch is set up for these only.";

        WaitWithoutSpinning();
        var path = Path.Combine(folder, "runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native", FileName);
        if (!File.Exists(path)) return $"TorchSharp has no native library for this machine: {path} is missing.";
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (DllNotFoundException e) when (e.Message.Contains(MissingVersion, StringComparison.Ordinal))
        {
            return LoadPatched(path);
        }
        catch (DllNotFoundException e)
        {
            return $"TorchSharp's native library does not load: {e.Message}";
        }
    }

    // Threads of libtorch wait for each other many times a film. Spinning is a little faster on an idle machine and many times
    // slower on a busy one.
    private static void WaitWithoutSpinning() => NativeEnvironment.Set("OMP_WAIT_POLICY", "PASSIVE", overwrite: false);

    /// <summary>Marks the need of one version as weak.</summary>
    /// <param name="elf">A 64-bit little-endian ELF file; changed in place.</param>
    /// <param name="version">For instance <see cref="MissingVersion"/>.</param>
    /// <returns>False, and nothing changed, when the file is of another kind or does not need that version.</returns>
    /// <remarks>System V ABI, "ELF Header" and "Sections"; LSB Core, "Symbol Versioning" (Elf64_Verneed, Elf64_Vernaux).</remarks>
    public static bool WeakenVersionNeed(Span<byte> elf, string version)
    {
        const uint GnuVersionNeed = 0x6ffffffe; // SHT_GNU_verneed
        const ushort Weak = 2; // VER_FLG_WEAK
        const int HeaderLength = 64, SectionLength = 64, MaximumEntries = 4096;

        if (elf.Length < HeaderLength || !elf.StartsWith("\u007fELF\u0002\u0001"u8)) return false;
        var sections = BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        if (sections > (ulong)elf.Length || sectionCount * SectionLength > elf.Length - (int)sections) return false;
        var name = Encoding.ASCII.GetBytes(version + '\0');
        for (var s = 0; s < sectionCount; s++)
        {
            var section = elf[((int)sections + s * SectionLength)..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != GnuVersionNeed) continue;
            var link = BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
            if (link >= sectionCount) return false;
            var strings = elf[((int)sections + (int)link * SectionLength)..];
            var (need, text) = (Offset(section), Offset(strings));

            // Verneed: version, count of vernaux, file, first vernaux, next verneed. Offsets are relative to their record.
            for (var n = 0; n < MaximumEntries && InFile(elf, need, 16); n++)
            {
                var entry = elf[(int)need..];
                var auxiliary = need + BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
                var count = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);

                // Vernaux: hash, flags, index, name, next vernaux.
                for (var a = 0; a < count && InFile(elf, auxiliary, 16); a++)
                {
                    var needed = elf[(int)auxiliary..];
                    var at = text + BinaryPrimitives.ReadUInt32LittleEndian(needed[8..]);
                    if (InFile(elf, at, name.Length) && elf[(int)at..].StartsWith(name))
                    {
                        var flags = BinaryPrimitives.ReadUInt16LittleEndian(needed[4..]);
                        BinaryPrimitives.WriteUInt16LittleEndian(needed[4..], (ushort)(flags | Weak));
                        return true;
                    }

                    auxiliary += BinaryPrimitives.ReadUInt32LittleEndian(needed[12..]);
                }

                var next = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
                if (next == 0) break;
                need += next;
            }
        }

        return false;
    }

    private static long Offset(ReadOnlySpan<byte> section) =>
        (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]), int.MaxValue);

    private static bool InFile(ReadOnlySpan<byte> elf, long offset, int length) => offset >= 0 && offset <= elf.Length - length;

    private static string? LoadPatched(string path)
    {
        var explanation =
            $"TorchSharp's native library asks for {MissingVersion}, which this system's libstdc++ does not define (GCC 13 or newer does)";
        var bytes = File.ReadAllBytes(path);
        if (!WeakenVersionNeed(bytes, MissingVersion))
            return $"{explanation}, and {path} cannot be adapted; use a system with GCC 13 or newer, such as Debian 13 or Ubuntu 24.04.";

        // A new file that takes the old one's name: that one may be a hard link into the package cache, or in use.
        var patched = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(patched, bytes);
            File.Move(patched, path, overwrite: true);
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(patched);
            return $"{explanation}; the adapted copy cannot be written: {e.Message} Build the program in a folder of your own.";
        }
        catch (DllNotFoundException e)
        {
            return $"{explanation}; the adapted copy does not load either: {e.Message}";
        }
    }
}
