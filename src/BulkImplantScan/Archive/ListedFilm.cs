namespace BulkImplantScan.Archive;

/// <summary>Fields that all lists of films share (sidecars, labels).</summary>
internal static class ListedFilm
{
    /// <summary>A path that stays below its folder, <c>/</c> between names; null when it does not.</summary>
    public static string? PathBelow(string field)
    {
        var path = field.Replace('\\', '/');
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        return path.Length == 0 || path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(name => name is "" or "." or "..") ? null : path;
    }

    /// <summary><c>L</c>, <c>R</c>, <c>B</c>, or null where it is not said; false when it is none of them.</summary>
    public static bool TryReadSide(string field, out string? side)
    {
        side = field.ToUpperInvariant() switch
        {
            "L" or "LEFT" => "L",
            "R" or "RIGHT" => "R",
            "B" or "BOTH" => "B",
            _ => null,
        };
        return side is not null || field.Length == 0;
    }
}
