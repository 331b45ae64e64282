using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>Films in JPEG 2000 as archives have them (lossless, five decomposition levels, code-blocks of 64 × 64), by OpenJPEG's opj_compress.</summary>
internal static class Jpeg2000Writer
{
    /// <summary>A DICOM file with another's header and its first frame, encoded anew.</summary>
    public static byte[] Transcode(ReadOnlySpan<byte> file)
    {
        using var pool = new PixelBufferPool(1);
        var dataset = new DicomDataset();
        if (DicomReader.Parse(file, true, dataset).Status != ParseStatus.Ok) throw new InvalidOperationException("no DICOM that parses");
        using var pixels = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool).Pixels ?? throw new InvalidOperationException("no pixels");
        var codestream = Encode(pixels.Samples<ushort>(), pixels.Rows, pixels.Columns, pixels.BitsStored);

        // The least that can stand before the data set; its encoding is found out by readers, ours for one.
        var uid = Encoding.ASCII.GetBytes(TransferSyntaxes.Jpeg2000Lossless);
        using var written = new MemoryStream();
        written.Write(new byte[128]);
        written.Write("DICM"u8);
        Element(written, 0x0002, 0x0000, "UL", BitConverter.GetBytes(8 + uid.Length));
        Element(written, 0x0002, 0x0010, "UI", uid);

        // Up to the tag of Pixel Data: 8 bytes before its value in implicit VR, 12 in explicit.
        var meta = 132 + 12 + BitConverter.ToInt32(file[140..144]);
        var end = dataset.PixelData!.Value.Offset - 8;
        if (BitConverter.ToUInt32(file[end..]) != 0x00107FE0) end -= 4;
        written.Write(file[meta..end]);
        written.Write([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0]);
        written.Write(BitConverter.GetBytes(codestream.Length + codestream.Length % 2));
        written.Write(codestream);
        if (codestream.Length % 2 != 0) written.WriteByte(0);
        written.Write([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        return written.ToArray();
    }

    private static byte[] Encode(ReadOnlySpan<ushort> samples, int rows, int columns, int bits)
    {
        var folder = Directory.CreateTempSubdirectory("bis-j2k-").FullName;
        try
        {
            // PGX, little endian: the one format of opj_compress that takes every precision from 9 to 16.
            var (source, target) = (Path.Combine(folder, "film.pgx"), Path.Combine(folder, "film.j2k"));
            using (var pgx = File.Create(source))
            {
                pgx.Write(Encoding.ASCII.GetBytes($"PG LM + {bits} {columns} {rows}\n"));
                pgx.Write(MemoryMarshal.AsBytes(samples));
            }

            using var process = Process.Start(new ProcessStartInfo("opj_compress", ["-i", source, "-o", target]) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return File.ReadAllBytes(target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Element(MemoryStream file, ushort group, ushort element, string vr, ReadOnlySpan<byte> value)
    {
        file.Write(BitConverter.GetBytes(group));
        file.Write(BitConverter.GetBytes(element));
        file.Write(Encoding.ASCII.GetBytes(vr));
        file.Write(BitConverter.GetBytes((ushort)(value.Length + value.Length % 2)));
        file.Write(value);
        if (value.Length % 2 != 0) file.WriteByte(0);
    }
}
