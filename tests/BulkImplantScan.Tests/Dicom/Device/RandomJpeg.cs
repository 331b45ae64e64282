using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom.Device;

/// <summary>A small film of random content, shape, predictor and table, and its stream.</summary>
internal sealed record RandomJpeg(byte[] Frame, ImagePixelDescription Description, string What)
{
    public static RandomJpeg Of(Random random)
    {
        var (rows, columns) = (random.Next(1, 25), random.Next(1, 41));
        var (precision, selection) = (random.Next(2, 17), random.Next(2) == 0 ? 1 : random.Next(1, 8));
        var pointTransform = random.Next(4) == 0 ? random.Next(precision) : 0;
        var rowsPerRestart = random.Next(3) == 0 ? random.Next(1, rows + 2) : 0;
        var isSigned = random.Next(4) == 0;
        var bitsAllocated = precision <= 8 && random.Next(2) == 0 ? 8 : 16;
        var bitsStored = random.Next(8) == 0 ? random.Next(1, bitsAllocated + 1) : precision;
        var (table, name) = random.Next(3) switch
        {
            0 => (NaiveJpegWriter.Even, "even"),
            1 => (NaiveJpegWriter.Deep, "deep"),
            _ => (NaiveJpegWriter.Usual, "usual"),
        };
        var noise = 1 << random.Next(precision + 1);
        var cells = new ushort[rows * columns];
        var slope = random.Next(5);
        var mask = isSigned && precision == 16 ? 0xFFFF : (1 << precision) - 1;
        for (var i = 0; i < cells.Length; i++)
            cells[i] = (ushort)((i % columns * slope + i / columns * 3 + random.Next(noise) & mask) >> pointTransform << pointTransform);
        var frame = NaiveJpegWriter.Write(cells, columns, precision, pointTransform, selection, rowsPerRestart, table);
        return new(
            frame, new(rows, columns, 1, bitsAllocated, bitsStored, bitsStored - 1, isSigned, 0, "MONOCHROME2", 1),
            $"{rows}x{columns} P{precision} Pt{pointTransform} sv{selection} restart {rowsPerRestart} signed {isSigned} cell {bitsAllocated} "
            + $"stored {bitsStored} noise {noise} table {name}");
    }

    /// <summary>The same with its coded bytes broken somewhere, or cut off.</summary>
    public RandomJpeg Damaged(Random random)
    {
        var frame = Frame.ToArray();
        var scan = frame.AsSpan().IndexOf((byte[])[0xFF, 0xDA]) + 10;
        var what = random.Next(4);
        for (var hits = random.Next(1, 4); hits > 0; hits--)
        {
            var at = random.Next(scan, frame.Length);
            switch (what)
            {
                case 0: frame[at] = (byte)random.Next(256); break;
                case 1: frame[at] = 0xFF; break;
                case 2: frame.AsSpan(at, Math.Min(random.Next(1, 9), frame.Length - at)).Fill((byte)(random.Next(2) * 255)); break;
                default: frame = frame[..at]; hits = 0; break;
            }
        }

        return this with { Frame = frame, What = $"{What}, damaged in way {what}" };
    }
}
