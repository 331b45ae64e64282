using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Pipeline;

/// <summary>JPEG lossless films of a scan, decoded by kernels of the device; whatever they do not take, or give up, by the processor.</summary>
/// <remarks>Pixels come back to the host, since pixel hash, checks, field of view and hips of a film are computed there: a bus carries them down
/// while coded bytes go up. A row does not depend on where its film was decoded: of the first films both decode, and where they differ the device is
/// not asked again, and says so; later <see cref="SelfCheck"/> goes on with its share.</remarks>
internal sealed class DeviceDecoder : IDisposable
{
    private const int Lanes = 2;

    private readonly IlgpuDevice _device;
    private readonly DecodeMemory _memory;
    private readonly Held _held = new();
    private readonly DecodeQueue _queue;
    private readonly int _watched;
    private int _decoded, _givenUp, _agreed;
    private volatile bool _isOff;

    /// <summary>Takes memory and compiles. On the device's thread.</summary>
    /// <param name="device">Where.</param>
    /// <param name="memory">Of each of two lanes.</param>
    /// <param name="watched">Films that the processor must have decoded alike before the device is trusted.</param>
    public DeviceDecoder(IlgpuDevice device, DecodeMemory memory, int watched = 32)
    {
        (_device, _memory, _watched) = (device, memory, watched);
        try
        {
            var kernels = _held.Keep(new JpegLosslessDevice(device.Accelerator));
            var streams = _held.Keep(new DecodeStreams(device.Accelerator));
            kernels.Reserve(streams.Decode, memory.Films, Math.Max(1, memory.PixelBytes / 2 / memory.Films / 2048), 2048);
            var lanes = new DecodeLane[Lanes];
            for (var i = 0; i < Lanes; i++) lanes[i] = _held.Keep(new DecodeLane(device, kernels, streams, memory));
            _queue = new(lanes);
        }
        catch
        {
            _held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a scan can go on when decoding failed so: the driver refused, and the device is not lost. Bugs are not hidden.</summary>
    public static bool CanGoOnWithout(Exception fault) => DeviceFault.IsOutOfMemory(fault) || (fault is CudaException or CudaErrorException && !DeviceFault.IsLost(fault));

    /// <summary>Why it failed, in a few words.</summary>
    public static string Why(Exception fault) => DeviceFault.IsOutOfMemory(fault) ? "it has no memory for that" : fault.Message;

    /// <summary>Damages pixels that came back: a seam for tests of a device that decodes wrongly.</summary>
    internal Action<Span<byte>>? Spoil { get; init; }

    /// <summary>What people should know of it after a scan; null when it was not asked.</summary>
    public string? Summary => _decoded + _givenUp == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{_device.Description} decoded {_decoded:N0} films in JPEG lossless{(_givenUp == 0 ? "" : $"; {_givenUp:N0} that it gave up were decoded by the processor")}");

    /// <summary>Decodes one film: a <see cref="DecodeFilm"/> in front of the processor's. Called by several workers at a time.</summary>
    /// <inheritdoc cref="FrameDecoder.Decode"/>
    public DecodeOutcome Decode(
        DecodeFilm byProcessor, ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool, PixelBuffer? holder)
    {
        if (_isOff) return byProcessor(file, dataset, frame, settings, pool, holder);
        if (TryDecode(file, dataset, frame, pool) is not { Pixels: { } pixels } decoded) return byProcessor(file, dataset, frame, settings, pool, holder);
        if (Volatile.Read(ref _agreed) >= _watched) return decoded; // so many comparisons have ended, not begun

        var trusted = byProcessor(file, dataset, frame, settings, pool, holder);
        var isSame = trusted.Pixels is { } known && (known.Rows, known.Columns, known.Kind, known.BitsStored) == (pixels.Rows, pixels.Columns, pixels.Kind, pixels.BitsStored)
            && known.Bytes.SequenceEqual(pixels.Bytes);
        pixels.Dispose();
        if (isSame) Interlocked.Increment(ref _agreed);
        else TurnOff("it decoded a film otherwise than the processor");
        return trusted;
    }

    /// <summary>On the device's thread, when no stream works on it.</summary>
    public void Dispose() => _held.Dispose();

    /// <summary>Default when the processor must decode it.</summary>
    private DecodeOutcome TryDecode(ReadOnlySpan<byte> file, DicomDataset dataset, int frame, PixelBufferPool pool)
    {
        using var film = JpegLosslessFrames.Prepare(file, dataset, frame, pool);
        if (film is null || !_memory.Holds(film)) return default;
        var bytes = (long)film.Rows * film.Columns * film.BytesPerSample;
        var buffer = pool.Rent(bytes);
        try
        {
            if (_queue.Decode(film, buffer.Span(bytes)) == JpegDeviceFault.None)
            {
                Spoil?.Invoke(buffer.Span(bytes));
                Interlocked.Increment(ref _decoded);
                return JpegLosslessFrames.Decoded(buffer, dataset.DescribePixels(file));
            }

            Interlocked.Increment(ref _givenUp);
        }
        catch (Exception e) when (CanGoOnWithout(e))
        {
            TurnOff(Why(e));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        buffer.Dispose();
        return default;
    }

    private void TurnOff(string why)
    {
        if (Interlocked.Exchange(ref _isOff, true)) return;
        _device.Note($"{_device.Description} decodes no more films in JPEG lossless, the processor does: {why}");
    }
}
