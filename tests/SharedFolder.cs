namespace BulkImplantScan;

/// <summary>Finds the repository and, beside it, the folder of real films that developers and CI have and users do not.</summary>
internal static class SharedFolder
{
    /// <summary>The folder that holds BulkImplantScan.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path below ../shared. Skips the calling test, visibly, where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Repository, "..", "shared", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"../shared/{string.Join('/', parts)} is not here");
        return path;
    }

    /// <summary>The real films below ../shared/data/dicom, in one order; none where the folder is missing: for tests that have
    /// committed cases besides, which need not be skipped for that.</summary>
    public static IEnumerable<string> Films()
    {
        var path = Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data", "dicom"));
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BulkImplantScan.sln"))) return folder.FullName;
        throw new InvalidOperationException("BulkImplantScan.sln is not above " + AppContext.BaseDirectory);
    }
}
