namespace BulkImplantScan.Cli;

/// <summary>Where this copy of the product lies, and what it brings along.</summary>
internal static class Install
{
    /// <summary>The folder with <c>models/</c>: the repository, or the folder of the program where it is published without one.</summary>
    public static string Root { get; } = Find();

    /// <summary>Name of the demonstration model; scripts, tests and benchmarks find it as the only <c>models/phantom-hip-*</c>.</summary>
    public const string DemonstrationModelName = "phantom-hip-v5";

    /// <summary>Where it lies.</summary>
    public static string DemonstrationModel => Path.Combine(Root, "models", DemonstrationModelName);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "models"))) return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
