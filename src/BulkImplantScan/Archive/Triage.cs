using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>What a header alone shows to be no hip film. What is not sure is left to the network.</summary>
/// <remarks>Rejecting wrongly loses a film of the registry, judging wrongly costs a few milliseconds and the network may still
/// say that it does not know: so a header that says nothing, or something not in these lists, does not reject.
/// docs/archive.md gives the lists to users.</remarks>
internal static class Triage
{
    private static readonly HashSet<string> Radiographs = ["CR", "DX", "RG", "XR", "RF"];

    // PS3.4 B.5: CR, digital X-ray for presentation and for processing, X-ray radiofluoroscopy.
    private static readonly HashSet<string> RadiographClasses =
    [
        "1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1.1", "1.2.840.10008.5.1.4.1.1.12.2",
    ];

    // A word that begins so may show a hip, whatever else is named.
    private static readonly string[] Hips =
    [
        "HIP", "PELV", "FEM", "THIGH", "COX", "ACETAB", "TROCH", "HUEFT", "HUFT", "BECKEN", "OBERSCHENKEL", "HANCHE", "BASSIN",
        "CADERA", "ANCA", "BACINO", "SACROIL", "SIJOINT", "LEG", "LOWEREXT", "WHOLE",
    ];

    // Whole words, of PS3.16 CID 4 and the spellings of consoles. Not here, since a hip may be on the film: ABDOMEN (a KUB
    // shows both), LSPINE, SPINE, SACRUM, EXTREMITY.
    private static readonly HashSet<string> Others =
    [
        "CHEST", "THORAX", "LUNG", "LUNGS", "HEART", "RIB", "RIBS", "STERNUM", "CLAVICLE", "SHOULDER", "SCAPULA", "ACJOINT",
        "HUMERUS", "ELBOW", "FOREARM", "RADIUS", "ULNA", "WRIST", "SCAPHOID", "HAND", "FINGER", "FINGERS", "THUMB", "UPPERARM",
        "SKULL", "HEAD", "BRAIN", "FACE", "FACIAL", "MANDIBLE", "MAXILLA", "JAW", "TMJ", "NOSE", "NASAL", "ORBIT", "ORBITS", "SINUS",
        "SINUSES", "TEETH", "TOOTH", "DENTAL", "NECK", "CSPINE", "TSPINE", "BREAST",
        "KNEE", "PATELLA", "TIBIA", "FIBULA", "CALF", "ANKLE", "FOOT", "FEET", "TOE", "TOES", "HEEL", "CALCANEUS",
    ];

    /// <summary>Why the film is rejected, or <see cref="Reason.None"/>.</summary>
    /// <param name="facts">Of the header.</param>
    /// <param name="presentationIntent">Presentation Intent Type (0008,0068), or null.</param>
    /// <param name="samplesPerPixel">Samples per Pixel (0028,0002).</param>
    /// <param name="detail">As <see cref="FilmRow.Detail"/>: the modality, the body part, the photometric interpretation.</param>
    public static Reason Judge(FilmFacts facts, string? presentationIntent, int samplesPerPixel, out string? detail)
    {
        // Modality is mandatory in every image; where it is missing all the same, the class must say it.
        detail = facts.Modality ?? "missing";
        if (facts.Modality is null ? !RadiographClasses.Contains(facts.SopClass ?? "") : !Radiographs.Contains(facts.Modality))
            return Reason.NotARadiograph;

        detail = null;
        if (string.Equals(presentationIntent, "FOR PROCESSING", StringComparison.OrdinalIgnoreCase)) return Reason.ForProcessing;

        detail = facts.BodyPart;
        if (IsAnotherBodyPart(facts.BodyPart)) return Reason.WrongBodyPart;

        detail = facts.Photometric;
        if (samplesPerPixel > 1 || facts.Photometric is "PALETTE COLOR" or "RGB") return Reason.NotGrayscale;

        detail = null;
        return Reason.None;
    }

    /// <summary>The text names another part of the body, and nothing that may be a hip.</summary>
    internal static bool IsAnotherBodyPart(string? bodyPart)
    {
        if (bodyPart is null) return false;
        var isAnother = false;
        foreach (var range in bodyPart.AsSpan().SplitAny(" _-./+()"))
        {
            var word = bodyPart.AsSpan(range);
            foreach (var hip in Hips)
                if (word.StartsWith(hip, StringComparison.Ordinal)) return false;
            isAnother |= Others.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
        }

        return isAnother;
    }
}
