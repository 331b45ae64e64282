using System.Runtime.InteropServices;

namespace BulkImplantScan.Training;

/// <summary>Environment variables for native libraries: of .NET's own environment they see nothing outside Windows.</summary>
internal static class NativeEnvironment
{
    /// <summary>Sets a variable, for .NET and for what is loaded from now on.</summary>
    /// <param name="name">Of the variable.</param>
    /// <param name="value">Of the variable.</param>
    /// <param name="overwrite">False leaves one that is there.</param>
    public static void Set(string name, string value, bool overwrite)
    {
        if (!overwrite && Environment.GetEnvironmentVariable(name) is not null) return;
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows()) _ = SetEnvironment(name, value, overwrite: 1);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
