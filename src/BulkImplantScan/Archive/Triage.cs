using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>Which films are judged, by what their headers alone say: <c>triage.json</c>. What is not sure is left to the network.</summary>
/// <remarks>Rejecting wrongly loses a film of the registry, judging wrongly costs a few milliseconds and the network may still
/// say that it does not know: so a header that says nothing, or something not in the lists, does not reject.
/// docs/archive.md explains the lists to users. Immutable: for any number of threads.</remarks>
public sealed class Triage
{
    private static readonly Lazy<Triage> TheDefault = new(ReadDefault);

    // Texts of one film that may save it when Body Part Examined names another part: not Study Description, as one study may
    // hold films of several parts.
    private static readonly DicomTag[] TextsOfTheFilm = [DicomTags.SeriesDescription, DicomTags.ProtocolName];

    [ThreadStatic]
    private static DicomDataset? _item;

    private readonly HashSet<string> _modalities;
    private readonly HashSet<string> _classesWithoutModality;
    private readonly HashSet<string> _classesRejected;
    private readonly HashSet<string> _classesForProcessing;
    private readonly HashSet<string> _intents;
    private readonly HashSet<string> _photometrics;
    private readonly Dictionary<string, string> _views = [];
    private readonly WordList _hips;
    private readonly WordList _others;
    private readonly WordList _othersInFreeText;

    private Triage(byte[] json, string path)
    {
        var lists = TriageFile.Parse(json, path);
        Json = json;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(json));
        _modalities = [.. lists["modalities"]];
        _classesWithoutModality = [.. lists["sop_classes_without_modality"]];
        _classesRejected = [.. lists["sop_classes_rejected"]];
        _classesForProcessing = [.. lists["sop_classes_for_processing"]];
        _intents = [.. lists["presentation_intents_rejected"]];
        _photometrics = [.. lists["photometrics_rejected"]];
        _hips = new(lists["hip_words"], isBeginning: true);
        _others = new(lists["other_words"], isBeginning: false);
        _othersInFreeText = new(lists["other_words_in_free_text"], isBeginning: false);
        foreach (var view in lists["views_rejected"])
        {
            _views.TryAdd(WordFold.Of(view, isSpeltOut: false), view);
            _views.TryAdd(WordFold.Of(view, isSpeltOut: true), view);
        }
    }

    /// <summary>The triage that holds unless a user gives one.</summary>
    public static Triage Default => TheDefault.Value;

    /// <summary>The file as it was read.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>SHA-256 of the file, 64 hex digits: what a run remembers.</summary>
    public string Sha256 { get; }

    /// <summary>Reads a user's triage.</summary>
    /// <exception cref="TriageException">It cannot be read, or is no triage.</exception>
    public static Triage Load(string path) => new(TriageFile.Load(path), path);

    /// <summary>The triage of a run: its <c>triage.json</c>; the default when it has none.</summary>
    /// <exception cref="TriageException">The run's copy is not what the run was begun with.</exception>
    public static Triage OfRun(RunFolder run)
    {
        var then = run.Manifest.TriageSha256;
        var triage = File.Exists(run.TriagePath) ? Load(run.TriagePath) : Default;
        if (then is null || then == triage.Sha256) return triage;
        throw new TriageException($"{run.TriagePath} is not the triage that the run was begun with. Restore it, or start a new run.");
    }

    /// <summary>Writes the triage into a run that has no inventory yet, so that the run can be explained and continued.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void KeepIn(RunFolder run)
    {
        if (!File.Exists(run.TriagePath)) AtomicFile.Write(run.TriagePath, stream => stream.Write(Json.Span));
        if (run.Manifest.TriageSha256 != Sha256) run.Save(run.Manifest with { TriageSha256 = Sha256 });
    }

    /// <summary>Why the film is rejected, or <see cref="Reason.None"/>; the first reason in the order of docs/archive.md.</summary>
    /// <param name="header">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">The elements.</param>
    /// <param name="detail">As <see cref="FilmRow.Detail"/>: the modality, the SOP class, the photometric interpretation; of body
    /// parts and views the entry of the list, never the header's text, which may name a person.</param>
    public Reason Judge(ReadOnlySpan<byte> header, DicomDataset dataset, out string? detail)
    {
        var modality = CleanText.Code(dataset.GetString(header, DicomTags.Modality), 16);
        var sopClass = CleanText.Uid(dataset.GetString(header, DicomTags.SopClassUid));

        // Modality is mandatory in every image; where it is missing all the same, the class must say it.
        detail = modality ?? "missing";
        if (modality is null ? sopClass is null || !_classesWithoutModality.Contains(sopClass) : !_modalities.Contains(modality))
            return Reason.NotARadiograph;

        detail = sopClass;
        if (sopClass is not null && _classesRejected.Contains(sopClass)) return Reason.NotARadiograph;

        // The intent is asked first: an image that says that it is for presentation is, whatever class it was stored as.
        var intent = CleanText.Code(dataset.GetString(header, DicomTags.PresentationIntentType), 16);
        detail = null;
        if (intent is null ? sopClass is not null && _classesForProcessing.Contains(sopClass) : _intents.Contains(intent)) return Reason.ForProcessing;

        detail = OtherBodyPart(header, dataset);
        if (detail is not null) return Reason.WrongBodyPart;

        detail = RejectedView(header, dataset);
        if (detail is not null) return Reason.WrongView;

        detail = CleanText.Code(dataset.GetString(header, DicomTags.PhotometricInterpretation), 16);
        if (detail is not null && _photometrics.Contains(detail)) return Reason.NotGrayscale;

        detail = null;
        return Reason.None;
    }

    /// <summary>The same for a film without a header, of which a sidecar says something or nothing.</summary>
    /// <param name="facts">What it says.</param>
    /// <param name="detail">As in the other one.</param>
    internal Reason JudgeListed(FilmFacts facts, out string? detail)
    {
        detail = facts.Modality;
        if (detail is not null && !_modalities.Contains(detail)) return Reason.NotARadiograph;
        detail = facts.BodyPart is null || NamesHip(facts.BodyPart) ? null : _others.Find(facts.BodyPart);
        if (detail is not null) return Reason.WrongBodyPart;
        detail = RejectedView(facts.View);
        return detail is null ? Reason.None : Reason.WrongView;
    }

    /// <summary>The word that shows another part of the body, where nothing shows a hip; else null.</summary>
    private string? OtherBodyPart(ReadOnlySpan<byte> header, DicomDataset dataset)
    {
        if (dataset.GetText(header, DicomTags.BodyPartExamined) is { } bodyPart)
        {
            if (_hips.Find(bodyPart) is not null) return null;
            if (_others.Find(bodyPart) is not { } named) return null;

            // Consoles are often left at the part before: a hip in what was chosen for this very film counts for more.
            return NamesHip(Meaning(header, dataset, DicomTags.AnatomicRegionSequence)) || TextsNameHip(header, dataset) ? null : named;
        }

        var region = Meaning(header, dataset, DicomTags.AnatomicRegionSequence);
        if (NamesHip(region) || TextsNameHip(header, dataset) || NamesHip(dataset.GetText(header, DicomTags.StudyDescription))) return null;
        if (region is not null && _others.Find(region) is { } other) return other;
        foreach (var tag in TextsOfTheFilm)
            if (dataset.GetText(header, tag) is { } text && _othersInFreeText.Find(text) is { } word) return word;
        return null;
    }

    private string? RejectedView(ReadOnlySpan<byte> header, DicomDataset dataset)
    {
        if (_views.Count == 0) return null;
        var view = dataset.GetText(header, DicomTags.ViewPosition) ?? Meaning(header, dataset, DicomTags.ViewCodeSequence);
        return RejectedView(view);
    }

    private string? RejectedView(string? view) =>
        view is null ? null : _views.GetValueOrDefault(WordFold.Of(view.Trim(), isSpeltOut: false));

    private bool TextsNameHip(ReadOnlySpan<byte> header, DicomDataset dataset)
    {
        foreach (var tag in TextsOfTheFilm)
            if (NamesHip(dataset.GetText(header, tag))) return true;
        return NamesHip(Meaning(header, dataset, DicomTags.ViewCodeSequence));
    }

    private bool NamesHip(string? text) => text is not null && _hips.Find(text) is not null;

    /// <summary>Code Meaning of the first item of a code sequence; null when absent.</summary>
    private static string? Meaning(ReadOnlySpan<byte> header, DicomDataset dataset, DicomTag sequence)
    {
        if (!dataset.Contains(sequence)) return null;
        var item = _item ??= new();
        return DicomReader.TryGetItem(header, dataset, sequence, 0, item) ? item.GetText(header, DicomTags.CodeMeaning) : null;
    }

    private static Triage ReadDefault()
    {
        using var stream = typeof(Triage).Assembly.GetManifestResourceStream("BulkImplantScan.Archive.triage.json")!;
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return new(json, "triage.json");
    }
}
