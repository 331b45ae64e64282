using System.Diagnostics;
using System.Numerics;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>One input through the decoder, twice: by itself, and through the scan's own stage to the network's input.</summary>
/// <remarks>Buffers are filled with another pattern each time: a sample that no decoder wrote shows as a difference.</remarks>
internal sealed class FilmFuzz : IFuzzTarget
{
    private const int MaxFrames = 4;
    private const int FixedBytes = 2 << 20; // tables of 16 bits, histograms, rows; buffers come in classes of 64 KiB

    private static readonly InputGeometry Geometry = new(1, 48, 48, [0f], [1f]);

    private readonly PixelBufferPool _pool;
    private readonly Decode _stage;
    private readonly DicomDataset _dataset = new();
    private readonly PreprocessScratch _scratch = new();
    private readonly float[] _network = new float[Geometry.FilmLength];
    private long _rented;
    private byte _poison;
    private TimeSpan _decoding, _scanning;

    public FilmFuzz()
    {
        _pool = new() { Renting = Poison };
        _stage = new(_pool, 1, Geometry, DecodeSettings.Exact, new(), FrameDecoder.Decode, new(1, Geometry));
    }

    public bool IsFilm => true;

    public long AllocatedBytes { get; private set; }

    /// <remarks>The longer of the two ways: a file is decoded once.</remarks>
    public TimeSpan Elapsed => _decoding > _scanning ? _decoding : _scanning;

    public string Outcome { get; private set; } = "";

    /// <summary>Decodes the seed as it is, so that <see cref="Try"/> knows what must stay.</summary>
    public void Learn(FuzzSeed seed)
    {
        var input = new byte[seed.LargestInput([])];
        var length = seed.Build([], input);
        using var parsed = ParsedFile.Open(input.AsSpan(0, length), _dataset, _pool);
        var frames = parsed.Outcome.Status == ParseStatus.Ok ? Frames(parsed.Bytes) : 0;
        seed.Truth = new FrameTruth[frames];
        for (var frame = 1; frame <= frames; frame++)
        {
            var outcome = FrameDecoder.Decode(parsed.Bytes, _dataset, frame, DecodeSettings.Exact, _pool);
            using (outcome.Pixels) seed.Truth[frame - 1] = new(outcome.Reason, outcome.Pixels is { } pixels ? pixels.Bytes.ToArray() : []);
        }
    }

    /// <inheritdoc/>
    public FuzzFault? Try(FuzzSeed seed, List<Edit> edits, ReadOnlySpan<byte> input)
    {
        (AllocatedBytes, Outcome, _decoding, _scanning) = (0, "", default, default);
        var started = Stopwatch.GetTimestamp();
        using var parsed = ParsedFile.Open(input, _dataset, _pool);
        _decoding = Stopwatch.GetElapsedTime(started);
        if (parsed.Outcome.Status != ParseStatus.Ok)
        {
            Outcome = parsed.Outcome.Status.ToString();
            return Scope(seed, edits) == EditScope.Harmless && seed.Truth.Length > 0 ? new($"{Outcome}: {parsed.Outcome.Detail}") : null;
        }

        var frames = Frames(parsed.Bytes);
        for (var frame = 1; frame <= frames; frame++)
            if (TryFrame(seed, edits, input, parsed.Bytes, frame) is { } fault) return fault with { What = $"frame {frame}: {fault.What}" };
        return null;
    }

    public void Dispose() => _pool.Dispose();

    private int Frames(ReadOnlySpan<byte> file) => Math.Clamp(_dataset.DescribePixels(file).NumberOfFrames, 1, MaxFrames);

    private FuzzFault? TryFrame(FuzzSeed seed, List<Edit> edits, ReadOnlySpan<byte> input, ReadOnlySpan<byte> file, int frame)
    {
        var description = _dataset.DescribePixels(file);
        var frameBytes = Math.Min(Math.Max(0, description.SampleCount) * Math.Max(1, description.BytesPerSample), FrameDecoder.MaxFrameBytes);
        _poison = 0xAA;
        _rented = 0;
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = FrameDecoder.Decode(file, _dataset, frame, DecodeSettings.Exact, _pool);
        AllocatedBytes = Math.Max(AllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before + _rented);
        _decoding += Stopwatch.GetElapsedTime(started);
        using var pixels = outcome.Pixels;
        if (frame == 1) Outcome = outcome.Reason == Reason.None ? $"decoded {outcome.Decoder}" : outcome.Reason.ToString();
        if (AllocatedBytes > 4 * (FixedBytes + file.Length + frameBytes))
            return new($"{AllocatedBytes} bytes taken for a file of {file.Length} and a frame of {frameBytes}", IsMeasured: true);
        if (pixels is null != (outcome.Reason != Reason.None)) return new($"{outcome.Reason} and pixels");
        if (pixels is not null)
        {
            if (pixels.Rows != description.Rows || pixels.Columns != description.Columns) return new("rows or columns are not the header's");
            var isFloat = pixels.Kind is SampleKind.F32 or SampleKind.F64;
            if (!isFloat && !outcome.LacksSign && IsOutsideBitsStored(pixels)) return new("values outside Bits Stored");

            // Where Bits Stored was too few, the twin reads what the decoder found there to be.
            var read = outcome.HadMoreBits ? description with { BitsStored = pixels.BitsStored, HighBit = pixels.BitsStored - 1 } : description;
            if (!isFloat && NaivePixels.Disagrees(file, _dataset, frame - 1, read, pixels, outcome.Decoder) is { } difference) return new(difference);
        }

        return Compare(seed, edits, frame, outcome.Reason, pixels) ?? RunStage(input, frame, outcome.Reason, pixels, file.Length + frameBytes);
    }

    /// <summary>What the edits cannot have changed.</summary>
    private static FuzzFault? Compare(FuzzSeed seed, List<Edit> edits, int frame, Reason reason, StoredPixels? pixels)
    {
        var scope = Scope(seed, edits);
        if (scope == EditScope.Anything || frame > seed.Truth.Length) return null;
        var truth = seed.Truth[frame - 1];
        if (scope == EditScope.Codestream && (seed.Map.Items.Count - 1 != seed.Truth.Length || IsEdited(seed, edits, frame))) return null;

        // Changed samples may be no film any more; those of a frame that no edit touches are as sane as they were.
        var mayFail = scope == EditScope.OffsetTable
            || scope == EditScope.NativePixels && reason == Reason.ImplausiblePixels;
        if (reason != truth.Reason) return mayFail && reason != Reason.None ? null : new($"{reason} instead of {truth.Reason} ({scope})");
        if (pixels is null) return null;
        if (scope != EditScope.NativePixels)
            return pixels.Bytes.SequenceEqual(truth.Pixels) ? null : new($"other pixels though no edit touches them ({scope})");

        // Which sample a byte belongs to is the naive decoder's to say; here, that no more changed than the bytes can reach:
        // a byte of chroma two pixels of three samples, a byte of bits eight.
        if (pixels.Bytes.Length != truth.Pixels.Length) return new("another size");
        long edited = 0;
        foreach (var edit in edits)
            if (seed.Map.ScopeOf(edit) == EditScope.NativePixels) edited += edit.Removed;
        var changed = 0L;
        var width = pixels.BytesPerSample;
        for (var at = 0; at < truth.Pixels.Length; at += width)
            if (!pixels.Bytes.Slice(at, width).SequenceEqual(truth.Pixels.AsSpan(at, width))) changed++;
        return changed <= edited * 8 ? null : new($"{changed} samples differ after {edited} edited bytes");
    }

    private FuzzFault? DecodesAgain(ReadOnlySpan<byte> input, int frame, StoredPixels first)
    {
        using var again = FrameDecoder.Decode(Reparse(input, out var parsed), _dataset, frame, DecodeSettings.Exact, _pool).Pixels;
        parsed.Dispose();
        return again is not null && again.Bytes.SequenceEqual(first.Bytes) ? null : new("other pixels the second time");
    }

    /// <summary>The scan's way: hash, sanity, grayscale, resampling. Its pixels must be those that were decoded first.</summary>
    private FuzzFault? RunStage(ReadOnlySpan<byte> input, int frame, Reason reason, StoredPixels? first, long payload)
    {
        _poison = 0x55;
        var buffer = _pool.Rent(input.Length);
        input.CopyTo(buffer.Span(input.Length));
        using var film = new FilmInFlight(new(0, 0, 1), new()
        {
            FilmIndex = 0, FilmKey = "fuzz", Path = [], Frame = frame, Facts = new(),
        });
        film.File = new(buffer, input.Length);
        _rented = 0;
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _stage.Run(film);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before + _rented;
        AllocatedBytes = Math.Max(AllocatedBytes, taken);
        _scanning += Stopwatch.GetElapsedTime(started);
        if (taken > 4 * (FixedBytes + 2 * payload)) return new($"the stage took {taken} bytes for {payload}", IsMeasured: true);

        if (film.Pixels is not { } pixels)
        {
            if (film.Row.Reason == Reason.None) return new("no pixels and no reason");
            if (first is null) return film.Row.Reason == reason ? null : new($"{film.Row.Reason} the second time, {reason} the first");
            return DecodesAgain(input, frame, first);
        }

        if (film.Transform is not { } transform) return new("pixels without a transform");
        if (first is null) return new("pixels the second time only");

        // What the stage has made grey, or given its sign, is no longer what was decoded.
        var isAsDecoded = first.SamplesPerPixel == 1 && pixels.Kind == first.Kind && film.Row.Decoder != "jpeg-ls"
            && !film.Row.Notes.Contains(DecodeNote.Palette);
        if (isAsDecoded ? !pixels.Bytes.SequenceEqual(first.Bytes) : DecodesAgain(input, frame, first) is not null) return new("other pixels the second time");
        PreprocessSimd.Run(pixels, transform, Geometry, _network, _scratch);
        return _network.AsSpan().ContainsAnyExceptInRange(0f, 1f) || _network.AsSpan().Contains(float.NaN) ? new("brightness outside [0, 1]") : null;
    }

    private ReadOnlySpan<byte> Reparse(ReadOnlySpan<byte> input, out ParsedFile parsed)
    {
        parsed = ParsedFile.Open(input, _dataset, _pool);
        return parsed.Bytes;
    }

    private static EditScope Scope(FuzzSeed seed, List<Edit> edits)
    {
        var scope = EditScope.Harmless;
        foreach (var edit in edits)
        {
            var one = seed.Map.ScopeOf(edit);
            if (one == scope || one == EditScope.Harmless) continue;
            if (scope != EditScope.Harmless) return EditScope.Anything;
            scope = one;
        }

        return scope;
    }

    private static bool IsEdited(FuzzSeed seed, List<Edit> edits, int frame)
    {
        var fragment = seed.Map.Items[frame];
        foreach (var edit in edits)
            if (edit.At < fragment.End && edit.End > fragment.Start) return true;
        return false;
    }

    private static bool IsOutsideBitsStored(StoredPixels pixels) => pixels.Kind switch
    {
        SampleKind.U8 => AnyAbove(pixels.Samples<byte>(), pixels.BitsStored),
        SampleKind.U16 => AnyAbove(pixels.Samples<ushort>(), pixels.BitsStored),
        SampleKind.U32 => AnyAbove(pixels.Samples<uint>(), pixels.BitsStored),
        SampleKind.S8 => AnyOutside(pixels.Samples<sbyte>(), pixels.BitsStored),
        SampleKind.S16 => AnyOutside(pixels.Samples<short>(), pixels.BitsStored),
        _ => AnyOutside(pixels.Samples<int>(), pixels.BitsStored),
    };

    private static bool AnyAbove<T>(ReadOnlySpan<T> samples, int bits) where T : IBinaryInteger<T>
    {
        foreach (var sample in samples)
            if (long.CreateTruncating(sample) >= 1L << bits) return true;
        return false;
    }

    private static bool AnyOutside<T>(ReadOnlySpan<T> samples, int bits) where T : IBinaryInteger<T>
    {
        foreach (var sample in samples)
        {
            var value = long.CreateTruncating(sample);
            if (value >= 1L << bits - 1 || value < -(1L << bits - 1)) return true;
        }

        return false;
    }

    private void Poison(PixelBuffer buffer)
    {
        _rented += buffer.CapacityBytes;
        buffer.Span(Math.Min(buffer.CapacityBytes, int.MaxValue)).Fill(_poison);
    }
}
