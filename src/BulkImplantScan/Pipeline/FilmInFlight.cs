using BulkImplantScan.Archive;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>A film on its way: what the stages hand to each other. Owned by one stage at a time.</summary>
internal sealed class FilmInFlight(Chunk chunk, InventoryFilm film) : IDisposable
{
    /// <summary>The chunk it belongs to.</summary>
    public Chunk Chunk { get; } = chunk;

    /// <summary>Its place in the archive.</summary>
    public InventoryFilm Film { get; } = film;

    /// <summary>What is known of the answer; complete when Explain, or the stage that turned the film away, is done.</summary>
    public FilmRow Row { get; private set; } = new()
    {
        FilmIndex = film.FilmIndex,
        FilmKey = film.FilmKey,
        Frame = film.Frame,
        Facts = film.Facts,
        Status = film.Reason.Status(),
        Reason = film.Reason,
        Detail = film.Detail,
        FileOffset = film.FileOffset,
    };

    /// <summary>Its file, from Source to Decode.</summary>
    public FileBytes? File { get; set; }

    /// <summary>Its stored pixels, from Decode to Stage; null when the film is not judged.</summary>
    public StoredPixels? Pixels { get; set; }

    /// <summary>Its stored value → brightness, beside <see cref="Pixels"/>.</summary>
    public GrayscaleTransform? Transform { get; set; }

    /// <summary>What the network should be given, from Decode to Explain, for a film that is checked; null for the others.</summary>
    public double[]? ExpectedInput { get; set; }

    /// <summary>True for the film that completes its chunk.</summary>
    public bool EndsChunk => Film.FilmIndex == Chunk.FirstFilm + Chunk.FilmCount - 1;

    /// <summary>True until a reason not to judge the film was found.</summary>
    public bool IsWanted => Row.Reason == Reason.None;

    /// <summary>The film will not be judged: says why and lets its memory go.</summary>
    public void TurnAway(Reason reason, string? detail = null, long? fileOffset = null)
    {
        Row = Row with { Status = reason.Status(), Reason = reason, Detail = detail, FileOffset = fileOffset };
        Dispose();
    }

    /// <summary>Adds what a stage has found out.</summary>
    public void Note(Func<FilmRow, FilmRow> found) => Row = found(Row);

    /// <summary>Lets file and pixels go; the row stays.</summary>
    public void Dispose()
    {
        File?.Dispose();
        Pixels?.Dispose();
        (File, Pixels, Transform) = (null, null, null);
    }
}
