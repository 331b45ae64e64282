namespace BulkImplantScan.Results;

/// <summary>What registry statistics need to know of a film besides the answer: from its header, without a name in it.</summary>
/// <remarks>Written once by <c>index</c> to the inventory and copied into every row, so that parts stand alone.
/// Text comes cleaned: letters, digits and <c>_ - . / + ( )</c> and blanks, at most 64 characters, else null.</remarks>
public sealed record FilmFacts
{
    /// <summary>Keyed pseudonym of issuer and Patient ID, 32 hex digits; null when there is no Patient ID.</summary>
    public string? Patient { get; init; }

    /// <summary>Keyed pseudonym of the Study Instance UID, 32 hex digits.</summary>
    public string? Study { get; init; }

    /// <summary>Keyed pseudonym of SOP Instance UID and frame: equal for copies of one film, wherever they lie.</summary>
    public string? Instance { get; init; }

    /// <summary>Keyed pseudonym of Institution Name, 32 hex digits.</summary>
    public string? Site { get; init; }

    /// <summary>Study Date (else Acquisition, Content or Series Date); null when absent or not a date.</summary>
    public DateOnly? StudyDate { get; init; }

    /// <summary>Side: <c>L</c>, <c>R</c>, <c>B</c> (both) or null. Image Laterality (0020,0062), else Laterality (0020,0060).</summary>
    public string? Side { get; init; }

    /// <summary>View Position (0018,5101): <c>AP</c>, <c>LL</c>, …</summary>
    public string? View { get; init; }

    /// <summary>Age at the study in bands of ten years, <c>80-89</c>; <c>90+</c> from 90 on.</summary>
    public string? AgeBand { get; init; }

    /// <summary><c>M</c>, <c>F</c>, <c>O</c> or null.</summary>
    public string? Sex { get; init; }

    /// <summary>Modality (0008,0060).</summary>
    public string? Modality { get; init; }

    /// <summary>Body Part Examined (0018,0015).</summary>
    public string? BodyPart { get; init; }

    /// <summary>Manufacturer (0008,0070) of the machine, not of an implant.</summary>
    public string? MachineMaker { get; init; }

    /// <summary>Manufacturer's Model Name (0008,1090) of the machine.</summary>
    public string? MachineModel { get; init; }

    /// <summary>KVP (0018,0060), the tube's peak voltage in kV, in bands of ten: <c>70-79</c>.</summary>
    public string? KvBand { get; init; }

    /// <summary>Exposure in mAs, in bands that double: <c>0-4</c>, <c>5-9</c>, <c>10-19</c>, … <c>80+</c>. Exposure in µAs (0018,1153), else
    /// Exposure (0018,1152).</summary>
    public string? MasBand { get; init; }

    /// <summary>SOP Class UID (0008,0016).</summary>
    public string? SopClass { get; init; }

    /// <summary>Transfer Syntax UID (0002,0010), or the one that was deduced.</summary>
    public string? TransferSyntax { get; init; }

    /// <summary>Photometric Interpretation (0028,0004).</summary>
    public string? Photometric { get; init; }

    /// <summary>Rows (0028,0010); 0 when absent.</summary>
    public int Rows { get; init; }

    /// <summary>Columns (0028,0011); 0 when absent.</summary>
    public int Columns { get; init; }

    /// <summary>Bits Stored (0028,0101); 0 when absent.</summary>
    public int BitsStored { get; init; }
}
