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

    private static double Roughness(StoredPixels pixels) => pixels.Kind switch
    {
        SampleKind.U8 => Roughness<byte>(pixels.Samples<byte>()),
        SampleKind.S8 => Roughness<sbyte>(pixels.Samples<sbyte>()),
        SampleKind.U16 => Roughness<ushort>(pixels.Samples<ushort>()),
        SampleKind.S16 => Roughness<short>(pixels.Samples<short>()),
        SampleKind.U32 => Roughness<uint>(pixels.Samples<uint>()),
        _ => Roughness<int>(pixels.Samples<int>()),
    };

    private static double Roughness<T>(ReadOnlySpan<T> samples) where T : INumber<T>
    {
        double sum = 0, squares = 0, steps = 0;
        double first = double.CreateTruncating(samples[0]), last = 0; // from the first: no sum of large equal numbers
        foreach (var sample in samples)
        {
            var value = double.CreateTruncating(sample) - first;
            sum += value;
            squares += value * value;
            steps += (value - last) * (value - last);
            last = value;
        }

        var spread = squares - sum * sum / samples.Length;
        return spread > 0 ? steps / spread : 0; // constant: nothing is smoother
    }
}
