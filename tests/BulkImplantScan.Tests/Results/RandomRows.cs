using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Results;

/// <summary>Rows with every column present, missing, empty and odd.</summary>
internal static class RandomRows
{
    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.Const(() => (string?)null), Gen.Const(() => (string?)""), Gen.String[Gen.Char['a', 'c'], 1, 3].Select(text => (string?)text),
        Gen.Const(() => (string?)"Hüfte ÷ 髋 🦴"));

    private static readonly Gen<float?> Number = Gen.OneOf(
        Gen.Const(() => (float?)null), Gen.Float.Special.Select(value => (float?)value), Gen.Float[0, 1].Select(value => (float?)value));

    public static readonly Gen<FilmFacts> Facts =
        from text in Text.Array[15]
        from date in Gen.OneOf(
            Gen.Const(() => (DateOnly?)null),
            Gen.Int[new DateOnly(1895, 1, 1).DayNumber, new DateOnly(2100, 12, 31).DayNumber].Select(day => (DateOnly?)DateOnly.FromDayNumber(day)))
        from size in Gen.Int[0, 65535].Array[3]
        select new FilmFacts
        {
            Patient = text[0],
            Study = text[1],
            Instance = text[2],
            Site = text[3],
            StudyDate = date,
            Side = text[4],
            View = text[5],
            AgeBand = text[6],
            Sex = text[7],
            Modality = text[8],
            BodyPart = text[9],
            MachineMaker = text[10],
            MachineModel = text[11],
            SopClass = text[12],
            TransferSyntax = text[13],
            Photometric = text[14],
            Rows = size[0],
            Columns = size[1],
            BitsStored = size[2],
            KvBand = text[5],
            MasBand = text[13],
        };

    public static readonly Gen<FilmRow> Row =
        from facts in Facts
        from index in Gen.Long[0, long.MaxValue]
        from status in Gen.Enum<FilmStatus>()
        from reason in Gen.Enum<Reason>()
        from text in Text.Array[7]
        from number in Number.Array[6]
        from offset in Gen.OneOf(Gen.Const(() => (long?)null), Gen.Long.Select(value => (long?)value))
        from probabilities in Gen.Float[0, 1].Array[0, 8]
        from set in Gen.String[Gen.Char['a', 'z'], 0, 4].Array[0, 4]
        from notes in Gen.String[Gen.Char['a', 'z'], 0, 4].Array[0, 3]
        from embedding in Gen.Byte.Array[0, 40]
        from cam in Gen.Byte.Array[0, 49]
        from empty in Gen.OneOf(Gen.Const(() => (bool?)null), Gen.Bool.Select(value => (bool?)value))
        select new FilmRow
        {
            FilmIndex = index,
            FilmKey = index.ToString("x32"),
            Region = index % 3 == 0 ? "left" : "whole",
            Frame = 1 + (int)(index % 7),
            Facts = facts,
            Status = status,
            Reason = reason,
            Detail = text[0],
            FileOffset = offset,
            Decoder = text[1],
            Voi = text[2],
            Notes = notes,
            FieldTop = offset is null ? null : (int)(offset.Value & 0xFFFF),
            FieldLeft = offset is null ? null : 0,
            FieldHeight = offset is null ? null : int.MaxValue,
            FieldWidth = offset is null ? null : 1,
            PixelHash = text[3],
            TopClass = text[4],
            Manufacturer = text[5],
            Model = text[6],
            Probability = number[0],
            Probabilities = probabilities,
            ConformalSet = set,
            Energy = number[1],
            Embedding = embedding,
            Cam = cam,
            CamHeight = cam.Length,
            CamWidth = cam.Length == 0 ? 0 : 1,
            CamPeak = number[2],
            CamPeakY = number[3],
            CamPeakX = number[4],
            CamMassInFilm = number[5],
            CamEmpty = empty,
        };

    public static FilmRow[] Fixed(int count)
    {
        var rows = new FilmRow[count];
        for (var i = 0; i < count; i++)
        {
            var random = new Random(i);
            var embedding = new byte[256];
            random.NextBytes(embedding);
            var cam = new byte[49];
            random.NextBytes(cam);
            rows[i] = new()
            {
                FilmIndex = i,
                FilmKey = i.ToString("x32"),
                Facts = new()
                {
                    Patient = (i / 3).ToString("x32"),
                    StudyDate = new DateOnly(2014, 6, 1).AddDays(i),
                    Side = i % 2 == 0 ? "L" : "R",
                    Modality = "DX",
                    Rows = 2500,
                    Columns = 2048,
                    BitsStored = 12,
                },
                Status = (FilmStatus)(i % 5),
                Reason = i % 5 == 2 ? Reason.LowConfidence : Reason.None,
                TopClass = "d" + i % 6,
                Probability = i / (float)count,
                Probabilities = [i / (float)count, 1 - i / (float)count],
                ConformalSet = i % 2 == 0 ? [] : ["d1", "d2"],
                Embedding = embedding,
                Cam = cam,
                CamHeight = 7,
                CamWidth = 7,
                CamEmpty = false,
            };
        }

        return rows;
    }

    public static void AssertEqual(FilmRow expected, FilmRow actual)
    {
        Assert.Equal(expected.Notes, actual.Notes);
        Assert.Equal(expected.Probabilities, actual.Probabilities);
        Assert.Equal(expected.ConformalSet, actual.ConformalSet);
        Assert.Equal(expected.Embedding, actual.Embedding);
        Assert.Equal(expected.Cam, actual.Cam);

        // Records compare arrays by reference: give both the same ones, and the rest compares itself.
        Assert.Equal(expected, actual with
        {
            Notes = expected.Notes,
            Probabilities = expected.Probabilities,
            ConformalSet = expected.ConformalSet,
            Embedding = expected.Embedding,
            Cam = expected.Cam,
        });
    }
}
