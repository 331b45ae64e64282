using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>Reads the header of one file after the other, and of each file as little as its header needs.</summary>
/// <remarks>16 KiB first: nearly every radiograph's header fits. Else what the reader asks for, at least doubled, up to the
/// bound on headers. Not for several threads: each worker has its own.</remarks>
internal sealed class HeaderProbe(PixelBufferPool pool, SecondReader? second = null) : IDisposable
{
    private const int FirstBytes = 16 << 10;
    private const int KeptBytes = 1 << 20; // a larger buffer is for one odd file, and goes with it

    private byte[] _buffer = new byte[FirstBytes];
    private int _length;
    private PixelBuffer? _inflated;
    private int _inflatedLength;
    private byte[]? _rewritten;

    /// <summary>The elements found; places in <see cref="Bytes"/>.</summary>
    public DicomDataset Dataset { get; } = new();

    /// <summary>The bytes that <see cref="Dataset"/> speaks of, until the next file.</summary>
    public ReadOnlySpan<byte> Bytes => _rewritten ?? (_inflated is null ? _buffer.AsSpan(0, _length) : _inflated.Span(_inflatedLength));

    /// <summary>Reads a header.</summary>
    public ProbedHeader Read(ByteSource file)
    {
        var header = ReadOurs(file);
        var isForSecond = second is not null && (header.Reason == Reason.MalformedDataSet || (second.IsFirst && header.Reason == Reason.None));
        return isForSecond ? ReadSecond(file, header) : header;
    }

    private ProbedHeader ReadOurs(ByteSource file)
    {
        Dispose();
        Dataset.Clear();
        _length = 0;
        if (file.Bytes == 0) return new(Reason.EmptyFile, null, null);

        var wanted = Math.Min(file.Bytes, FirstBytes);
        while (true)
        {
            if (_buffer.Length < wanted) Array.Resize(ref _buffer, (int)wanted);
            if (!file.TryRead(_buffer.AsSpan(_length, (int)wanted - _length), _length, out var read))
                return new(Reason.UnreadableFile, "EIO", null);
            _length += read;
            if (_length == 0) return new(Reason.EmptyFile, null, null); // of a size that nobody knew

            // Before DICM is looked for: a compressed film keeps these four bytes as they are, and they may come to lie where
            // DICOM has them. No preamble begins as a container does.
            if (_length == read && ContainerMagic.Of(_buffer.AsSpan(0, _length)) is not ContainerFormat.None and var container)
                return new(Reason.NotDicom, null, null, container);
            var isWhole = _length >= file.Bytes || _length < wanted; // the latter: it has become shorter since
            var outcome = Parse(isWhole, out var isInflated);
            switch (outcome.Status)
            {
                case ParseStatus.Ok:
                    return new(Reason.None, null, null);
                case ParseStatus.NotDicom:
                    return new(Reason.NotDicom, MagicBytes.NameOf(Bytes), null);
                case ParseStatus.NeedMoreBytes when !isWhole && _length < DicomReader.MaxHeaderBytes:
                    wanted = Math.Min(Math.Max(outcome.Offset, 2L * _length), Math.Min(file.Bytes, DicomReader.MaxHeaderBytes));
                    continue;
                case ParseStatus.NeedMoreBytes when !isWhole: // the limit on headers is read, and the header goes on
                    return new(Reason.HeaderTooLarge, null, isInflated ? null : _length);
                default: // a place in an inflated data set is none in the file
                    return new(
                        outcome.Reason == Reason.None ? Reason.MalformedDataSet : outcome.Reason, outcome.Detail,
                        isInflated ? null : Math.Min(outcome.Offset, _length));
            }
        }
    }

    /// <summary>Gives back what an odd file needed.</summary>
    public void Dispose()
    {
        _inflated?.Dispose();
        _inflated = null;
        _rewritten = null;
        if (_buffer.Length > KeptBytes) _buffer = new byte[FirstBytes];
        _length = 0;
    }

    /// <summary>The header as the second reader has it; what ours made of it when that reader, too, has none.</summary>
    private ProbedHeader ReadSecond(ByteSource file, ProbedHeader ours)
    {
        if (file is not OpenedFile || file.Bytes > SecondReader.MaxFileBytes) return ours; // a member is unpacked once, forward
        using var whole = pool.Rent(file.Bytes);
        if (!file.TryRead(whole.Span(file.Bytes), 0, out var read) || read != file.Bytes) return ours;
        if (second!.Rewrite(whole.Span(file.Bytes), Dataset) is not { } rewritten)
        {
            _ = ReadOurs(file); // the data set is to be what ours found
            return ours;
        }

        _rewritten = rewritten;
        return new(Reason.None, null, null);
    }

    private ParseOutcome Parse(bool isWhole, out bool isInflated)
    {
        var bytes = _buffer.AsSpan(0, _length);
        var outcome = DicomReader.Parse(bytes, isWhole, Dataset);
        isInflated = outcome.Status == ParseStatus.Deflated;
        return isInflated
            ? DicomReader.Inflate(bytes, isWhole, headerOnly: true, Dataset, pool, out _inflated, out _inflatedLength)
            : outcome;
    }
}
