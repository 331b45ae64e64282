using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Films of one launch of <see cref="JpegLosslessDevice"/>, in page-locked memory and in the device's: a slot of a ring has one.</summary>
/// <remarks><code>
/// slab: │ JpegDeviceFilm × capacity │ block │ block │ ... each at a multiple of 16
/// </code>
/// Films of any sizes mix. Filled by one thread at a time; <see cref="Clear"/> begins the next batch, once the stream that decoded the last
/// one was waited for. Memory is taken by the constructor only.</remarks>
public sealed class JpegLosslessBatch : IDisposable
{
    private readonly int _groupSize;
    private readonly PageLockedArray1D<byte> _host;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _slab;
    private readonly PageLockedArray1D<int> _hostFaults;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _faults;
    private long _used;

    /// <summary>Memory for a batch.</summary>
    /// <param name="device">The device that will decode it.</param>
    /// <param name="films">Films at most, 1 or more.</param>
    /// <param name="codedBytes">Room for their <see cref="JpegLosslessFilm.BlockBytes"/>, on the host and on the device.</param>
    public JpegLosslessBatch(JpegLosslessDevice device, int films, int codedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(films, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(codedBytes);
        (Capacity, _groupSize) = (films, device.GroupSize);
        _used = DescriptorBytes;
        _host = device.Accelerator.AllocatePageLocked1D<byte>(DescriptorBytes + codedBytes);
        _slab = device.Accelerator.Allocate1D<byte>(DescriptorBytes + codedBytes);
        _hostFaults = device.Accelerator.AllocatePageLocked1D<int>(films);
        _faults = device.Accelerator.Allocate1D<int>(films);
    }

    /// <summary>Films at most.</summary>
    public int Capacity { get; }

    /// <summary>Films so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that <see cref="Upload"/> copies.</summary>
    public long UploadBytes => _used;

    internal long Samples { get; private set; }

    internal int Subsequences { get; private set; }

    internal int Sequences { get; private set; }

    internal int Rows { get; private set; }

    /// <summary>Bytes from a target's start to behind the last pixel.</summary>
    internal long TargetBytes { get; private set; }

    /// <summary>Some film needs the kernels of selection value 1.</summary>
    internal bool HasRows { get; private set; }

    /// <summary>Some film needs the kernel of the others.</summary>
    internal bool HasWavefronts { get; private set; }

    internal ArrayView<byte> Slab => _slab.View;

    internal ArrayView<int> Faults => _faults.View;

    private long DescriptorBytes => ((long)Capacity * Unsafe.SizeOf<JpegDeviceFilm>() + 15) / 16 * 16;

    /// <summary>Puts a film into the batch; false, and nothing changed, when it has no room.</summary>
    /// <param name="film">May be disposed afterwards.</param>
    /// <param name="field">The pixels that are wanted: written row after row without gaps, as <see cref="FilmBatchPacker"/> lays films out.</param>
    /// <param name="targetByte">Where in the target of <see cref="JpegLosslessDevice.Decode"/>; a multiple of 16. Rows lie as in a
    /// packed slab: each at a multiple of 16 bytes (<see cref="FilmDescriptor.RowBytes"/>).</param>
    /// <exception cref="ArgumentException">A field beyond the film, or a place that is not aligned.</exception>
    public bool TryAdd(JpegLosslessFilm film, FieldOfView field, long targetByte)
    {
        if (!field.FitsIn(film.Rows, film.Columns)) throw new ArgumentException("beyond the film", nameof(field));
        if (targetByte < 0 || targetByte % 16 != 0) throw new ArgumentException("not a multiple of 16 bytes", nameof(targetByte));
        var prepared = film.Film;
        if (Count == Capacity || _host.Length - _used < film.BlockBytes || int.MaxValue - Subsequences < prepared.Subsequences) return false;

        film.Block.CopyTo(_host.Span[(int)_used..]);
        MemoryMarshal.Cast<byte, JpegDeviceFilm>(_host.Span[..(int)DescriptorBytes])[Count++] = prepared with
        {
            FirstWord = prepared.FirstWord + _used / sizeof(uint),
            SegmentEntry = prepared.SegmentEntry + _used / sizeof(int),
            TableEntry = (int)(prepared.TableEntry + _used / sizeof(ushort)),
            FirstDifference = Samples,
            TargetByte = targetByte,
            FirstSubsequence = Subsequences,
            FirstSequence = Sequences,
            FirstRow = Rows,
            Field = field,
        };
        _used += film.BlockBytes;
        Samples += (long)film.Rows * film.Columns;
        Subsequences += prepared.Subsequences;
        Sequences += (prepared.Subsequences + _groupSize - 1) / _groupSize;
        Rows += film.Rows;
        TargetBytes = Math.Max(TargetBytes, targetByte + (long)field.Rows * FilmDescriptor.RowBytesOf(field.Columns, film.BytesPerSample));
        if (prepared.Selection == 1) HasRows = true;
        else HasWavefronts = true;
        return true;
    }

    /// <summary>Enqueues the copy to the device: coded bytes, not pixels.</summary>
    /// <param name="stream">That of <see cref="JpegLosslessDevice.Decode"/>, or one that it waits for.</param>
    public void Upload(AcceleratorStream stream)
    {
        if (Count > 0) Slab.SubView(0, _used).CopyFromCPUUnsafeAsync(stream, ref MemoryMarshal.GetReference(_host.Span), _used);
    }

    /// <summary>Why a film has no pixels; None when it has. Valid once the stream that decoded the batch was waited for.</summary>
    /// <param name="place">In the order of <see cref="TryAdd"/>.</param>
    public JpegDeviceFault Fault(int place)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)Count, nameof(place));
        return (JpegDeviceFault)_hostFaults[place];
    }

    /// <summary>Begins a new batch in the same memory.</summary>
    public void Clear()
    {
        (Count, _used, Samples, Subsequences, Sequences, Rows, TargetBytes) = (0, DescriptorBytes, 0, 0, 0, 0, 0);
        (HasRows, HasWavefronts) = (false, false);
    }

    /// <summary>Frees the memory; no stream may still be at work on it.</summary>
    public void Dispose()
    {
        _host.Dispose();
        _slab.Dispose();
        _hostFaults.Dispose();
        _faults.Dispose();
    }

    internal void FetchFaults(AcceleratorStream stream) => Faults.CopyToCPUUnsafeAsync(stream, ref _hostFaults.Span[0], Capacity);
}
