using BulkImplantScan.Benchmarks.Imaging;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>Films to stage again and again: 12 bits of soft tissue and noise, each darker than the one before.</summary>
internal sealed class LadderFilms : IDisposable
{
    // More than the caches of a processor hold of full-size films, or staging would read from there. A prime: whatever the size of a batch, the
    // next one begins with another film, so that two batches are never alike.
    private const int Different = 37;

    private readonly PixelBufferPool _pool = new();
    private readonly StoredPixels[] _films;
    private int _next;

    /// <summary>Makes them.</summary>
    public LadderFilms((int Rows, int Columns) size, int batch)
    {
        _films = new StoredPixels[Math.Min(batch, Different)];
        _films[0] = KernelsCommand.Film(size.Rows, size.Columns);
        for (var i = 1; i < _films.Length; i++)
        {
            _films[i] = new(_pool.Rent(_films[0].Bytes.Length), SampleKind.U16, size.Rows, size.Columns, 1, 12);
            var first = _films[0].Samples<ushort>();
            var samples = _films[i].Samples<ushort>();
            for (var at = 0; at < samples.Length; at++) samples[at] = (ushort)(first[at] * (2 * Different - i) / (2 * Different));
        }
    }

    /// <summary>Bytes of one as it is stored.</summary>
    public long FilmBytes => _films[0].Bytes.Length;

    /// <summary>Stages until the batch is full, or its memory; films may still be on their way there.</summary>
    public void Fill(BatchSlot slot) => Fill(slot, () => { });

    /// <summary>The same, each film copied before the next begins: what one thread does.</summary>
    public void FillOneByOne(BatchSlot slot) => Fill(slot, slot.WaitForFilms);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var film in _films) film.Dispose();
        _pool.Dispose();
    }

    private void Fill(BatchSlot slot, Action next)
    {
        slot.Clear();
        while (slot.Count < slot.Capacity)
        {
            var film = _films[_next % _films.Length].Share();
            if (!slot.TryStage(film, GrayscaleTransform.Linear(300, 3500, false), FilmView.Whole(film)))
            {
                film.Dispose();
                return;
            }

            next();
            _next++;
        }
    }
}
