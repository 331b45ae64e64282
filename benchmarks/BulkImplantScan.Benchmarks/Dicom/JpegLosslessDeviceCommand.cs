using System.Diagnostics;
using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;
using ILGPU.Runtime;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary><c>jpeg-lossless-device [--device cpu|cuda:0] [--films N] [--size RxC] [--seconds S] [--film FILE]</c>: a batch of JPEG lossless films
/// decoded again and again on a device; a line of CSV.</summary>
/// <remarks>Films are 12 bits of a smooth field with noise, about six bits a pixel as radiographs have; or copies of FILE. Rates with the batch
/// on the device already (<c>films_per_s</c>) and with its upload on the same stream each time (<c>with_upload_films_per_s</c>). Megabytes
/// are 10^6. Every pixel of the first and last batch is compared with the codec of the processor. Behind it a line of NVIDIA's decoder
/// on the same films (<see cref="NvJpegPeer"/>). <c>cpu</c> is ILGPU's emulator: it
/// tries the command, at 48x64, and says nothing of speed.</remarks>
internal static class JpegLosslessDeviceCommand
{
    private const string Usage = "jpeg-lossless-device [--device cpu|cuda:0] [--films N] [--size RxC] [--seconds S] [--film FILE]";

    public static int Run(string[] arguments)
    {
        var (name, count, rows, columns, seconds, path) = ("cuda:0", 64, 2500, 2048, 5.0, "");
        if (arguments.Length % 2 != 0) return Misused();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--device": name = value; break;
                case "--films": count = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--size" when value.Split('x') is [var r, var c]:
                    (rows, columns) = (int.Parse(r, CultureInfo.InvariantCulture), int.Parse(c, CultureInfo.InvariantCulture));
                    break;
                case "--seconds": seconds = double.Parse(value, CultureInfo.InvariantCulture); break;
                case "--film": path = value; break;
                default: return Misused();
            }
        }

        using var opened = new DecodingDevice(name);
        var accelerator = opened.Accelerator;
        using var stream = accelerator.CreateStream();
        using var pool = new PixelBufferPool();
        var films = path.Length > 0 ? [Read(path)] : Enumerable.Range(0, Math.Min(count, 4)).Select(seed => Make(rows, columns, seed)).ToArray();
        var description = films[0].Description;

        var clock = Stopwatch.StartNew();
        var prepared = films.Select(film => JpegLosslessFilm.Prepare(film.Frame, film.Description, pool, out var whyNot)
            ?? throw new InvalidOperationException(whyNot)).ToArray();
        for (var i = 0; i < 8; i++) // the first pass compiled the code and touched the memory
        {
            if (i == 4) clock.Restart();
            JpegLosslessFilm.Prepare(films[i % films.Length].Frame, description, pool, out _)!.Dispose();
        }

        var prepareMilliseconds = clock.Elapsed.TotalMilliseconds / 4;
        var filmBytes = description.SampleCount * description.BytesPerSample;
        var (rowBytes, rowStep) = (description.Columns * description.BytesPerSample, FilmDescriptor.RowBytesOf(description.Columns, description.BytesPerSample));
        var stride = description.Rows * rowStep;
        using var device = new JpegLosslessDevice(accelerator);
        using var batch = new JpegLosslessBatch(device, count, checked((int)Enumerable.Range(0, count).Sum(i => (long)prepared[i % films.Length].BlockBytes)));
        using var target = accelerator.Allocate1D<byte>((long)stride * count);
        for (var i = 0; i < count; i++)
        {
            if (!batch.TryAdd(prepared[i % films.Length], new(0, 0, description.Rows, description.Columns), (long)stride * i))
                throw new InvalidOperationException("the batch has no room");
        }

        Check();
        var resident = Measure(withUpload: false);
        var uploaded = Measure(withUpload: true);
        Check();

        Console.WriteLine("device,films,rows,columns,coded_mb,decoded_mb,films_per_s,coded_mb_per_s,decoded_mb_per_s,with_upload_films_per_s,batch_ms,host_prepare_ms_a_film");
        double coded = batch.UploadBytes / 1e6, decoded = filmBytes * count / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{accelerator.Name},{count},{description.Rows},{description.Columns},{coded:0.000},{decoded:0.000},{count * resident:0.0},{coded * resident:0.0},"
            + $"{decoded * resident:0.0},{count * uploaded:0.0},{1000 / resident:0.000},{prepareMilliseconds:0.000}"));

        // Last: what fails there may leave a device that fails at all that follows.
        if (description.BytesPerSample == 2)
        {
            target.View.BaseView.MemSetToZero(stream);
            stream.Synchronize();
            Console.WriteLine(NvJpegPeer.Try(
                [.. Enumerable.Range(0, count).Select(i => films[i % films.Length].Frame)], target.NativePtr, stride, rowStep, DecodingDevice.Address(stream), seconds,
                stream.Synchronize, Compare));
        }

        return 0;

        // Batches a second.
        double Measure(bool withUpload)
        {
            var batches = 0;
            var watch = Stopwatch.StartNew();
            for (; batches == 0 || watch.Elapsed.TotalSeconds < seconds; batches++)
            {
                if (withUpload) batch.Upload(stream);
                device.Decode(stream, batch, target.View.BaseView);
                stream.Synchronize(); // as a pipeline waits for the status words of a batch
            }

            return batches / watch.Elapsed.TotalSeconds;
        }

        string Compare()
        {
            var (pixels, same, zeros) = (new byte[stride], 0, 0);
            for (var i = 0; i < count; i++)
            {
                if (IsSame(i, pixels)) same++;
                else if (!pixels.AsSpan().ContainsAnyExcept((byte)0)) zeros++;
            }

            return same == count ? "the processor's pixels" : $"WRONG PIXELS of {count - same} of {count} films, {zeros} of them all zeros";
        }

        // Fetches a film's pixels.
        bool IsSame(int film, byte[] pixels)
        {
            target.View.BaseView.SubView((long)stride * film, stride).CopyToCPU(stream, pixels);
            var expected = films[film % films.Length].Pixels.AsSpan();
            for (var row = 0; row < description.Rows; row++)
                if (!expected.Slice(row * rowBytes, rowBytes).SequenceEqual(pixels.AsSpan(row * rowStep, rowBytes))) return false;
            return true;
        }

        void Check()
        {
            target.View.BaseView.MemSetToZero(stream);
            batch.Upload(stream);
            device.Decode(stream, batch, target.View.BaseView);
            stream.Synchronize();
            var pixels = new byte[stride];
            for (var i = 0; i < count; i++)
            {
                if (batch.Fault(i) != JpegDeviceFault.None) throw new InvalidOperationException($"film {i}: {batch.Fault(i)}");
                if (!IsSame(i, pixels)) throw new InvalidOperationException($"film {i}: other pixels than the processor's");
            }
        }
    }

    private static int Misused()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    private static (byte[] Frame, ImagePixelDescription Description, byte[] Pixels) Make(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var samples = new ushort[rows * columns];
        for (var i = 0; i < samples.Length; i++)
        {
            var field = 2000 + 1500 * Math.Sin(i % columns * 3.0 / columns + seed) * Math.Cos(i / columns * 2.0 / rows);
            samples[i] = (ushort)Math.Clamp(field + random.Next(-16, 17) + random.Next(-16, 17), 0, 4095);
        }

        var frame = JpegLossless.Encode(samples, rows, columns, 12);
        return Decoded(frame, new(rows, columns, 1, 16, 12, 11, false, 0, "MONOCHROME2", 1));
    }

    private static (byte[] Frame, ImagePixelDescription Description, byte[] Pixels) Read(string path)
    {
        var film = new RealFilm(path);
        return Decoded(film.Codestream(), film.Dataset.DescribePixels(film.File));
    }

    private static (byte[] Frame, ImagePixelDescription Description, byte[] Pixels) Decoded(byte[] frame, ImagePixelDescription description)
    {
        using var pool = new PixelBufferPool();
        var pixels = new byte[description.SampleCount * description.BytesPerSample];
        var result = JpegLosslessCodec.Decode(frame, description, pixels, pool);
        if (result.Reason != Reason.None) throw new InvalidOperationException($"{result.Reason} {result.Detail}");
        SampleCells.Clean(pixels, description);
        return (frame, description, pixels);
    }
}
