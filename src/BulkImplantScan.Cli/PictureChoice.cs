using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary>What the user said of exported pictures: <c>--pictures</c> and <c>--sidecar</c>.</summary>
/// <param name="Policy">Null when not said.</param>
/// <param name="SidecarPath">Null when there is none.</param>
internal readonly record struct PictureChoice(PicturePolicy? Policy, string? SidecarPath)
{
    /// <summary>True when anything was said.</summary>
    public bool IsGiven => Policy is not null || SidecarPath is not null;

    /// <summary>Reads the sidecar and settles what was left open.</summary>
    /// <exception cref="ArchiveException">The sidecar cannot be used.</exception>
    /// <exception cref="CliException">The two contradict each other.</exception>
    public PictureOptions Read(SiteKey key)
    {
        if (SidecarPath is not null && Policy == PicturePolicy.Off)
            throw new CliException(ExitCode.Usage, "--pictures off and --sidecar contradict each other. Leave one of them out.");
        if (SidecarPath is null && Policy == PicturePolicy.Listed)
            throw new CliException(ExitCode.Usage, "--pictures listed needs the list: add --sidecar FILE.");
        if (SidecarPath is null) return new(Policy ?? PicturePolicy.Off, null);
        return new(Policy ?? PicturePolicy.Listed, Sidecar.Read(SidecarPath, key));
    }
}
