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
        Notes = NotesOfIndex(film),
    };

    /// <summary>What the index has done that a reader of the row should know.</summary>
    public static string[] NotesOfIndex(InventoryFilm film) => FrameSample.IsOf(film) ? [DecodeNote.SampledFrames] : [];

    /// <summary>Its file, from Source to Decode.</summary>
    public FileBytes? File { get; set; }

    /// <summary>Its stored pixels, from Decode to Stage; null when the film is not judged.</summary>
    public StoredPixels? Pixels { get; set; }

    /// <summary>Its stored value → brightness, beside <see cref="Pixels"/>.</summary>
    public GrayscaleTransform? Transform { get; set; }

    /// <summary>All of the film, in decoded pixels; from Decode on, when it is judged.</summary>
    public FieldOfView Whole { get; set; }

    /// <summary>Its field of view, in decoded pixels; all of the film when it has no border.</summary>
    public FieldOfView Field { get; set; }

    /// <summary>What the network is shown: the field, or all of the film, as the model wants it.</summary>
    public FilmView View { get; set; }

    /// <summary>A picture of the whole film for its overlay, where the network's input is not that; else null.</summary>
    public FilmPicture? Picture { get; set; }

    /// <summary>What the network should be given, from Decode to Explain, for a film that is checked; null for the others.</summary>
    public double[]? ExpectedInput { get; set; }

    /// <summary>The right hip of a pelvis, where this is the left one: goes with it from Decode to Stage, right behind it from there on.</summary>
    public FilmInFlight? RightHip { get; set; }

    /// <summary>False for what another row of the same film follows.</summary>
    public bool EndsFilm => Row.Region != FilmRegion.Left;

    /// <summary>True for the film that completes its chunk.</summary>
    public bool EndsChunk => EndsFilm && Film.FilmIndex == Chunk.FirstFilm + Chunk.FilmCount - 1;

    /// <summary>True until a reason not to judge the film was found.</summary>
    public bool IsWanted => Row.Reason == Reason.None;

    /// <summary>The film will not be judged: says why and lets its memory go.</summary>
    public void TurnAway(Reason reason, string? detail = null, long? fileOffset = null)
    {
        Row = Row with { Status = reason.Status(), Reason = reason, Detail = detail, FileOffset = fileOffset };
        Dispose();
    }

    /// <summary>Becomes the left hip of a pelvis, and makes the right one, of the same pixels.</summary>
    public void Split(FilmView left, FilmView right)
    {
        RightHip = new(Chunk, Film)
        {
            Row = Of(right, FilmRegion.Right),
            Pixels = Pixels!.Share(),
            Transform = Transform!.Share(),
            Whole = Whole,
            Field = Field.Intersect(right.Field),
            View = right,
        };
        Row = Of(left, FilmRegion.Left);
        (Field, View) = (Field.Intersect(left.Field), left);

        FilmRow Of(FilmView view, string region) => Row with
        {
            Region = region,
            Notes = view.IsMirrored ? [.. Row.Notes, DecodeNote.Mirrored] : Row.Notes,
            FieldTop = view.Field.Top,
            FieldLeft = view.Field.Left,
            FieldHeight = view.Field.Rows,
            FieldWidth = view.Field.Columns,
        };
    }

    /// <summary>The rows of the film, in their order; each goes its own way from here on.</summary>
    public FilmInFlight[] Regions()
    {
        if (RightHip is not { } right) return [this];
        RightHip = null;
        return [this, right];
    }

    /// <summary>Adds what a stage has found out.</summary>
    public void Note(Func<FilmRow, FilmRow> found) => Row = found(Row);

    /// <summary>Lets file and pixels go; the row stays.</summary>
    public void Dispose()
    {
        File?.Dispose();
        Pixels?.Dispose();
        Transform?.Dispose();
        RightHip?.Dispose();
        (File, Pixels, Transform, Picture) = (null, null, null, null);
    }
}
