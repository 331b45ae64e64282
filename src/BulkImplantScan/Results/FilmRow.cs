namespace BulkImplantScan.Results;

/// <summary>The answer for one film: one row of a part. docs/rows.md explains each column to users.</summary>
/// <remarks>Deterministic: the same film, model, configuration and device kind give the same row. So no clock, no path,
/// no machine name and no stage time is in it.</remarks>
public sealed record FilmRow
{
    /// <summary>Place in the inventory, from 0.</summary>
    public required long FilmIndex { get; init; }

    /// <summary>Stable key of the film, 32 hex digits.</summary>
    public required string FilmKey { get; init; }

    /// <summary>One of <see cref="FilmRegion"/>.</summary>
    public string Region { get; init; } = FilmRegion.Whole;

    /// <summary>Frame number from 1.</summary>
    public int Frame { get; init; } = 1;

    /// <summary>Study facts and pseudonyms.</summary>
    public required FilmFacts Facts { get; init; }

    /// <summary>What became of the film.</summary>
    public required FilmStatus Status { get; init; }

    /// <summary>Why.</summary>
    public Reason Reason { get; init; }

    /// <summary>A transfer syntax UID, an attribute's keyword, …: never a value that could name a person.</summary>
    public string? Detail { get; init; }

    /// <summary>Byte of the file at which reading or decoding stopped; null when that is not what went wrong.</summary>
    public long? FileOffset { get; init; }

    /// <summary>How pixels were decoded: <c>native</c>, <c>rle</c>, <c>jpeg-lossless</c>, <c>png</c>, …; null when they were not.</summary>
    public string? Decoder { get; init; }

    /// <summary>Which VOI was applied: <c>window</c>, <c>window-exact</c>, <c>sigmoid</c>, <c>voi-lut</c>, <c>percentile</c>,
    /// <c>full-range</c>.</summary>
    public string? Voi { get; init; }

    /// <summary>What was done to the film that a reader should know: words of <see cref="DecodeNote"/>, in the order done; empty when
    /// nothing was.</summary>
    public string[] Notes { get; init; } = [];

    /// <summary>First row of the field of view in stored pixels; null, as the three below, when that is the whole film. Of
    /// a region, its part of the film.</summary>
    public int? FieldTop { get; init; }

    /// <summary>First column of the field of view.</summary>
    public int? FieldLeft { get; init; }

    /// <summary>Rows of the field of view.</summary>
    public int? FieldHeight { get; init; }

    /// <summary>Columns of the field of view.</summary>
    public int? FieldWidth { get; init; }

    /// <summary>XXH128 of the stored pixels, seeded by the site key: equal pixels at one site have equal hashes; 32 hex digits.</summary>
    public string? PixelHash { get; init; }

    /// <summary>Class with the largest probability (its id in the model package), also when abstained; null when not judged.</summary>
    public string? TopClass { get; init; }

    /// <summary>Manufacturer of the recognised device; null unless identified.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>Model of the recognised device; null unless identified.</summary>
    public string? Model { get; init; }

    /// <summary>Probability of <see cref="TopClass"/>, calibrated by the model's temperature.</summary>
    public float? Probability { get; init; }

    /// <summary>All probabilities, in the order of the model's classes; empty when not judged.</summary>
    public float[] Probabilities { get; init; } = [];

    /// <summary>Class ids of the conformal set; empty when the model has no conformal thresholds or the film was not judged.</summary>
    public string[] ConformalSet { get; init; } = [];

    /// <summary>Energy score −T·logsumexp(z/T) (Liu 2020): larger = more outlying.</summary>
    public float? Energy { get; init; }

    /// <summary>Mahalanobis' distance of the embedding to the nearest class that answers (Lee 2018), about 1 for films like those trained on.</summary>
    public float? FeatureDistance { get; init; }

    /// <summary>Pooled features (global average of the feature map), fp16 little endian, 2 bytes each; empty when not judged.</summary>
    public byte[] Embedding { get; init; } = [];

    /// <summary>Grad-CAM, 8 bits, row after row, 255 = the map's maximum; empty when not judged.</summary>
    public byte[] Cam { get; init; } = [];

    /// <summary>Rows of <see cref="Cam"/>.</summary>
    public int CamHeight { get; init; }

    /// <summary>Columns of <see cref="Cam"/>.</summary>
    public int CamWidth { get; init; }

    /// <summary>Largest value of the map before scaling, in logit units.</summary>
    public float? CamPeak { get; init; }

    /// <summary>Where the peak lies on the film, 0 (top) to 1 (bottom).</summary>
    public float? CamPeakY { get; init; }

    /// <summary>Where the peak lies on the film, 0 (left) to 1 (right).</summary>
    public float? CamPeakX { get; init; }

    /// <summary>Share of the map's mass that lies on the film, not on the letterbox bars: [0, 1].</summary>
    public float? CamMassInFilm { get; init; }

    /// <summary>True when ReLU left nothing: nowhere did the network see evidence for its answer.</summary>
    public bool? CamEmpty { get; init; }
}
