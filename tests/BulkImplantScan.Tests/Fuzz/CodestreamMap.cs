using System.Buffers.Binary;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Finds the parts of a codestream: JPEG and JPEG-LS (T.81 annex B), JPEG 2000 (T.800 annex A), RLE (PS3.5 annex G).</summary>
internal static class CodestreamMap
{
    private const int MaxSpots = 2000;

    public static void AddSpots(byte[] file, int at, int end, string transferSyntax, List<CodestreamSpot> spots)
    {
        if (end - at < 4 || spots.Count > MaxSpots) return;
        if (transferSyntax == "1.2.840.10008.1.2.5" && end - at > 64)
        {
            spots.Add(new(at, at + 64, CodestreamSpot.Kinds.RleHeader));
            spots.Add(new(at + 64, end, CodestreamSpot.Kinds.Entropy));
            return;
        }

        var isJpeg2000 = file[at] == 0xFF && file[at + 1] == 0x4F;
        if (!isJpeg2000 && !(file[at] == 0xFF && file[at + 1] == 0xD8))
        {
            spots.Add(new(at, end, CodestreamSpot.Kinds.Entropy)); // JPEG XL, or the rest of a frame in several fragments
            return;
        }

        while (end - at >= 2)
        {
            var code = file[at + 1];
            var hasNoLength = file[at] != 0xFF || code is 0xD8 or 0x4F or 0x93 or 0xD9 || end - at < 4;
            var length = hasNoLength ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            var next = Math.Min(end, at + length);
            spots.Add(new(at, next, CodestreamSpot.Kinds.Segment));
            at = next;
            if (code is not (0xDA or 0x93)) continue;

            // Entropy-coded data up to the next marker that is neither stuffing nor a restart.
            var from = at;
            while (at + 1 < end && !(file[at] == 0xFF && (isJpeg2000 ? file[at + 1] is 0x90 or 0xD9 : IsMarker(file[at + 1])))) at++;
            if (at + 1 >= end) at = end;
            spots.Add(new(from, at, CodestreamSpot.Kinds.Entropy));
        }
    }

    // JPEG stuffs a zero byte, JPEG-LS a zero bit; restarts lie inside the data.
    private static bool IsMarker(byte code) => code is >= 0xC0 and not (>= 0xD0 and <= 0xD7);
}
