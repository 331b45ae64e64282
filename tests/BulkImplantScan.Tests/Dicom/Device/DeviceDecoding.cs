using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Dicom.Device;

/// <summary>Decodes films on ILGPU's CPU accelerator, and the same films with the codec of the processor.</summary>
internal static class DeviceDecoding
{
    private const byte Untouched = 0xA5;

    private static readonly Lock DeviceLock = new();
    private static readonly Dictionary<int, (JpegLosslessDevice Device, AcceleratorStream Stream)> Loaded = [];

    /// <summary>A batch of whole films in one launch, in groups of so many threads.</summary>
    public static (JpegDeviceFault Fault, byte[] Pixels)[] Run(int groupSize, params IReadOnlyList<JpegLosslessFilm> films) =>
        Run(groupSize, [.. films.Select(film => (film, new FieldOfView(0, 0, film.Rows, film.Columns)))]);

    /// <summary>Fields of films in one launch.</summary>
    public static (JpegDeviceFault Fault, byte[] Pixels)[] Run(int groupSize, params IReadOnlyList<(JpegLosslessFilm Film, FieldOfView Field)> films)
    {
        lock (DeviceLock) // the emulator uses all cores for one launch anyway
        {
            if (!Loaded.TryGetValue(groupSize, out var loaded))
            {
                var context = Context.Create(builder => builder.CPU(new CPUDevice(groupSize, 1, 1)));
                var accelerator = context.CreateCPUAccelerator(0);
                loaded = Loaded[groupSize] = (new(accelerator), accelerator.CreateStream());
                Assert.Equal(groupSize, loaded.Device.GroupSize);
            }

            var (device, stream) = loaded;
            using var batch = new JpegLosslessBatch(device, films.Count, films.Sum(one => one.Film.BlockBytes));
            var places = new int[films.Count + 1];
            places[0] = 16; // not the beginning: a batch shares the memory with other films
            for (var i = 0; i < films.Count; i++)
            {
                var (film, field) = films[i];
                Assert.True(batch.TryAdd(film, field, places[i]));
                places[i + 1] = places[i] + field.Rows * FilmDescriptor.RowBytesOf(field.Columns, film.BytesPerSample) + 16;
            }

            Assert.False(batch.TryAdd(films[0].Film, films[0].Field, places[^1]));
            using var target = device.Accelerator.Allocate1D(Enumerable.Repeat(Untouched, places[^1]).ToArray());
            batch.Upload(stream);
            device.Decode(stream, batch, target.View.BaseView);
            stream.Synchronize();
            var pixels = target.GetAsArray1D(stream);
            var results = new (JpegDeviceFault, byte[])[films.Count];
            var end = 0;
            for (var i = 0; i < films.Count; i++)
            {
                Assert.False(pixels.AsSpan(end..places[i]).ContainsAnyExcept(Untouched), "written between the films");
                var (film, field) = films[i];
                end = places[i] + field.Rows * FilmDescriptor.RowBytesOf(field.Columns, film.BytesPerSample);
                results[i] = (batch.Fault(i), Rows(pixels.AsSpan(places[i]..end), field, film.BytesPerSample));
            }

            Assert.False(pixels.AsSpan(end).ContainsAnyExcept(Untouched), "written behind the films");
            return results;
        }
    }

    /// <summary>Pixels without what lies between the rows of a slab, which nobody may have written.</summary>
    public static byte[] Rows(ReadOnlySpan<byte> slab, FieldOfView field, int bytesPerSample, byte between = Untouched)
    {
        var (step, length) = (FilmDescriptor.RowBytesOf(field.Columns, bytesPerSample), field.Columns * bytesPerSample);
        var pixels = new byte[field.Rows * length];
        for (var row = 0; row < field.Rows; row++)
        {
            slab.Slice(row * step, length).CopyTo(pixels.AsSpan(row * length));
            Assert.False(slab[(row * step + length)..((row + 1) * step)].ContainsAnyExcept(between), "written between the rows");
        }

        return pixels;
    }

    /// <summary>What the processor makes of a stream: clean cells, or null; and bits that Bits Stored does not have.</summary>
    public static (byte[]? Pixels, uint Unused) OnProcessor(ReadOnlySpan<byte> frame, in ImagePixelDescription description, PixelBufferPool pool)
    {
        var pixels = new byte[description.SampleCount * description.BytesPerSample];
        if (JpegLosslessCodec.Decode(frame, description, pixels, pool).Reason != Reason.None) return (null, 0);
        var unused = SampleCells.Clean(pixels, description);
        return (pixels, unused);
    }
}
