using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary>Who reads DICOM: ours, in the fo-dicom flavour with fo-dicom for what ours rejects, or fo-dicom before ours.</summary>
internal static class DicomReaderChoice
{
    private const string Ours = "ours", FoDicom = "fodicom";

    /// <summary>--dicom-reader.</summary>
    public static System.CommandLine.Option<string?> Flag()
    {
        var option = new System.CommandLine.Option<string?>("--dicom-reader")
        {
            Description = "ours or fodicom, which needs the build with fo-dicom (default: the run's own, else ours)",
            HelpName = "READER",
        };
        return Flags.Checked(option, value => value is null or Ours or FoDicom ? null : $"--dicom-reader must be {Ours} or {FoDicom}");
    }

    /// <summary>The second reader of a new run; null for ours alone.</summary>
    /// <param name="flag">Of the command line; null when not given.</param>
    /// <exception cref="CliException">This build has no fo-dicom, and it was asked for.</exception>
    public static SecondReader? Open(string? flag) => flag == FoDicom ? Require(isFirst: true) : Available();

    /// <summary>The second reader that a run was indexed with; for a run without an inventory as for a new one.</summary>
    /// <exception cref="CliException">This build has no fo-dicom and the run needs it, or the flag names another reader than the run's.</exception>
    public static SecondReader? Of(RunFolder run, string? flag)
    {
        if (!run.HasInventory) return Open(flag);
        var then = run.Manifest.DicomReader ?? SecondReader.OursAlone;
        var isFirst = !then.StartsWith(SecondReader.OursAlone, StringComparison.Ordinal);
        if (flag is not null && isFirst != (flag == FoDicom))
            throw new CliException(ExitCode.Usage, $"{run.FullPath} was indexed with the DICOM reader {then}. Leave --dicom-reader out, or start a new run.");
        return then == SecondReader.OursAlone ? null : Require(isFirst);
    }

#if USE_FO_DICOM
    private static SecondReader Require(bool isFirst) => BulkImplantScan.FoDicom.FoDicomReader.Create(isFirst);

    private static SecondReader? Available() => Require(isFirst: false);
#else
    private static SecondReader Require(bool isFirst) => throw new CliException(
        ExitCode.Environment, $"fo-dicom {(isFirst ? "as the reader" : "as the run's second reader")} needs the build with it: start run.sh with BIS_FO_DICOM=true (docs/dicom.md says how to get the package).");

    private static SecondReader? Available() => null;
#endif
}
