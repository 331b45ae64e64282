namespace BulkImplantScan.Dicom.Codecs;

/// <summary>One decoder, as <c>doctor</c> shows it.</summary>
/// <param name="Name">As rows call it (column <c>decoder</c>).</param>
/// <param name="Syntaxes">Its transfer syntaxes in words, UIDs in brackets.</param>
/// <param name="IsOn">It decodes here and now.</param>
/// <param name="Fix">What to install, when it is off; null when it is on.</param>
public sealed record DecoderStatus(string Name, string Syntaxes, bool IsOn, string? Fix);
