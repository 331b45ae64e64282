namespace BulkImplantScan.Auditing;

/// <summary>One of the thirteen tests.</summary>
public sealed record AuditTest
{
    /// <summary>Stands in <see cref="NotRun"/> where nobody asked.</summary>
    public const string NotAsked = "not asked for (--tests)";

    /// <summary>Of all thirteen.</summary>
    public static IReadOnlyCollection<int> Numbers { get; } = [.. Enumerable.Range(1, 13)];

    /// <summary>1 to 13, as in docs/audit.md.</summary>
    public required int Number { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What is asked.</summary>
    public required string Question { get; init; }

    /// <summary>The worst of its lines; not run without any that is judged.</summary>
    public AuditState State => Lines.Max(line => line.State) ?? AuditState.NotRun;

    /// <summary>Why it, or a part of it, was not run; empty when all was.</summary>
    public string NotRun { get; init; } = "";

    /// <summary>Its figures.</summary>
    public IReadOnlyList<AuditLine> Lines { get; init; } = [];
}
