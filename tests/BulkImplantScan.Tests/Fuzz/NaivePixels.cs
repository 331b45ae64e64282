using System.Buffers.Binary;
using System.Numerics;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Native, RLE and JPEG lossless pixels bit by bit, as the standards say it: the naive twin of the decoder, for any bytes.</summary>
internal static class NaivePixels
{
    /// <summary>What differs; null when nothing does, or when there is no naive way (another codec, or colours that were converted).</summary>
    /// <remarks>By the decoder that gave the pixels, not by the transfer syntax: where the two contradict each other, the stream holds.</remarks>
    public static string? Disagrees(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, ImagePixelDescription description, StoredPixels pixels, string? decoder)
    {
        if (pixels.SamplesPerPixel != description.SamplesPerPixel || description.SampleCount > 1 << 20) return null;
        bool isRle = decoder == "rle", isJpeg = decoder == "jpeg-lossless", isNative = decoder == "native";
        if (!isRle && !isJpeg && !isNative) return null;

        // Cells packed without gaps, and 4:2:2 in name only: GrayFilmTests holds them.
        if (isNative && (description.BitsAllocated is not (1 or 8 or 16 or 32) || description.Photometric?.EndsWith("_422", StringComparison.Ordinal) == true)) return null;

        byte[]? planes = null;
        ushort[]? samples = null;
        if (!isNative)
        {
            if (description.NumberOfFrames != 1 || SingleFragment(file, dataset) is not { } fragment) return null;
            if (isRle) planes = Planes(file[fragment], description);
            else samples = NaiveJpegLossless.Decode(file[fragment].ToArray(), description.Rows, description.Columns, description.SamplesPerPixel);
            if (planes is null && samples is null) return "decoded, though not all of it is there";
        }

        var data = file[dataset.PixelData!.Value.Offset..];
        for (var i = 0; i < description.SampleCount; i++)
        {
            var cell = isRle ? RleCell(planes!, i, description)
                : isJpeg ? samples![i]
                : NativeCell(data, dataset, frame, i, description);
            var value = (long)(cell >> description.HighBit + 1 - description.BitsStored) & (1L << description.BitsStored) - 1;
            if (description.IsSigned && value >> description.BitsStored - 1 != 0) value -= 1L << description.BitsStored;
            var decoded = pixels.Kind switch
            {
                SampleKind.U8 => At<byte>(pixels, i),
                SampleKind.S8 => At<sbyte>(pixels, i),
                SampleKind.U16 => At<ushort>(pixels, i),
                SampleKind.S16 => At<short>(pixels, i),
                SampleKind.U32 => At<uint>(pixels, i),
                _ => At<int>(pixels, i),
            };
            if (decoded != value) return $"sample {i} is {decoded}, its bytes say {value}";
        }

        return null;
    }

    private static long At<T>(StoredPixels pixels, int index) where T : unmanaged, IBinaryInteger<T> =>
        long.CreateTruncating(pixels.Samples<T>()[index]);

    private static ulong NativeCell(ReadOnlySpan<byte> data, DicomDataset dataset, int frame, int sample, ImagePixelDescription description)
    {
        var (samples, bits) = (description.SamplesPerPixel, description.BitsAllocated);
        var pixel = sample / samples;
        var channel = sample % samples;
        var pixelsPerFrame = (long)description.Rows * description.Columns;
        long cell = frame * pixelsPerFrame * samples;
        if (description is { Photometric: "YBR_FULL_422" or "YBR_PARTIAL_422", SamplesPerPixel: 3, BitsAllocated: 8 })
            cell = frame * pixelsPerFrame * 2 + pixel / 2 * 4 + (channel == 0 ? pixel % 2 : 1 + channel);
        else if (samples > 1 && description.PlanarConfiguration == 1)
            cell += channel * pixelsPerFrame + pixel;
        else
            cell += sample;

        var isSwapped = dataset.IsBigEndian && dataset.PixelData!.Value.Vr == ('O' << 8 | 'W');
        var bit = cell * bits;
        var at = (int)(bit >> 3);
        if (bits <= 8)
        {
            // Beyond an odd end there is no other byte of the pair to swap with.
            var length = (int)Math.Min(data.Length, dataset.PixelData!.Value.Length);
            if (isSwapped) at = (at ^ 1) < length ? at ^ 1 : bits == 1 ? at : -1;
            return at < 0 ? 0 : bits == 1 ? (ulong)(data[at] >> (int)(bit & 7) & 1) : data[at];
        }

        return (bits, dataset.IsBigEndian) switch
        {
            (16, false) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]),
            (16, true) => BinaryPrimitives.ReadUInt16BigEndian(data[at..]),
            (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(data[at..]),
        };
    }

    private static Range? SingleFragment(ReadOnlySpan<byte> file, DicomDataset dataset)
    {
        var at = dataset.PixelData!.Value.Offset;
        at += 8 + BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
        var next = at + 8 + length;
        var isLast = next + 8 > file.Length || BinaryPrimitives.ReadUInt32LittleEndian(file[next..]) != 0xE000FFFE;
        return isLast ? (at + 8)..next : null;
    }

    private static byte[]? Planes(ReadOnlySpan<byte> frame, ImagePixelDescription description)
    {
        var pixels = description.Rows * description.Columns;
        var count = description.BytesPerSample * description.SamplesPerPixel;
        var planes = new byte[pixels * count];
        for (var plane = 0; plane < count; plane++)
        {
            long at = BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 + 4 * plane)..]);
            long end = plane + 1 < count ? BinaryPrimitives.ReadUInt32LittleEndian(frame[(8 + 4 * plane)..]) : frame.Length;
            for (var to = 0; to < pixels;)
            {
                if (at >= end || end > frame.Length) return null;
                var control = (sbyte)frame[(int)at++];
                if (control == sbyte.MinValue) continue;
                var run = control < 0;
                for (var i = run ? 1 - control : control + 1; i > 0; i--)
                {
                    if (at >= end) return null;
                    if (to < pixels) planes[plane * pixels + to++] = frame[(int)at];
                    if (!run) at++;
                }

                if (run) at++;
            }
        }

        return planes;
    }

    private static ulong RleCell(byte[] planes, int sample, ImagePixelDescription description)
    {
        var pixels = description.Rows * description.Columns;
        var (pixel, channel) = (sample / description.SamplesPerPixel, sample % description.SamplesPerPixel);
        ulong cell = 0;
        for (var i = 0; i < description.BytesPerSample; i++)
            cell = cell << 8 | planes[(channel * description.BytesPerSample + i) * pixels + pixel];
        return cell;
    }
}
