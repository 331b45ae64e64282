using System.Globalization;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>A library of NVIDIA's that a machine may have; what it lacks or refuses is an <see cref="InvalidOperationException"/> or an <see cref="EntryPointNotFoundException"/>.</summary>
internal readonly struct NvidiaLibrary
{
    private readonly nint _library;

    private NvidiaLibrary(nint library) => _library = library;

    /// <summary>Null where none of these names is found.</summary>
    public static NvidiaLibrary? Find(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library)) return new(library);
        return null;
    }

    /// <summary>Address of a function.</summary>
    public nint this[string name] => NativeLibrary.GetExport(_library, name);

    /// <summary>Throws unless a call gave 0.</summary>
    /// <exception cref="InvalidOperationException">A refusal.</exception>
    public static void Require(string call, int status)
    {
        if (status != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{call} gives status {status}"));
    }

    /// <summary>The library would not, or is another one: nothing is wrong with this program.</summary>
    public static bool IsRefusal(Exception e) => e is InvalidOperationException or EntryPointNotFoundException;
}
