using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Dicom.Device;

/// <summary>Every JPEG lossless film of ../shared/data/dicom through the kernels.</summary>
public sealed class RealFilmsOnDeviceTests : IDisposable
{
    private const int WholeSamples = 300_000; // what the emulator does in seconds
    private const int Side = 48;

    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void The_film_as_it_is_where_the_emulator_can_and_its_middle_written_anew_for_all()
    {
        var shared = SharedFolder.Require("data", "dicom");
        var films = new List<JpegLosslessFilm>();
        var middles = new List<JpegLosslessFilm>();
        var (expected, expectedMiddles) = (new List<(string Name, byte[] Pixels)>(), new List<(string Name, byte[] Pixels)>());
        foreach (var path in Directory.GetFiles(shared, "*.dcm").Order(StringComparer.Ordinal))
        {
            var file = File.ReadAllBytes(path);
            var dataset = new DicomDataset();
            if (DicomReader.Parse(file, isWholeFile: true, dataset).Status != ParseStatus.Ok) continue;
            if (dataset.TransferSyntax is not (TransferSyntaxes.JpegLossless or TransferSyntaxes.JpegLosslessSv1)) continue;
            using var pixels = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, _pool).Pixels;
            var film = JpegLosslessFrames.Prepare(file, dataset, 1, _pool);
            Assert.Equal(pixels is null, film is null);
            if (pixels is null) continue;
            if (pixels.SampleCount <= WholeSamples)
            {
                films.Add(film!);
                expected.Add((Path.GetFileName(path), pixels.Bytes.ToArray()));
            }

            // The middle, by another predictor for each film.
            var (rows, columns) = (Math.Min(Side, pixels.Rows), Math.Min(Side, pixels.Columns));
            var middle = new ushort[rows * columns];
            var source = pixels.Samples<ushort>();
            for (var i = 0; i < middle.Length; i++)
                middle[i] = source[((pixels.Rows - rows) / 2 + i / columns) * pixels.Columns + (pixels.Columns - columns) / 2 + i % columns];
            var frame = NaiveJpegWriter.Write(middle, columns, 16, 0, middles.Count % 7 + 1, middles.Count % 2 * 10, NaiveJpegWriter.Usual);
            var description = dataset.DescribePixels(file) with { Rows = rows, Columns = columns };
            middles.Add(JpegLosslessFilm.Prepare(frame, description, _pool, out _, 8)!);
            expectedMiddles.Add((Path.GetFileName(path), MemoryMarshal.AsBytes<ushort>(middle).ToArray()));
        }

        Assert.Equal((3, 7), (films.Count, middles.Count));
        RequireSame(expectedMiddles, DeviceDecoding.Run(4, middles));

        RequireSame(expected, DeviceDecoding.Run(2, films)); // few threads: each barrier is a wait of the emulator's
    }

    private static void RequireSame(List<(string Name, byte[] Pixels)> expected, (JpegDeviceFault Fault, byte[] Pixels)[] results)
    {
        foreach (var ((name, pixels), (fault, actual)) in expected.Zip(results))
        {
            Assert.True(fault == JpegDeviceFault.None, $"{name}: {fault}");
            Assert.True(pixels.AsSpan().SequenceEqual(actual), name);
        }
    }
}
