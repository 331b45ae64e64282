using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>From a header: what registry statistics need of a film, with pseudonyms for what names a person or a place.</summary>
internal static class FilmFactsReader
{
    private const int FirstYear = 1895, LastYear = 2100; // Röntgen's; and a bound on slips of the pen
    private const int OldestYears = 130;

    /// <summary>Reads the facts; <see cref="FilmFacts.Instance"/> is left to the caller, who knows the frame.</summary>
    /// <param name="header">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">The elements.</param>
    /// <param name="pseudonyms">Of the site.</param>
    public static FilmFacts Read(ReadOnlySpan<byte> header, DicomDataset dataset, Pseudonyms pseudonyms)
    {
        var pixels = dataset.DescribePixels(header);
        var studyDate = Date(dataset.GetString(header, DicomTags.StudyDate))
            ?? Date(dataset.GetString(header, DicomTags.AcquisitionDate))
            ?? Date(dataset.GetString(header, DicomTags.ContentDate))
            ?? Date(dataset.GetString(header, DicomTags.SeriesDate));
        return new()
        {
            Patient = pseudonyms.Patient(
                dataset.GetString(header, DicomTags.IssuerOfPatientId), dataset.GetString(header, DicomTags.PatientId)),
            Study = pseudonyms.Study(dataset.GetString(header, DicomTags.StudyInstanceUid)),
            Site = pseudonyms.Site(dataset.GetString(header, DicomTags.InstitutionName)),
            StudyDate = studyDate,
            Side = Side(dataset.GetString(header, DicomTags.ImageLaterality)) ?? Side(dataset.GetString(header, DicomTags.Laterality)),
            View = CleanText.Code(dataset.GetText(header, DicomTags.ViewPosition), 16),
            AgeBand = AgeBand(Age(
                dataset.GetString(header, DicomTags.PatientAge),
                Date(dataset.GetString(header, DicomTags.PatientBirthDate)), studyDate)),
            Sex = Sex(dataset.GetString(header, DicomTags.PatientSex)),
            Modality = CleanText.Code(dataset.GetString(header, DicomTags.Modality), 16),
            BodyPart = CleanText.Code(dataset.GetText(header, DicomTags.BodyPartExamined), 64),
            MachineMaker = CleanText.Of(dataset.GetString(header, DicomTags.Manufacturer)),
            MachineModel = CleanText.Of(dataset.GetString(header, DicomTags.ManufacturerModelName)),
            SopClass = CleanText.Uid(dataset.GetString(header, DicomTags.SopClassUid)),
            TransferSyntax = CleanText.Uid(dataset.TransferSyntax),
            Photometric = CleanText.Code(pixels.Photometric, 16),
            Rows = pixels.Rows,
            Columns = pixels.Columns,
            BitsStored = pixels.BitsStored,
            KvBand = KvBand(Number(dataset.GetString(header, DicomTags.Kvp))),
            MasBand = MasBand(Number(dataset.GetString(header, DicomTags.ExposureInMicroAmpereSeconds)) / 1000 ?? Number(dataset.GetString(header, DicomTags.Exposure))),
        };
    }

    /// <summary>A DA (<c>20200229</c>, or <c>2020.02.29</c> of old files) in [1895, 2100]; else null.</summary>
    internal static DateOnly? Date(string? text) =>
        DateOnly.TryParseExact(text, ["yyyyMMdd", "yyyy.MM.dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is >= FirstYear and <= LastYear ? date : null;

    /// <summary>Full years: of an AS (<c>082Y</c>, <c>018M</c>, <c>003W</c>, <c>010D</c>; a bare number is years), else from the dates.</summary>
    /// <returns>[0, 130], or null.</returns>
    internal static int? Age(string? age, DateOnly? birth, DateOnly? study)
    {
        var unit = age is { Length: > 1 } ? age[^1] : 'Y';
        var digits = age.AsSpan().TrimEnd("YMWD");
        if (digits.Length is > 0 and <= 3 && (age!.Length - digits.Length) < 2 &&
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            var years = unit switch { 'D' => count / 365, 'W' => count / 52, 'M' => count / 12, _ => count };
            return years <= OldestYears ? years : null;
        }

        if (birth is not { } from || study is not { } to || from > to) return null;
        var full = to.Year - from.Year - (to.DayOfYear < from.AddYears(to.Year - from.Year).DayOfYear ? 1 : 0);
        return full <= OldestYears ? full : null;
    }

    /// <summary><c>0-9</c>, …, <c>80-89</c>, <c>90+</c>.</summary>
    internal static string? AgeBand(int? years) => years switch
    {
        null => null,
        >= 90 => "90+",
        { } age => string.Create(CultureInfo.InvariantCulture, $"{age / 10 * 10}-{age / 10 * 10 + 9}"),
    };

    /// <summary><c>70-79</c> of 75 kV; null outside what tubes do, 10 to 299.</summary>
    internal static string? KvBand(double? kilovolts) => kilovolts is >= 10 and < 300
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)kilovolts.Value / 10 * 10}-{(int)kilovolts.Value / 10 * 10 + 9}")
        : null;

    /// <summary><c>10-19</c> of 12.5 mAs; null outside (0, 10,000).</summary>
    internal static string? MasBand(double? milliAmpereSeconds) => milliAmpereSeconds switch
    {
        > 0 and < 5 => "0-4",
        >= 5 and < 10 => "5-9",
        >= 10 and < 20 => "10-19",
        >= 20 and < 40 => "20-39",
        >= 40 and < 80 => "40-79",
        >= 80 and < 10_000 => "80+",
        _ => null,
    };

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Side(string? text) => text?.ToUpperInvariant() is "L" or "R" or "B" ? text.ToUpperInvariant() : null;

    private static string? Sex(string? text) => text?.ToUpperInvariant() is "M" or "F" or "O" ? text.ToUpperInvariant() : null;
}
