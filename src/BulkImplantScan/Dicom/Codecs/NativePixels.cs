using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Pixel data that lies in the file as it is (PS3.5 §8.1.1, annex A.1 to A.3, A.5).</summary>
internal static class NativePixels
{
    /// <summary>Bits that one frame takes in the file: 4:2:2 stores two samples a pixel, one bit is packed.</summary>
    public static long BitsPerFrame(in ImagePixelDescription description) =>
        IsYbr422(description)
            ? (long)description.Rows * description.Columns * 2 * 8
            : description.SampleCount * description.BitsAllocated;

    /// <summary>Y₁Y₂CbCr for each two pixels (PS3.3 C.7.6.3.1.2).</summary>
    public static bool IsYbr422(in ImagePixelDescription description) =>
        description is { Photometric: "YBR_FULL_422" or "YBR_PARTIAL_422", SamplesPerPixel: 3, BitsAllocated: 8 };

    /// <summary>Finds a frame whose bytes already are what <see cref="StoredPixels"/> promises.</summary>
    /// <param name="file">The file.</param>
    /// <param name="element">Its Pixel Data, which holds the frame wholly.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="description">Checked.</param>
    /// <param name="isBigEndian">Of the data set.</param>
    /// <param name="offset">First byte of the frame.</param>
    /// <remarks>Only where the frame is most of the file: a frame of many would keep all of them in memory.</remarks>
    public static bool TryFindClean(
        ReadOnlySpan<byte> file, DicomElement element, int frame, in ImagePixelDescription description, bool isBigEndian, out int offset)
    {
        var bytes = (int)(BitsPerFrame(description) / 8);
        offset = (int)(element.Offset + (long)bytes * frame);
        return BitConverter.IsLittleEndian && !isBigEndian && description is { SamplesPerPixel: 1, BitsAllocated: 8 or 16 }
            && bytes > file.Length / 2 && offset % description.BytesPerSample == 0
            && CleanCells.AreClean(file.Slice(offset, bytes), description);
    }

    /// <summary>Copies one frame to interleaved little-endian cells.</summary>
    /// <param name="data">All of Pixel Data, which holds the frame wholly.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="description">Checked.</param>
    /// <param name="isBigEndian">Of the data set.</param>
    /// <param name="isWords">The value representation is OW: in a big-endian data set bytes are swapped in pairs.</param>
    /// <param name="target">One frame.</param>
    public static void Copy(
        ReadOnlySpan<byte> data, int frame, in ImagePixelDescription description, bool isBigEndian, bool isWords, Span<byte> target)
    {
        var bits = BitsPerFrame(description);
        if (description.BitsAllocated == 1)
        {
            UnpackBits(data, frame * bits, isBigEndian && isWords, target);
            return;
        }

        if (description.BitsAllocated is not (8 or 16 or 32 or 64))
        {
            UnpackCells(data, frame * bits, description, isBigEndian && isWords, target);
            return;
        }

        var start = frame * bits / 8;
        var source = data.Slice((int)start, (int)(bits / 8));
        if (isBigEndian && isWords && description.BitsAllocated == 8)
        {
            for (var i = 0; i < source.Length; i++)
            {
                var at = (start + i) ^ 1;
                target[i] = at < data.Length ? data[(int)at] : (byte)0;
            }

            Rearrange(target[..source.Length].ToArray(), description, target);
            return;
        }

        if (isBigEndian && description.BitsAllocated == 16)
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(target));
            if (IsPlanar(description)) Rearrange(target.ToArray(), description, target);
            return;
        }

        if (isBigEndian && description.BitsAllocated == 64)
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(target));
            return;
        }

        if (isBigEndian && description.BitsAllocated == 32)
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(target));
            if (IsPlanar(description)) Rearrange(target.ToArray(), description, target);
            return;
        }

        Rearrange(source, description, target);
    }

    private static bool IsPlanar(in ImagePixelDescription description) =>
        description is { SamplesPerPixel: > 1, PlanarConfiguration: 1 } && !IsYbr422(description);

    private static void Rearrange(ReadOnlySpan<byte> source, in ImagePixelDescription description, Span<byte> target)
    {
        if (IsYbr422(description))
        {
            for (int from = 0, to = 0; from + 4 <= source.Length; from += 4, to += 6)
            {
                target[to] = source[from];
                target[to + 3] = source[from + 1];
                target[to + 1] = target[to + 4] = source[from + 2];
                target[to + 2] = target[to + 5] = source[from + 3];
            }
        }
        else if (IsPlanar(description))
        {
            var (width, samples) = (description.BytesPerSample, description.SamplesPerPixel);
            var pixels = description.Rows * description.Columns;
            for (var sample = 0; sample < samples; sample++)
            {
                var plane = source.Slice(sample * pixels * width, pixels * width);
                for (var pixel = 0; pixel < pixels; pixel++)
                    plane.Slice(pixel * width, width).CopyTo(target[((pixel * samples + sample) * width)..]);
            }
        }
        else
        {
            source.CopyTo(target);
        }
    }

    // Cells that are no whole bytes follow each other from the low bit of the first word up (PS3.5-2004 annex D; retired).
    private static void UnpackCells(
        ReadOnlySpan<byte> data, long firstBit, in ImagePixelDescription description, bool swapped, Span<byte> target)
    {
        var (width, mask) = (description.BitsAllocated, (1u << description.BitsAllocated) - 1);
        for (var i = 0; i < target.Length / description.BytesPerSample; i++)
        {
            var bit = firstBit + (long)i * width;
            var cell = 0u;
            for (var part = 0; part < 3; part++)
            {
                var at = (int)(bit >> 3) + part;
                if (at >= data.Length) break;
                if (swapped && (at ^ 1) < data.Length) at ^= 1;
                cell |= (uint)data[at] << 8 * part;
            }

            cell = cell >> (int)(bit & 7) & mask;
            if (description.BytesPerSample == 1) target[i] = (byte)cell;
            else BinaryPrimitives.WriteUInt16LittleEndian(target[(2 * i)..], (ushort)cell);
        }

        if (IsPlanar(description)) Rearrange(target.ToArray(), description, target);
    }

    // Frames follow each other without padding between them, so a frame may begin inside a byte (PS3.5 §8.1.1).
    private static void UnpackBits(ReadOnlySpan<byte> data, long firstBit, bool swapped, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var bit = firstBit + i;
            var at = (int)(bit >> 3);
            if (swapped && (at ^ 1) < data.Length) at ^= 1;
            target[i] = (byte)(data[at] >> (int)(bit & 7) & 1);
        }
    }
}
