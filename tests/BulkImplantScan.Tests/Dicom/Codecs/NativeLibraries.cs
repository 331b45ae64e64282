using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>What tests of the system's libraries need.</summary>
internal static class NativeLibraries
{
    /// <summary>A library that the calling test needs (<see cref="Oracles"/>).</summary>
    /// <param name="name"><c>charls</c>, <c>openjpeg</c> or <c>libjxl</c>.</param>
    public static void Require(string name)
    {
        var status = NativeCodecs.Status.Single(library => library.Name == name);
        Oracles.Require(status.IsOn, $"{name} is not here: {status.Fix}");
    }

    /// <summary>Whether films of a transfer syntax need a library, and it is not here.</summary>
    public static bool IsMissing(string transferSyntax) =>
        PixelCodec.For(transferSyntax) is null && NativeCodecs.Status.Any(library => !library.IsOn && library.Syntaxes.Contains(transferSyntax));

    /// <summary>All settings at their defaults but the mode.</summary>
    public static DecodeSettings In(NativeCodecs codecs) => DecodeSettings.Exact with { NativeCodecs = codecs };
}
