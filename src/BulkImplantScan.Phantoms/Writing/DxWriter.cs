using System.Globalization;
using System.Runtime.InteropServices;
using BulkImplantScan.Phantoms.Films;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>Writes a film as Digital X-Ray Image Storage, For Presentation (PS3.3 A.26, PS3.10).</summary>
internal static class DxWriter
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.1.1";

    /// <summary>UID of a transfer syntax.</summary>
    public static string Uid(DxSyntax syntax) => syntax switch
    {
        DxSyntax.ExplicitLittleEndian => "1.2.840.10008.1.2.1",
        DxSyntax.ImplicitLittleEndian => "1.2.840.10008.1.2",
        DxSyntax.Rle => "1.2.840.10008.1.2.5",
        DxSyntax.JpegLossless => "1.2.840.10008.1.2.4.70",
        _ => throw new ArgumentOutOfRangeException(nameof(syntax)),
    };

    /// <summary>The whole file in memory; parameters as in <see cref="WriteTo"/>.</summary>
    public static byte[] Write(PhantomFilm film, Header header, DxSyntax syntax, string? declaredUid = null, int? declaredRows = null)
    {
        using var file = new MemoryStream();
        WriteTo(file, film, header, syntax, declaredUid, declaredRows);
        return file.ToArray();
    }

    /// <summary>Writes the whole file.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="film">Pixels.</param>
    /// <param name="header">Who and when.</param>
    /// <param name="syntax">How pixels are coded.</param>
    /// <param name="declaredUid">Transfer syntax that the file claims, when it is to lie; else null.</param>
    /// <param name="declaredRows">Rows that the file claims, when it is to lie; else null.</param>
    public static void WriteTo(Stream file, PhantomFilm film, Header header, DxSyntax syntax, string? declaredUid = null, int? declaredRows = null)
    {
        var data = new DataSet(syntax != DxSyntax.ImplicitLittleEndian);
        Describe(data, film, header, declaredRows ?? film.Rows, syntax != DxSyntax.ImplicitLittleEndian);
        var pixels = AddPixels(data, film, syntax);

        var meta = new DataSet(explicitVr: true);
        meta.Value(0x00020001, "OB", [0, 1], 0);
        meta.Text(0x00020002, "UI", SopClass);
        meta.Text(0x00020003, "UI", header.InstanceUid);
        meta.Text(0x00020010, "UI", declaredUid ?? Uid(syntax));
        meta.Text(0x00020012, "UI", Uids.Implementation);
        meta.Text(0x00020013, "SH", "BIS_PHANTOM");
        var length = new DataSet(explicitVr: true);
        length.Value(0x00020000, "UL", BitConverter.GetBytes(meta.Bytes.Length), 0);
        file.Write([.. new byte[128], .. "DICM"u8, .. length.Bytes.Span, .. meta.Bytes.Span]);
        file.Write(data.Bytes.Span);
        file.Write(pixels);
    }

    private static void Describe(DataSet data, PhantomFilm film, Header header, int rows, bool explicitVr)
    {
        var look = film.Look;
        var isPelvis = film.View == View.Pelvis;
        string date = header.Taken.ToString("yyyyMMdd", CultureInfo.InvariantCulture), time = header.Taken.ToString("HHmmss", CultureInfo.InvariantCulture);
        data.Text(0x00080005, "CS", "ISO_IR 100");
        data.Text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\");
        data.Text(0x00080016, "UI", SopClass);
        data.Text(0x00080018, "UI", header.InstanceUid);
        data.Text(0x00080020, "DA", date);
        data.Text(0x00080021, "DA", date);
        data.Text(0x00080022, "DA", date);
        data.Text(0x00080023, "DA", date);
        data.Text(0x00080030, "TM", time);
        data.Text(0x00080031, "TM", time);
        data.Text(0x00080032, "TM", time);
        data.Text(0x00080033, "TM", time);
        data.Text(0x00080050, "SH", header.Accession);
        data.Text(0x00080060, "CS", "DX");
        data.Text(0x00080068, "CS", "FOR PRESENTATION");
        data.Text(0x00080070, "LO", look.Machine.Maker);
        data.Text(0x00080080, "LO", header.Institution);
        data.Text(0x00080090, "PN", "");
        data.Text(0x00081030, "LO", isPelvis ? "Synthetic pelvis AP" : "Synthetic hip AP");
        data.Text(0x0008103E, "LO", isPelvis ? "Pelvis AP phantom" : "Hip AP phantom");
        data.Text(0x00081090, "LO", look.Machine.Model);
        data.Sequence(0x00082218, isPelvis ? Code(explicitVr, "12921003", "SCT", "Pelvis") : Code(explicitVr, "24136001", "SCT", "Hip joint"));
        data.Text(0x00100010, "PN", header.PatientName);
        data.Text(0x00100020, "LO", header.PatientNumber);
        data.Text(0x00100030, "DA", header.Birth.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        data.Text(0x00100040, "CS", header.Female ? "F" : "M");
        data.Text(0x00101010, "AS", header.Age.ToString("000", CultureInfo.InvariantCulture) + "Y");
        data.Text(0x00104000, "LT", "Synthetic film, not of a person");
        data.Text(0x00180015, "CS", isPelvis ? "PELVIS" : "HIP");
        data.Decimal(0x00180060, look.KiloVolts);
        data.Text(0x00181000, "LO", "PHANTOM");
        data.Decimal(0x00181110, look.SourceToDetectorMm);
        data.Decimal(0x00181111, look.SourceToPatientMm);
        data.Decimal(0x00181114, look.SourceToDetectorMm / look.SourceToPatientMm);
        data.Whole(0x00181152, look.MilliAmpereSeconds);
        data.Decimal(0x00181164, film.PitchMm, film.PitchMm);
        data.Text(0x00181508, "CS", "COLUMN");
        data.Text(0x00185101, "CS", "AP");
        data.Text(0x00187004, "CS", "SCINTILLATOR");
        data.Text(0x0020000D, "UI", header.StudyUid);
        data.Text(0x0020000E, "UI", header.SeriesUid);
        data.Text(0x00200010, "SH", header.Accession);
        data.Whole(0x00200011, 1);
        data.Whole(0x00200013, header.InstanceNumber);
        data.Text(0x00200020, "CS", "L\\F");
        data.Text(0x00200062, "CS", isPelvis ? "B" : film.Side.ToString());
        data.Short(0x00280002, 1);
        data.Text(0x00280004, "CS", film.Monochrome1 ? "MONOCHROME1" : "MONOCHROME2");
        data.Short(0x00280010, (ushort)rows);
        data.Short(0x00280011, (ushort)film.Columns);
        data.Short(0x00280100, 16);
        data.Short(0x00280101, (ushort)film.BitsStored);
        data.Short(0x00280102, (ushort)(film.BitsStored - 1));
        data.Short(0x00280103, 0);
        data.Text(0x00280301, "CS", film.BurntIn ? "YES" : "NO");
        data.Text(0x00281040, "CS", "LOG");
        data.Signed(0x00281041, -1);
        var baked = look.Curve == Curve.Baked;
        if (look.Curve is Curve.Window or Curve.Sigmoid)
        {
            data.Decimal(0x00281050, look.WindowCenter);
            data.Decimal(0x00281051, look.WindowWidth);
        }
        else if (baked)
        {
            // The module asks for one or the other; all of the range is what "none" would mean.
            data.Decimal(0x00281050, 1 << (film.BitsStored - 1));
            data.Decimal(0x00281051, 1 << film.BitsStored);
        }

        data.Decimal(0x00281052, 0);
        data.Decimal(0x00281053, 1);
        data.Text(0x00281054, "LO", "US");
        if (look.Curve == Curve.Sigmoid) data.Text(0x00281056, "CS", "SIGMOID");
        data.Text(0x00282110, "CS", "00");
        if (look.Curve == Curve.Table)
        {
            var item = new DataSet(explicitVr);
            item.Short(0x00283002, (ushort)look.Table.Length, 0, 12);
            item.Text(0x00283003, "LO", "NORMAL");
            item.Value(0x00283006, "OW", MemoryMarshal.AsBytes<ushort>(look.Table), 0);
            data.Sequence(0x00283010, item);
        }

        data.Sequence(0x00400555);
        data.Sequence(0x00540220, Code(explicitVr, "399348003", "SCT", "antero-posterior"));
        data.Text(0x20500020, "CS", film.Monochrome1 ? "INVERSE" : "IDENTITY");
    }

    private static DataSet Code(bool explicitVr, string value, string scheme, string meaning)
    {
        var item = new DataSet(explicitVr);
        item.Text(0x00080100, "SH", value);
        item.Text(0x00080102, "SH", scheme);
        item.Text(0x00080104, "LO", meaning);
        return item;
    }

    /// <summary>Adds the element of the pixels; returns what comes behind its head, if that was not added.</summary>
    private static ReadOnlySpan<byte> AddPixels(DataSet data, PhantomFilm film, DxSyntax syntax)
    {
        const uint PixelData = 0x7FE00010;
        switch (syntax)
        {
            case DxSyntax.Rle:
                data.Encapsulated(PixelData, RleLossless.Encode(film.Stored, film.Rows, film.Columns));
                return [];
            case DxSyntax.JpegLossless:
                data.Encapsulated(PixelData, JpegLossless.Encode(film.Stored, film.Rows, film.Columns, film.BitsStored));
                return [];
            default:
                // The largest value of the file by far: not copied once more.
                var bytes = MemoryMarshal.AsBytes<ushort>(film.Stored);
                data.Head(PixelData, "OW", (uint)bytes.Length);
                return bytes;
        }
    }
}
