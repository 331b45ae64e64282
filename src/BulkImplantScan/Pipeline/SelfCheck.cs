using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Some films go through decoding and preprocessing a second time, by plain loops; a difference stops the scan.</summary>
/// <remarks><code>
/// Decode ─▶ stored pixels ══ PlainDecoder (or the same codec again)
///              └─▶ PreprocessReference ─▶ what the network should be given
/// Explain ─▶ what the device gave the network ══ that
/// </code>
/// Which films those are, their keys decide: the same ones in each scan of an archive, whatever the order, device or number of workers.</remarks>
internal sealed class SelfCheck(int every, InputGeometry input)
{
    // Of full brightness. The specification's promise is 1/1023; CPU and device keep 1/100,000, and 1/10,000 on the widest films.
    private const double Tolerance = 1e-4;

    /// <summary>Whether the film is one of the one in <c>every</c>.</summary>
    public bool IsChosen(string filmKey) =>
        every > 0 && XxHash64.HashToUInt64(MemoryMarshal.AsBytes(filmKey.AsSpan())) % (ulong)every == 0;

    /// <summary>Throws when the film's stored pixels come out otherwise a second time.</summary>
    /// <param name="filmKey">Of the film.</param>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Of the film.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="settings">As it was decoded.</param>
    /// <param name="decoded">What came out.</param>
    /// <param name="pool">Gives memory.</param>
    /// <exception cref="SelfCheckException">It differs.</exception>
    public static void RequireSamePixels(
        string filmKey, ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, in DecodeOutcome decoded,
        PixelBufferPool pool)
    {
        var pixels = decoded.Pixels!;
        try
        {
            if (PlainDecoder.TryCompare(file, dataset, frame, decoded.Decoder, pixels, pool, out var difference))
            {
                if (difference is not null) throw new SelfCheckException(filmKey, $"stored pixels by {decoded.Decoder}, {difference}");
                return;
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or InvalidDataException or NullReferenceException)
        {
            throw new SelfCheckException(filmKey, $"stored pixels by {decoded.Decoder}, which the plain decoder cannot decode", e);
        }

        // No second implementation: the same one again finds what depends on threads, memory or luck.
        var again = FrameDecoder.Decode(file, dataset, frame, settings, pool);
        using var second = again.Pixels;
        if (again.Reason is Reason.DecoderTimeout or Reason.DecoderCrashed or Reason.DecoderMemory) return; // the machine's, and says nothing of pixels
        if (second is null || (second.Rows, second.Columns, second.Kind) != (pixels.Rows, pixels.Columns, pixels.Kind)
            || !second.Bytes.SequenceEqual(pixels.Bytes))
        {
            throw new SelfCheckException(filmKey, $"stored pixels by {decoded.Decoder}, decoded twice");
        }
    }

    /// <summary>What the network should be given for a film, [C, H, W].</summary>
    public double[] NetworkInput(StoredPixels pixels, GrayscaleTransform transform, FilmView view) =>
        PreprocessReference.Run(pixels, transform, input, view);

    /// <summary>Throws when the network was given something else.</summary>
    /// <param name="filmKey">Of the film.</param>
    /// <param name="expected">Of <see cref="NetworkInput"/>.</param>
    /// <param name="actual">Of the film's place in the batch.</param>
    /// <exception cref="SelfCheckException">It differs by more than the tolerance of the preprocessing.</exception>
    public void RequireSameInput(string filmKey, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        var plane = input.Height * input.Width;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(expected[i] - actual[i]) * input.StandardDeviation[i / plane];
            if (difference <= Tolerance) continue; // NaN goes on to be a difference
            throw new SelfCheckException(filmKey, string.Create(
                CultureInfo.InvariantCulture, $"network input at {i / plane}, {i % plane / input.Width}, {i % input.Width}, by {difference:G3} of full brightness"));
        }
    }
}
