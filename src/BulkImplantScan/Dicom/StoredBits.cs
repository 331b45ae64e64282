using System.Numerics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>What to think of a film with bits set above its Bits Stored: rubbish beside the sample, or a sample of more bits than the
/// header says.</summary>
/// <remarks>Masking is right in the first case and folds the film over itself in the second. A radiograph tells which: neighbours are
/// alike, and rubbish above them, or a fold, makes them less so. Measured by the ratio of von Neumann (1941, Ann. Math. Statist.
/// 12:367), Σ(xᵢ₊₁ − xᵢ)² / Σ(xᵢ − x̄)²: near 0 for a smooth film, 2 for noise, the same whatever is added to all.</remarks>
internal static class StoredBits
{
    // Of two readings the standard's holds unless the other is clearly smoother: by a tenth.
    private const double ClearlyLess = 0.9;

    // Spread over the film: hundreds of thousands of neighbours tell as well as millions.
    private const int MostRows = 128;

    /// <summary>The description with as many bits as are set; null where the header is not in doubt.</summary>
    /// <param name="description">As the header has it.</param>
    /// <param name="unused">Bits outside the sample that some cell has.</param>
    public static ImagePixelDescription? MayBeMore(in ImagePixelDescription description, uint unused)
    {
        // A sample that does not begin at bit 0 was placed on purpose.
        if (unused == 0 || description.SamplesPerPixel != 1 || description.HighBit != description.BitsStored - 1) return null;
        var bits = description.IsSigned ? 8 * description.BytesPerSample : BitOperations.Log2(unused) + 1;
        return description with { BitsStored = bits, HighBit = bits - 1 };
    }

    /// <summary>The better of two readings of one film; the other's memory goes back.</summary>
    public static DecodeOutcome Truer(DecodeOutcome asDeclared, DecodeOutcome wider)
    {
        if (wider.Pixels is not { } more || asDeclared.Pixels is not { } declared) return asDeclared;
        if (Roughness(more) < ClearlyLess * Roughness(declared))
        {
            declared.Dispose();
            return wider with { HadMoreBits = true };
        }

        more.Dispose();
        return asDeclared;
    }

    private static double Roughness(StoredPixels pixels)
    {
        // A film of one column has its neighbours in it.
        var (rows, columns) = pixels.Columns == 1 ? (1, pixels.Rows) : (pixels.Rows, pixels.Columns);
        return pixels.Kind switch
        {
            SampleKind.U8 => Roughness<byte>(pixels.Samples<byte>(), rows, columns),
            SampleKind.S8 => Roughness<sbyte>(pixels.Samples<sbyte>(), rows, columns),
            SampleKind.U16 => Roughness<ushort>(pixels.Samples<ushort>(), rows, columns),
            SampleKind.S16 => Roughness<short>(pixels.Samples<short>(), rows, columns),
            SampleKind.U32 => Roughness<uint>(pixels.Samples<uint>(), rows, columns),
            _ => Roughness<int>(pixels.Samples<int>(), rows, columns),
        };
    }

    private static double Roughness<T>(ReadOnlySpan<T> samples, int rows, int columns) where T : INumber<T>
    {
        double sum = 0, squares = 0, steps = 0;
        var first = double.CreateTruncating(samples[0]); // from the first: no sum of large equal numbers
        var looked = Math.Min(rows, MostRows);
        for (var i = 0; i < looked; i++)
        {
            var row = samples.Slice((int)((long)i * rows / looked) * columns, columns);
            var last = double.CreateTruncating(row[0]) - first; // the end of another row is no neighbour
            foreach (var sample in row)
            {
                var value = double.CreateTruncating(sample) - first;
                sum += value;
                squares += value * value;
                steps += (value - last) * (value - last);
                last = value;
            }
        }

        var spread = squares - sum * sum / ((double)looked * columns);
        return spread > 0 ? steps / spread : 0; // constant: nothing is smoother
    }
}
