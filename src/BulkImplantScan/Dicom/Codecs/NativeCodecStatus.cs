namespace BulkImplantScan.Dicom.Codecs;

/// <summary>One of the system's codec libraries: whether it is here, and what to do where it is not.</summary>
/// <param name="Name">As rows call the decoder: <c>charls</c>, <c>openjpeg</c>, <c>libjxl</c>.</param>
/// <param name="Formats">What it decodes, in words.</param>
/// <param name="Syntaxes">Their UIDs.</param>
/// <param name="File">The name that it was loaded by; null when it is not here.</param>
/// <param name="Version">As it says itself; null when it is not here.</param>
/// <param name="Fix">What to install on this system; null when it is here.</param>
public sealed record NativeCodecStatus(
    string Name, string Formats, IReadOnlyList<string> Syntaxes, string? File, string? Version, string? Fix)
{
    /// <summary>The library is here.</summary>
    public bool IsOn => File is not null;
}
