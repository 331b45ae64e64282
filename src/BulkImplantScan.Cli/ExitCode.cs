namespace BulkImplantScan.Cli;

/// <summary>What a script can branch on. Films that failed are rows, never an exit code.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A comparison or check failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>Wrong usage: flags, folders or models that do not fit together.</summary>
    public const int Usage = 2;

    /// <summary>The run is incomplete; the same command continues it.</summary>
    public const int Incomplete = 3;

    /// <summary>The environment lacks something.</summary>
    public const int Environment = 4;

    /// <summary>Cancelled.</summary>
    public const int Cancelled = 130;
}
