using System.Diagnostics;
using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using ILGPU.Runtime;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary><c>jpeg-2000-device --film FILE [--device cpu|cuda:0] [--lanes N] [--seconds S]</c>: a JPEG 2000 film decoded again and again by the cores of the
/// processor, as a scan does with <c>--exact-decode</c>, and by NVIDIA's decoder where the machine has it (<see cref="NvJpeg2000Peer"/>); pixels compared.</summary>
/// <remarks>There are no kernels of ours for JPEG 2000: this says whether NVIDIA's would be worth a call. <c>cpu</c> tries the command.</remarks>
internal static class Jpeg2000DeviceCommand
{
    private const string Usage = "jpeg-2000-device --film FILE [--device cpu|cuda:0] [--lanes N] [--seconds S]";

    public static int Run(string[] arguments)
    {
        var (name, lanes, seconds, path) = ("cuda:0", 8, 5.0, "");
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--device": name = value; break;
                case "--lanes": lanes = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--seconds": seconds = double.Parse(value, CultureInfo.InvariantCulture); break;
                case "--film": path = value; break;
                default: return Misused();
            }
        }

        if (arguments.Length % 2 != 0 || path.Length == 0 || lanes < 1) return Misused();
        var film = new RealFilm(Path.GetFullPath(path));
        var description = film.Dataset.DescribePixels(film.File);
        using var pool = new PixelBufferPool();
        using var codecs = new NativeCodecs(new());
        var settings = DecodeSettings.Exact with { NativeCodecs = codecs };
        using var expected = Decode();
        var codestream = film.Codestream();
        Console.WriteLine("decoder,films_per_s,at_a_time,rows,columns,coded_mb,decoded_mb");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"openjpeg,{OnProcessor():0.00},{Environment.ProcessorCount},{description.Rows},{description.Columns},{codestream.Length / 1e6:0.000},{expected.Bytes.Length / 1e6:0.000}"));

        using var device = new DecodingDevice(name);
        var streams = Enumerable.Range(0, lanes).Select(_ => device.Accelerator.CreateStream()).ToArray();
        var targets = Enumerable.Range(0, lanes).Select(_ => device.Accelerator.Allocate1D<byte>(expected.Bytes.Length)).ToArray();
        Console.WriteLine(NvJpeg2000Peer.Try(
            codestream, description, [.. targets.Select(target => target.NativePtr)], [.. streams.Select(DecodingDevice.Address)], seconds,
            lane => streams[lane].Synchronize(), Compare));
        foreach (var target in targets) target.Dispose();
        foreach (var stream in streams) stream.Dispose();
        return 0;

        StoredPixels Decode()
        {
            var outcome = FrameDecoder.Decode(film.File, film.Dataset, 1, settings, pool);
            return outcome.Pixels ?? throw new InvalidOperationException($"{path}: {outcome.Reason} {outcome.Detail}");
        }

        // Films a second, all cores.
        double OnProcessor()
        {
            var (films, watch) = (0, Stopwatch.StartNew());
            Parallel.For(0, Environment.ProcessorCount, _ =>
            {
                do
                {
                    Decode().Dispose();
                    Interlocked.Increment(ref films);
                }
                while (watch.Elapsed.TotalSeconds < seconds);
            });
            return films / watch.Elapsed.TotalSeconds;
        }

        string Compare(int lane)
        {
            var pixels = new byte[expected.Bytes.Length];
            targets[lane].View.BaseView.CopyToCPU(streams[lane], pixels);
            return expected.Bytes.SequenceEqual(pixels) ? "the processor's pixels" : "WRONG PIXELS" + (pixels.AsSpan().ContainsAnyExcept((byte)0) ? "" : ", all zeros");
        }
    }

    private static int Misused()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
