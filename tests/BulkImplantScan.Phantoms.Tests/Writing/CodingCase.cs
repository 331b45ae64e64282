using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms.Tests.Writing;

/// <summary>Small films of whole numbers only, so that their bytes are the same on every machine.</summary>
internal static class CodingCase
{
    public static readonly string[] Names = ["noise12", "noise16", "flat", "ramp", "jumps", "odd"];

    public static PhantomFilm Film(string name)
    {
        var (rows, columns, bits) = name == "odd" ? (5, 7, 13) : (33, 150, name == "noise12" ? 12 : name is "noise16" or "jumps" ? 16 : 14);
        var draw = new Draw(11, name);
        var stored = new ushort[rows * columns];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = (ushort)(name switch
            {
                "flat" => 777UL,
                "ramp" => (ulong)(i % columns * 40),
                "jumps" => i % 3 == 0 ? 0UL : i % 3 == 1 ? 32768UL : 65535UL, // categories 15 and 16
                _ => draw.Next() & ((1UL << bits) - 1),
            });
        }

        return new()
        {
            Stored = stored,
            Rows = rows,
            Columns = columns,
            BitsStored = bits,
            Monochrome1 = false,
            Transform = GrayscaleTransform.Linear(0, 1, inverted: false),
            Hips = [new('L', Design.None, Metal.None, new(columns, rows, 0, 0, 0, []))],
            Field = new(0, 0, rows, columns),
            PitchMm = 0.125,
            Look = new() { KiloVolts = 70, MilliAmpereSeconds = 20, SourceToDetectorMm = 1150, SourceToPatientMm = 1000 },
        };
    }

    public static Header Header { get; } = new()
    {
        PatientNumber = "PHANTOM-000001",
        PatientName = "Phantom^Ada 1",
        Female = true,
        Birth = new(1950, 1, 1),
        Taken = new(2020, 1, 1, 8, 0, 0, DateTimeKind.Unspecified),
        Age = 70,
        Institution = "Phantom General Hospital",
        StudyUid = "2.25.1",
        SeriesUid = "2.25.2",
        InstanceUid = "2.25.3",
        Accession = "PH1",
        InstanceNumber = 1,
    };

    public static byte[] File(string name, DxSyntax syntax) => DxWriter.Write(Film(name), Header, syntax);
}
