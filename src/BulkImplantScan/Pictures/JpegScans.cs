using System.Buffers.Binary;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Looks a JPEG file through for its end before it is decoded.</summary>
/// <remarks>Decoders go on with grey where a file breaks off, and a progressive file that lost its last scans decodes without an
/// error, only blurred. Both lack the end mark.</remarks>
internal static class JpegScans
{
    // The usual scripts have ten scans; each one costs a pass over the whole picture.
    private const int MaxScans = 64;

    /// <summary>Finds the end of the picture.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="firstScan">Offset of the first SOS marker.</param>
    /// <param name="end">Behind the end mark.</param>
    /// <returns>Reason None when it is there.</returns>
    public static DecodedPicture FindEnd(ReadOnlySpan<byte> file, long firstScan, out int end)
    {
        var (at, scans) = ((int)firstScan, 0);
        end = file.Length;
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
            at += next;
            switch (file[at + 1])
            {
                case 0xFF:
                    at++;
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD7): // a stuffed byte, or a restart
                    at += 2;
                    break;
                case 0xD9:
                    end = at + 2;
                    return default;
                case var marker:
                    if (marker == 0xDA && ++scans > MaxScans) return DecodedPicture.Failed(Reason.CorruptPixelData, "too many scans", at);
                    if (file.Length - at < 4) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
                    at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
                    if (at > file.Length) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
                    break;
            }
        }
    }
}
