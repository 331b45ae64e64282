using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Stored pixels as the standard defines them, one sample at a time, slowly: what <c>--self-check</c> compares with.</summary>
/// <remarks>A second implementation of native pixels, RLE and JPEG lossless, which shares with the first the header and the place
/// of the frame, and nothing else. It is given films that the first has decoded, so it checks no lengths: a stream that is not
/// what the first took it for ends in an exception, and that is a difference too.</remarks>
internal static class PlainDecoder
{
    /// <summary>Compares a decoded film of one sample a pixel with this decoder.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Of the film.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="decoder">The decoder that gave <paramref name="pixels"/>.</param>
    /// <param name="pixels">What it gave.</param>
    /// <param name="pool">Gives memory.</param>
    /// <param name="difference">The first difference in words; null when there is none.</param>
    /// <returns>False when there is no second implementation for such a film.</returns>
    public static bool TryCompare(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, string? decoder, StoredPixels pixels, PixelBufferPool pool,
        out string? difference)
    {
        difference = null;
        var description = dataset.DescribePixels(file);
        var isAsStored = pixels.SamplesPerPixel == 1 && description.SamplesPerPixel == 1 && pixels.BitsStored == description.BitsStored
            && pixels.BytesPerSample == description.BytesPerSample && (pixels.Rows, pixels.Columns) == (description.Rows, description.Columns);
        var isWhole = !description.IsFloatingPoint && description.BitsAllocated is 1 or 8 or 16 or 32;
        if (description.SampleCount > int.MaxValue / sizeof(int)) return false; // a cell of each in one buffer
        if (!isAsStored || !isWhole || decoder is not ("native" or "rle" or "jpeg-lossless")) return false;

        using var memory = pool.Rent(description.SampleCount * sizeof(int));
        var cells = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(memory.Span(description.SampleCount * sizeof(int)));
        if (decoder == "native")
        {
            Native(file, dataset, description, frame - 1, cells);
        }
        else
        {
            var bytes = EncapsulatedFrames.Find(file, dataset, frame - 1, description.NumberOfFrames, pool, out var joined, out _, out _);
            using (joined)
            {
                if (decoder == "rle") Rle(bytes, description, cells);
                else PlainJpegLossless.Decode(bytes, cells);
            }
        }

        for (var i = 0; i < cells.Length; i++)
        {
            var (fast, plain) = (Sample(pixels, i), Value(cells[i], description));
            if (fast == plain) continue;
            difference = $"sample {i} of {cells.Length}";
            break;
        }

        return true;
    }

    private static void Native(
        ReadOnlySpan<byte> file, DicomDataset dataset, in ImagePixelDescription description, int frame, Span<int> cells)
    {
        var element = dataset.PixelData!.Value;
        var data = file.Slice(element.Offset, (int)Math.Min(element.Length, file.Length - element.Offset));
        var (bits, bytes) = (description.BitsAllocated, description.BitsAllocated / 8);
        var isWords = element.Vr == ValueRepresentation.OW;
        for (var i = 0; i < cells.Length; i++)
        {
            var firstBit = ((long)frame * cells.Length + i) * bits;
            var cell = 0;
            if (bits == 1)
            {
                cell = ByteAt(data, firstBit / 8, dataset.IsBigEndian && isWords) >> (int)(firstBit % 8) & 1;
            }
            else if (bits == 8)
            {
                cell = ByteAt(data, firstBit / 8, dataset.IsBigEndian && isWords);
            }
            else
            {
                for (var b = 0; b < bytes; b++)
                    cell |= data[(int)(firstBit / 8) + (dataset.IsBigEndian ? bytes - 1 - b : b)] << 8 * b;
            }

            cells[i] = cell;
        }
    }

    // Bytes in big-endian words change places in pairs; the last of an odd number has none to change with.
    private static int ByteAt(ReadOnlySpan<byte> data, long at, bool isSwapped) =>
        isSwapped && (at ^ 1) < data.Length ? data[(int)(at ^ 1)] : isSwapped ? 0 : data[(int)at];

    /// <summary>PS3.5 G.3.2, byte by byte; the segment of the most significant byte comes first.</summary>
    private static void Rle(ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<int> cells)
    {
        cells.Clear();
        for (var segment = 0; segment < description.BytesPerSample; segment++)
        {
            var at = BitConverter.ToInt32(frame[(4 + 4 * segment)..]);
            for (var i = 0; i < cells.Length;)
            {
                var control = (sbyte)frame[at++];
                if (control == -128) continue;
                for (var n = control >= 0 ? control + 1 : 1 - control; n > 0; n--)
                {
                    var value = control >= 0 ? frame[at++] : frame[at];
                    if (i < cells.Length) cells[i] = cells[i] << 8 | value;
                    i++;
                }

                if (control < 0) at++;
            }
        }
    }

    /// <summary>The Bits Stored bits below High Bit, as a number.</summary>
    private static int Value(int cell, in ImagePixelDescription description)
    {
        long value = 0;
        for (var bit = 0; bit < description.BitsStored; bit++)
            if ((cell >> description.HighBit - description.BitsStored + 1 + bit & 1) != 0) value += 1L << bit;
        if (description.IsSigned && value >= 1L << description.BitsStored - 1) value -= 1L << description.BitsStored;
        return unchecked((int)value);
    }

    private static int Sample(StoredPixels pixels, int i) => pixels.Kind switch
    {
        SampleKind.U8 => pixels.Samples<byte>()[i],
        SampleKind.S8 => pixels.Samples<sbyte>()[i],
        SampleKind.U16 => pixels.Samples<ushort>()[i],
        SampleKind.S16 => pixels.Samples<short>()[i],
        SampleKind.U32 => unchecked((int)pixels.Samples<uint>()[i]),
        _ => pixels.Samples<int>()[i],
    };
}
