using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using CsCheck;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Dicom.Device;

/// <summary>The kernels of JPEG lossless against the codec of the processor, bit by bit, on ILGPU's CPU accelerator.</summary>
public sealed class JpegLosslessDeviceTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Grey_films_by_other_encoders_are_decoded_as_by_the_processor(int groupSize)
    {
        var films = new List<JpegLosslessFilm>();
        var expected = new List<(string Name, byte[] Pixels)>();
        foreach (var line in OracleFile.Read("pixel-cases.csv.gz").Where(line => line[0].StartsWith("jpeg-lossless", StringComparison.Ordinal)))
        {
            var (file, dataset) = Parse(Convert.FromBase64String(line[2]));
            var film = JpegLosslessFrames.Prepare(file, dataset, 1, _pool);
            using var pixels = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, _pool).Pixels!;
            Assert.Equal(pixels.SamplesPerPixel == 1, film is not null);
            if (film is null) continue;
            films.Add(film);
            expected.Add((line[0], pixels.Bytes.ToArray()));
        }

        Assert.Equal(47, films.Count);
        var results = DeviceDecoding.Run(groupSize, films);
        for (var i = 0; i < results.Length; i++)
        {
            Assert.True(results[i].Fault == JpegDeviceFault.None, $"{expected[i].Name}: {results[i].Fault}");
            Assert.True(results[i].Pixels.AsSpan().SequenceEqual(expected[i].Pixels), expected[i].Name);
        }
    }

    [Fact]
    public void Random_films_of_any_shape_in_one_launch_are_decoded_as_by_the_processor()
    {
        int good = 0, all = 0;
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var random = new Random(seed);
            var streams = Enumerable.Range(0, 12).Select(_ => RandomJpeg.Of(random)).ToArray();
            foreach (var (fault, stream) in Compare(random, streams))
            {
                Assert.True(fault is not null, $"not prepared: {stream.What}");
                var unused = DeviceDecoding.OnProcessor(stream.Frame, stream.Description, _pool).Unused;
                var isExpected = fault == (unused != 0 ? JpegDeviceFault.UnusedBits : JpegDeviceFault.None);
                Assert.True(isExpected || fault!.Value.HasFlag(JpegDeviceFault.NotSynchronised), $"{fault}: {stream.What}");
                all++;
                if (isExpected) good++;
            }
        }, iter: 8, threads: 1);
        Assert.True(good > 0.9 * all, $"only {good} of {all} fell into step");
    }

    [Fact]
    public void Of_a_broken_stream_the_device_says_so_or_has_the_processor_s_pixels()
    {
        var faults = 0;
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var random = new Random(seed);
            var streams = Enumerable.Range(0, 12).Select(_ => RandomJpeg.Of(random).Damaged(random)).ToArray();
            faults += Compare(random, streams).Count(one => one.Fault is not (null or JpegDeviceFault.None));
        }, iter: 8, threads: 1);
        Assert.True(faults > 20, $"only {faults} broken streams came to the device");
    }

    [Fact]
    public void A_stream_in_which_decoders_never_fall_into_step_is_decoded_while_it_is_short_and_else_left_to_the_processor()
    {
        var random = new Random(3);
        RandomJpeg Stream(int rows)
        {
            // Differences of category 15 only.
            var cells = new ushort[rows * 40];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = (ushort)((i % 40 > 0 ? cells[i - 1] : i > 0 ? cells[i - 40] : 1 << 15) + (random.Next(2) * 2 - 1) * random.Next(1 << 14, 1 << 15));
            var frame = NaiveJpegWriter.Write(cells, 40, 16, 0, 1, 0, NaiveJpegWriter.OutOfStep);
            return new(frame, new(rows, 40, 1, 16, 16, 15, IsSigned: true, 0, "MONOCHROME2", 1), "out of step");
        }

        // Codes of 17 bits: of 17 sequences of 128 bits only the first begins with one.
        var (shortOne, longOne) = (Stream(3), Stream(4));
        using var few = JpegLosslessFilm.Prepare(shortOne.Frame, shortOne.Description, _pool, out _, 1)!;
        using var many = JpegLosslessFilm.Prepare(longOne.Frame, longOne.Description, _pool, out _, 1)!;
        Assert.Equal(JpegJoinKernel.MostRounds, few.Film.Subsequences / 4);
        Assert.True(many.Film.Subsequences / 4 > JpegJoinKernel.MostRounds);
        var results = DeviceDecoding.Run(4, few, many);
        Assert.Equal(JpegDeviceFault.None, results[0].Fault);
        Assert.Equal(DeviceDecoding.OnProcessor(shortOne.Frame, shortOne.Description, _pool).Pixels, results[0].Pixels);
        Assert.True(results[1].Fault.HasFlag(JpegDeviceFault.NotSynchronised), $"{results[1].Fault}");
        Assert.NotNull(DeviceDecoding.OnProcessor(longOne.Frame, longOne.Description, _pool).Pixels);
    }

    [Fact]
    public void Only_the_field_of_a_film_is_written()
    {
        var random = new Random(4);
        var cells = Enumerable.Range(0, 30 * 20).Select(_ => (ushort)random.Next(4096)).ToArray();
        var description = new ImagePixelDescription(30, 20, 1, 16, 12, 11, false, 0, "MONOCHROME2", 1);
        foreach (var selection in (int[])[1, 5])
        {
            using var film = JpegLosslessFilm.Prepare(
                NaiveJpegWriter.Write(cells, 20, 12, 0, selection, 7, NaiveJpegWriter.Usual), description, _pool, out _)!;
            FieldOfView[] fields = [new(0, 0, 30, 20), new(3, 5, 11, 7), new(29, 19, 1, 1)];
            var results = DeviceDecoding.Run(16, [.. fields.Select(field => (film, field))]);
            foreach (var (field, (fault, pixels)) in fields.Zip(results))
            {
                Assert.Equal(JpegDeviceFault.None, fault);
                var expected = Enumerable.Range(0, field.Rows * field.Columns)
                    .Select(i => cells[(field.Top + i / field.Columns) * 20 + field.Left + i % field.Columns]).ToArray();
                Assert.Equal(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(pixels));
            }
        }
    }

    [Fact]
    public void What_a_device_does_not_take_is_said_before_it_costs_memory()
    {
        var cells = new ushort[8 * 10];
        for (var i = 0; i < cells.Length; i++) cells[i] = (ushort)(2048 + i % 7);
        var frame = NaiveJpegWriter.Write(cells, 10, 12, 0, 1, 2, NaiveJpegWriter.Usual);
        var description = new ImagePixelDescription(8, 10, 1, 16, 12, 11, false, 0, "MONOCHROME2", 1);
        Assert.Null(Why(frame, description));
        Assert.Equal("several components", Why(frame, description with { SamplesPerPixel = 3 }));
        Assert.Equal("cells of neither 8 nor 16 bits", Why(frame, description with { BitsAllocated = 12 }));
        Assert.Equal("samples that do not begin at bit 0", Why(frame, description with { HighBit = 15 }));
        Assert.Equal("more than a device takes", Why(frame, description with { Rows = 20_000, Columns = 30_000 }));
        Assert.Equal("fewer bits than samples", Why(frame, description with { Rows = 20_000, Columns = 20_000 }));
        Assert.Equal("rows or columns disagree with the header", Why(frame, description with { Rows = 9 }));
        Assert.Equal("no start of image", Why(frame[1..], description));
        Assert.Equal("TruncatedPixelData", Why(frame[..20], description));

        var restart = frame.AsSpan().LastIndexOf((byte[])[0xFF, 0xD2]);
        Assert.Equal("a restart marker was expected", Why([.. frame[..restart], 0xFF, .. frame[restart..]], description));
        Assert.Equal("a restart marker was expected", Why([.. frame[..(restart + 1)], 0xD3, .. frame[(restart + 2)..]], description));
        Assert.Equal("a restart marker was expected", Why(frame[..restart], description));
        var interval = frame.AsSpan().IndexOf((byte[])[0xFF, 0xDD]);
        Assert.Equal("a restart interval that is not whole rows", Why([.. frame[..(interval + 5)], 21, .. frame[(interval + 6)..]], description));

        string? Why(byte[] stream, ImagePixelDescription described)
        {
            using var film = JpegLosslessFilm.Prepare(stream, described, _pool, out var whyNot);
            Assert.Equal(film is null, whyNot is not null);
            return whyNot;
        }
    }

    [Fact]
    public void A_batch_is_used_again_after_it_was_cleared()
    {
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(8, 1, 1)));
        using var accelerator = context.CreateCPUAccelerator(0);
        using var device = new JpegLosslessDevice(accelerator);
        using var batch = new JpegLosslessBatch(device, 2, 1 << 16);
        using var target = accelerator.Allocate1D<byte>(8192);
        var random = new Random(5);
        device.Reserve(accelerator.DefaultStream, 2, 25, 41);
        for (var round = 0; round < 4; round++)
        {
            batch.Clear();
            var count = round % 2 + 1;
            var streams = Enumerable.Range(0, count).Select(_ => RandomJpeg.Of(random)).ToArray();
            for (var i = 0; i < count; i++)
            {
                using var film = JpegLosslessFilm.Prepare(streams[i].Frame, streams[i].Description, _pool, out _)!;
                Assert.True(batch.TryAdd(film, new(0, 0, film.Rows, film.Columns), 4096 * i));
            }

            batch.Upload(accelerator.DefaultStream);
            target.MemSetToZero();
            device.Decode(accelerator.DefaultStream, batch, target.View.BaseView);
            accelerator.DefaultStream.Synchronize();
            var pixels = target.GetAsArray1D();
            for (var i = 0; i < count; i++)
            {
                var (expected, unused) = DeviceDecoding.OnProcessor(streams[i].Frame, streams[i].Description, _pool);
                Assert.Equal(unused != 0 ? JpegDeviceFault.UnusedBits : JpegDeviceFault.None, batch.Fault(i));
                var shape = streams[i].Description;
                Assert.Equal(expected!, DeviceDecoding.Rows(pixels.AsSpan(4096 * i), new(0, 0, shape.Rows, shape.Columns), shape.BytesPerSample, between: 0));
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => batch.Fault(count));
        }
    }

    /// <summary>What the device says of each stream, null where it does not take it; fails where its pixels are not the processor's.</summary>
    private IEnumerable<(JpegDeviceFault? Fault, RandomJpeg Stream)> Compare(Random random, RandomJpeg[] streams)
    {
        var prepared = streams.Select(stream => JpegLosslessFilm.Prepare(stream.Frame, stream.Description, _pool, out _, random.Next(1, 9))).ToArray();
        var films = prepared.OfType<JpegLosslessFilm>().ToArray();
        var results = films.Length == 0 ? [] : DeviceDecoding.Run(random.Next(2) == 0 ? 4 : 8, films);
        foreach (var film in films) film.Dispose();
        for (int i = 0, place = 0; i < streams.Length; i++)
        {
            if (prepared[i] is null)
            {
                yield return (null, streams[i]);
                continue;
            }

            var (fault, pixels) = results[place++];
            if (fault == JpegDeviceFault.None)
            {
                var (expected, unused) = DeviceDecoding.OnProcessor(streams[i].Frame, streams[i].Description, _pool);
                Assert.True(expected is not null && unused == 0, $"no fault, but the processor has one: {streams[i].What}");
                Assert.True(expected.AsSpan().SequenceEqual(pixels), $"other pixels: {streams[i].What}");
            }

            // Nor is a good film sent back, but for the reasons that say nothing of the stream.
            const JpegDeviceFault isBroken = JpegDeviceFault.Damaged | JpegDeviceFault.AbovePrecision;
            if ((fault & isBroken) != 0 && !fault.HasFlag(JpegDeviceFault.NotSynchronised))
                Assert.True(DeviceDecoding.OnProcessor(streams[i].Frame, streams[i].Description, _pool).Pixels is null, $"{fault}: {streams[i].What}");
            yield return (fault, streams[i]);
        }
    }

    private static (byte[] File, DicomDataset Dataset) Parse(byte[] file)
    {
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        return (file, dataset);
    }
}
