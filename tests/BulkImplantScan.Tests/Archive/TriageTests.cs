using System.Buffers.Binary;
using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Archive;

public sealed class TriageTests
{
    private const uint CharacterSet = 0x00080005, SopClass = 0x00080016, Modality = 0x00080060, Intent = 0x00080068;
    private const uint StudyDescription = 0x00081030, SeriesDescription = 0x0008103E, AnatomicRegion = 0x00082218;
    private const uint BodyPart = 0x00180015, ProtocolName = 0x00181030, View = 0x00185101, Photometric = 0x00280004, ViewCode = 0x00540220;

    [Theory]
    [InlineData("", null)]
    [InlineData("HIP", null)]
    [InlineData("L HIP AP", null)]
    [InlineData("PELVIS", null)]
    [InlineData("FEMUR", null)]
    [InlineData("LEFT HIP", null)]
    [InlineData("HIP_JOINT", null)]
    [InlineData("FEMORAL NECK", null)] // NECK alone is the throat
    [InlineData("HEAD OF FEMUR", null)]
    [InlineData("KNEE/HIP", null)]
    [InlineData("WHOLE BODY", null)]
    [InlineData("LOWER LEG", null)]
    [InlineData("ABDOMEN", null)] // a KUB shows the hips
    [InlineData("LSPINE", null)]
    [InlineData("EXTREMITY", null)]
    [InlineData("XYZ123", null)]
    [InlineData("CHESTER", null)]
    [InlineData("CHEST", "CHEST")]
    [InlineData("Chest", "CHEST")]
    [InlineData("THORAX", "THORAX")]
    [InlineData("NECK", "NECK")]
    [InlineData("CSPINE", "CSPINE")]
    [InlineData("KNEE", "KNEE")]
    [InlineData("RIGHT HAND", "HAND")]
    [InlineData("SKULL-PA", "SKULL")]
    [InlineData("Hüfte rechts", null)]
    [InlineData("HUEFTE", null)]
    [InlineData("HUFTE", null)]
    [InlineData("HÜFTE + THORAX", null)]
    [InlineData("Schädel", "SCHÄDEL")]
    [InlineData("SCHAEDEL", "SCHÄDEL")]
    [InlineData("SCHADEL", "SCHÄDEL")]
    [InlineData("Épaule", "EPAULE")]
    [InlineData("BASSIN FACE", null)]
    [InlineData("Kyčelní kloub", null)]
    [InlineData("Csípőízület", null)]
    [InlineData("kalça", null)]
    [InlineData("тазобедренный сустав", null)]
    [InlineData("грудная клетка", "ГРУДНАЯ")]
    [InlineData("骨盆正位", null)]
    [InlineData("左髋关节", null)]
    [InlineData("左膝关节正位", "膝关节")]
    [InlineData("胸部と股関節", null)]
    [InlineData("ｺﾂﾊﾞﾝ", null)]
    [InlineData("ＣＨＥＳＴ", "CHEST")]
    [InlineData("흉부", "흉부")]
    [InlineData("고관절", null)]
    [InlineData("الورك", null)]
    [InlineData("ירך", null)]
    [InlineData("ΙΣΧΊΟ", null)]
    public void Only_a_body_part_that_is_surely_another_one_rejects(string bodyPart, string? word)
    {
        var header = HeaderBytes.HipFilm().With(CharacterSet, "CS", "ISO_IR 192").With(BodyPart, "CS", Encoding.UTF8.GetBytes(bodyPart));
        Assert.Equal((word is null ? Reason.None : Reason.WrongBodyPart, word), Judge(header));
    }

    [Theory]
    [InlineData("ISO_IR 100", "iso-8859-1", "Schädel", "SCHÄDEL")]
    [InlineData("", "iso-8859-1", "Schädel", "SCHÄDEL")]
    [InlineData("ISO_IR 100", "utf-8", "Schädel", "SCHÄDEL")]
    [InlineData("ISO_IR 144", "iso-8859-5", "череп", "ЧЕРЕП")]
    [InlineData("ISO_IR 192", "utf-8", "胸部", "胸部")]
    [InlineData("GB18030", "gb18030", "胸部", "胸部")]
    [InlineData(@"\ISO 2022 IR 58", "gb2312", "胸部", "胸部")]
    [InlineData(@"\ISO 2022 IR 149", "euc-kr", "무릎", "무릎")]
    [InlineData(@"\ISO 2022 IR 87", "iso-2022-jp", "膝関節", "膝関節")]
    public void A_body_part_is_read_by_its_character_set(string terms, string encoding, string text, string word)
    {
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
        Assert.Equal((Reason.WrongBodyPart, word), Judge(HeaderBytes.HipFilm().With(CharacterSet, "CS", terms).With(BodyPart, "CS", bytes)));
    }

    [Theory]
    [InlineData("CR", null, Reason.None)]
    [InlineData("DX", null, Reason.None)]
    [InlineData("RG", null, Reason.None)]
    [InlineData("XR", null, Reason.None)]
    [InlineData("RF", null, Reason.None)]
    [InlineData("DX", "1.2.840.10008.5.1.4.1.1.7", Reason.None)] // secondary capture of a radiograph
    [InlineData("CT", "1.2.840.10008.5.1.4.1.1.1", Reason.NotARadiograph)]
    [InlineData("MG", null, Reason.NotARadiograph)]
    [InlineData("OT", null, Reason.NotARadiograph)]
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.1.1", Reason.None)]
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.2", Reason.NotARadiograph)]
    [InlineData(null, null, Reason.NotARadiograph)]
    public void The_modality_decides_and_the_class_where_it_is_missing(string? modality, string? sopClass, Reason expected)
    {
        var header = HeaderBytes.HipFilm().Without(Modality).Without(SopClass);
        if (modality is not null) header.With(Modality, "CS", modality);
        if (sopClass is not null) header.With(SopClass, "UI", sopClass);
        Assert.Equal((expected, expected == Reason.None ? null : modality ?? "missing"), Judge(header));
    }

    [Theory]
    [InlineData("FOR PROCESSING", "1.2.840.10008.5.1.4.1.1.1", Reason.ForProcessing)]
    [InlineData("for processing", "1.2.840.10008.5.1.4.1.1.1", Reason.ForProcessing)]
    [InlineData("FOR PRESENTATION", "1.2.840.10008.5.1.4.1.1.1.1", Reason.None)]
    [InlineData("FOR PRESENTATION", "1.2.840.10008.5.1.4.1.1.1.1.1", Reason.None)] // it says so itself
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.1.1.1", Reason.ForProcessing)]
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.1.1", Reason.None)]
    public void Raw_detector_values_are_known_by_their_intent_or_else_their_class(string? intent, string sopClass, Reason expected)
    {
        var header = HeaderBytes.HipFilm().Without(Intent).With(SopClass, "UI", sopClass);
        if (intent is not null) header.With(Intent, "CS", intent);
        Assert.Equal((expected, null), Judge(header));
    }

    [Theory]
    [InlineData("AP", Reason.None)]
    [InlineData("", Reason.None)]
    [InlineData("AXIAL", Reason.None)]
    [InlineData("LLD", Reason.None)] // decubitus
    [InlineData("LLO", Reason.None)]
    [InlineData("LL", Reason.WrongView)]
    [InlineData("RL", Reason.WrongView)]
    [InlineData("LAT", Reason.WrongView)]
    [InlineData("Lateral", Reason.WrongView)]
    public void Only_an_exact_lateral_is_a_wrong_view(string view, Reason expected) =>
        Assert.Equal((expected, expected == Reason.None ? null : view.ToUpperInvariant()), Judge(HeaderBytes.HipFilm().With(View, "CS", view)));

    [Fact]
    public void The_view_code_counts_where_there_is_no_view_position()
    {
        var lateral = Code("left lateral");
        Assert.Equal((Reason.WrongView, "LEFT LATERAL"), Judge(HeaderBytes.HipFilm().Without(View).With(ViewCode, "SQ", lateral)));
        Assert.Equal((Reason.None, null), Judge(HeaderBytes.HipFilm().With(View, "CS", "AP").With(ViewCode, "SQ", lateral)));
    }

    // Body Part Examined is empty: then, and only then, other text rejects, and no single word of a hip may be near.
    [Theory]
    [InlineData(SeriesDescription, "Chest PA", "CHEST")]
    [InlineData(ProtocolName, "KNEE 2 views", "KNEE")]
    [InlineData(StudyDescription, "Chest PA", null)] // one study may hold films of several parts
    [InlineData(SeriesDescription, "FACE", null)] // French: from the front
    [InlineData(SeriesDescription, "Head first", null)]
    [InlineData(SeriesDescription, "Hand written note of Mr Foot", null)]
    [InlineData(SeriesDescription, "hip to knee", null)]
    [InlineData(SeriesDescription, "Thorax, Hüfte", null)]
    public void Where_there_is_no_body_part_only_unambiguous_words_about_the_film_reject(uint tag, string text, string? word)
    {
        var header = HeaderBytes.HipFilm().Without(BodyPart).With(tag, "LO", text);
        Assert.Equal((word is null ? Reason.None : Reason.WrongBodyPart, word), Judge(header));
        Assert.Equal((Reason.None, null), Judge(header.With(BodyPart, "CS", "EXTREMITY")));
    }

    [Fact]
    public void A_hip_in_any_text_about_the_film_saves_it()
    {
        var chest = HeaderBytes.HipFilm().With(BodyPart, "CS", "CHEST");
        Assert.Equal((Reason.WrongBodyPart, "CHEST"), Judge(chest.With(StudyDescription, "LO", "Chest and hip")));
        Assert.Equal((Reason.None, null), Judge(chest.With(SeriesDescription, "LO", "L Hip ap")));
        Assert.Equal((Reason.None, null), Judge(chest.Without(SeriesDescription).With(ProtocolName, "LO", "Beckenübersicht")));
        Assert.Equal((Reason.None, null), Judge(chest.Without(ProtocolName).With(AnatomicRegion, "SQ", Code("Hip joint"))));

        var silent = HeaderBytes.HipFilm().Without(BodyPart).With(SeriesDescription, "LO", "Chest");
        Assert.Equal((Reason.None, null), Judge(silent.With(StudyDescription, "LO", "Chest and hip")));
        Assert.Equal((Reason.WrongBodyPart, "FOOT"), Judge(silent.Without(StudyDescription).Without(SeriesDescription).With(AnatomicRegion, "SQ", Code("Foot"))));
    }

    [Fact]
    public void No_text_of_a_header_gets_into_the_detail() => Gen.Select(Gen.String[0, 20], Gen.String[0, 20]).Sample((before, after) =>
    {
        var text = Encoding.UTF8.GetBytes($"{before} Chest {after}");
        var (_, detail) = Judge(HeaderBytes.HipFilm().Without(BodyPart).With(CharacterSet, "CS", "ISO_IR 192").With(SeriesDescription, "LO", text));
        return detail is null || Lists("other_words_in_free_text").Contains(detail);
    });

    [Fact]
    public void The_first_reason_in_a_fixed_order_is_given()
    {
        var triage = With("photometrics_rejected", "RGB", "PALETTE COLOR");
        var header = HeaderBytes.HipFilm().With(BodyPart, "CS", "CHEST").With(View, "CS", "LL").With(Photometric, "CS", "RGB");
        Assert.Equal((Reason.NotARadiograph, "CT"), Judge(header.With(Modality, "CS", "CT").With(Intent, "CS", "FOR PROCESSING"), triage));
        Assert.Equal((Reason.ForProcessing, null), Judge(header.With(Modality, "CS", "DX"), triage));
        Assert.Equal((Reason.WrongBodyPart, "CHEST"), Judge(header.With(Intent, "CS", "FOR PRESENTATION"), triage));
        Assert.Equal((Reason.WrongView, "LL"), Judge(header.With(BodyPart, "CS", "HIP"), triage));
        Assert.Equal((Reason.NotGrayscale, "RGB"), Judge(header.With(View, "CS", "AP"), triage));
        Assert.Equal((Reason.NotGrayscale, "PALETTE COLOR"), Judge(header.With(Photometric, "CS", "PALETTE COLOR"), triage));
        Assert.Equal((Reason.None, null), Judge(header)); // colour is judged by default
        Assert.Equal((Reason.None, null), Judge(header.Without(Photometric), triage));
    }

    [Fact]
    public void A_user_changes_what_is_judged()
    {
        Assert.Equal((Reason.None, null), Judge(HeaderBytes.HipFilm().With(View, "CS", "LL"), With("views_rejected")));
        Assert.Equal((Reason.WrongView, "AXIAL"), Judge(HeaderBytes.HipFilm().With(View, "CS", "AXIAL"), With("views_rejected", "AXIAL")));
        Assert.Equal((Reason.None, null), Judge(HeaderBytes.HipFilm().With(Modality, "CS", "OT"), With("modalities", "OT")));
        Assert.Equal((Reason.NotARadiograph, "1.2.840.10008.5.1.4.1.1.7"), Judge(HeaderBytes.HipFilm().With(SopClass, "UI", "1.2.840.10008.5.1.4.1.1.7"), With("sop_classes_rejected", "1.2.840.10008.5.1.4.1.1.7")));
        Assert.Equal((Reason.WrongBodyPart, "ABDOMEN"), Judge(HeaderBytes.HipFilm().With(BodyPart, "CS", "ABDOMEN"), With("other_words", "ABDOMEN")));
        Assert.Equal((Reason.None, null), Judge(HeaderBytes.HipFilm().With(BodyPart, "CS", "KNEE"), With("hip_words", "KNEE")));
        Assert.Equal((Reason.None, null), Judge(HeaderBytes.HipFilm().With(Intent, "CS", "FOR PROCESSING"), With("presentation_intents_rejected")));
    }

    [Fact]
    public void The_default_has_no_word_that_is_both_hip_and_other()
    {
        var hips = new WordList(Lists("hip_words"), isBeginning: true);
        Assert.DoesNotContain(Lists("other_words"), word => hips.Find(word) is not null);
        Assert.All(Lists("other_words_in_free_text"), word => Assert.Contains(word, Lists("other_words")));
    }

    [Fact]
    public void A_run_keeps_its_triage_and_takes_no_other()
    {
        using var folder = new TemporaryFolder();
        var manifest = new RunManifest { ProductVersion = "0", ArchiveRoot = "/films", ChunkFilms = 4, SiteKeyId = "0123abcd" };
        var mine = With("views_rejected");
        var run = RunFolder.Create(folder["run"], manifest with { TriageSha256 = mine.Sha256 });
        mine.KeepIn(run);
        Assert.Equal(mine.Sha256, Triage.OfRun(RunFolder.Open(folder["run"])).Sha256);
        Assert.Equal(mine.Sha256, RunFolder.Create(folder["run"], manifest).Manifest.TriageSha256);
        Assert.Contains("another triage", Assert.Throws<RunFolderException>(() => RunFolder.Create(folder["run"], manifest with { TriageSha256 = Triage.Default.Sha256 })).Message, StringComparison.Ordinal);

        File.WriteAllBytes(run.TriagePath, Triage.Default.Json.Span);
        Assert.Contains("Restore it", Assert.Throws<TriageException>(() => Triage.OfRun(run)).Message, StringComparison.Ordinal);
        Assert.Equal(Triage.Default.Sha256, Triage.OfRun(RunFolder.Create(folder["other"], manifest)).Sha256);
    }

    private static (Reason, string?) Judge(HeaderBytes header, Triage? triage = null)
    {
        var bytes = header.ToArray();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(bytes, isWholeFile: true, dataset).Status);
        var reason = (triage ?? Triage.Default).Judge(bytes, dataset, out var detail);
        return (reason, detail);
    }

    private static List<string> Lists(string name) => TriageFile.Parse(Triage.Default.Json.Span, "default")[name];

    /// <summary>The default with one list replaced.</summary>
    private static Triage With(string list, params string[] entries)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Triage.Default.Json.Span)!;
        json[list] = new System.Text.Json.Nodes.JsonArray([.. entries.Select(entry => (System.Text.Json.Nodes.JsonNode)entry)]);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["triage.json"], json.ToJsonString());
        return Triage.Load(folder["triage.json"]);
    }

    /// <summary>A sequence of one item with this Code Meaning.</summary>
    private static byte[] Code(string meaning)
    {
        if (meaning.Length % 2 == 1) meaning += ' ';
        var item = new byte[16 + meaning.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(item, 0xE000FFFE);
        BinaryPrimitives.WriteInt32LittleEndian(item.AsSpan(4), 8 + meaning.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(item.AsSpan(8), 0x01040008);
        "LO"u8.CopyTo(item.AsSpan(12));
        BinaryPrimitives.WriteUInt16LittleEndian(item.AsSpan(14), (ushort)meaning.Length);
        Encoding.ASCII.GetBytes(meaning, item.AsSpan(16));
        return item;
    }
}
