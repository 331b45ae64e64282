using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>One of the system's shared libraries, looked for under the names that package managers give it.</summary>
/// <remarks>Never a dependency: a library that is missing, or that lacks a function, is a value.</remarks>
internal sealed class CodecLibrary
{
    // dlopen finds neither on its own where the shell does not set a path.
    private static readonly string[] MacFolders = ["/opt/homebrew/lib/", "/usr/local/lib/", ""];
    private readonly nint _handle;

    private CodecLibrary(nint handle, string file) => (_handle, File) = (handle, file);

    /// <summary>The name that it was found under.</summary>
    public string File { get; }

    /// <summary>Loads the first that is there.</summary>
    /// <param name="linux">Names with their version: runtime packages have no others.</param>
    /// <param name="mac">Names of dylibs.</param>
    /// <param name="windows">Names of DLLs.</param>
    public static CodecLibrary? TryLoad(string[] linux, string[] mac, string[] windows)
    {
        var names = OperatingSystem.IsWindows() ? windows
            : OperatingSystem.IsMacOS() ? [.. mac.SelectMany(name => MacFolders.Select(folder => folder + name))]
            : linux;
        foreach (var name in names)
        {
            // Beside the program or where the system keeps its libraries: never in the current folder.
            if (NativeLibrary.TryLoad(name, typeof(CodecLibrary).Assembly, DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory, out var handle))
                return new(handle, name);
        }

        return null;
    }

    /// <summary>Address of a function; 0 when the library has none of that name.</summary>
    public nint Find(string function) => NativeLibrary.TryGetExport(_handle, function, out var address) ? address : 0;
}
