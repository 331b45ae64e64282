using System.Globalization;

namespace BulkImplantScan.Auditing;

/// <summary>Everything that an audit found: what <c>audit.json</c> holds.</summary>
public sealed record AuditResult
{
    /// <summary>What the file is.</summary>
    public string Schema { get; init; } = "bulk-implant-scan/audit";

    /// <summary>Of the layout; a change that readers notice raises it.</summary>
    public int Version { get; init; } = 1;

    /// <summary>For whoever reads nothing else.</summary>
    public string Note { get; init; } = "Research software, not a medical device. Synthetic films: nothing is claimed about real ones. Green means that this shortcut was looked for and not found.";

    /// <summary>Version of the program.</summary>
    public required string ProductVersion { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of its network.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The synthetic films: pairs a factor, seed, edition, long side in pixels.</summary>
    public required int Pairs { get; init; }

    /// <summary>Of the films.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Of the phantoms.</summary>
    public required int Edition { get; init; }

    /// <summary>Pixels; null: 2000 to 3000 as drawn.</summary>
    public required int? LongSide { get; init; }

    /// <summary>SHA-256 of the labels of the run; null without one.</summary>
    public string? TruthSha256 { get; init; }

    /// <summary>All thirteen.</summary>
    public required IReadOnlyList<AuditTest> Tests { get; init; }

    /// <summary>The worst of them.</summary>
    public AuditState State => Tests.Max(test => test.State);

    /// <summary>Said behind the state where not all was asked for; else empty.</summary>
    public string InPart => Tests.All(test => test.NotRun != AuditTest.NotAsked) ? ""
        : $" (asked for: {string.Join(", ", Tests.Where(test => test.NotRun != AuditTest.NotAsked && test.Lines.Count > 0).Select(test => test.Number.ToString(CultureInfo.InvariantCulture)))})";
}
