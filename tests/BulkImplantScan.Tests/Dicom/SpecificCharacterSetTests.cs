using System.Text;
using BulkImplantScan.Dicom;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom;

public sealed class SpecificCharacterSetTests
{
    [Fact]
    public void Text_of_every_set_is_read_as_pydicom_reads_it()
    {
        var cases = 0;
        foreach (var line in OracleFile.Read("charset-cases.csv.gz"))
        {
            var text = Encoding.BigEndianUnicode.GetString(Convert.FromHexString(line[2]));
            Assert.Equal((line[0], line[1], text), (line[0], line[1], Decode(line[0], Convert.FromHexString(line[1]))));
            cases++;
        }

        Assert.InRange(cases, 2000, 10_000);
    }

    // PS3.5, annexes H (Japanese), I (Korean), J and K (Chinese): the bytes are the standard's.
    [Theory]
    [InlineData(@"\ISO 2022 IR 87", "Yamada^Tarou=\u001B$B;3ED\u001B(B^\u001B$BB@O:\u001B(B=\u001B$B$d$^$@\u001B(B^\u001B$B$?$m$&\u001B(B", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData(@"ISO 2022 IR 13\ISO 2022 IR 87", "\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3=\u001B$B;3ED\u001B(J^\u001B$BB@O:\u001B(J=\u001B$B$d$^$@\u001B(J^\u001B$B$?$m$&\u001B(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData(@"\ISO 2022 IR 149", "Hong^Gildong=\u001B$)C\u00FB\u00F3^\u001B$)C\u00D1\u00CE\u00D4\u00D7=\u001B$)C\u00C8\u00AB^\u001B$)C\u00B1\u00E6\u00B5\u00BF", "Hong^Gildong=洪^吉洞=홍^길동")]
    [InlineData("ISO_IR 192", "Wang^XiaoDong=\u00E7\u008E\u008B^\u00E5\u00B0\u008F\u00E6\u009D\u00B1=", "Wang^XiaoDong=王^小東=")]
    [InlineData("GB18030", "Wang^XiaoDong=\u00CD\u00F5^\u00D0\u00A1\u00B6\u00AB=", "Wang^XiaoDong=王^小东=")]
    [InlineData("GBK", "Wang^XiaoDong=\u00CD\u00F5^\u00D0\u00A1\u00B6\u00AB=", "Wang^XiaoDong=王^小东=")]
    [InlineData(@"\ISO 2022 IR 58", "Zhang^XiaoDong=\u001B$)A\u00D5\u00C5^\u001B$)A\u00D0\u00A1\u00B6\u00AB=", "Zhang^XiaoDong=张^小东=")]
    [InlineData("ISO_IR 100", "Buc^J\u00E9r\u00F4me", "Buc^Jérôme")]
    [InlineData("ISO_IR 126", "\u00C4\u00E9\u00EF\u00ED\u00F5\u00F3\u00E9\u00EF\u00F2", "Διονυσιος")]
    [InlineData("ISO_IR 144", "\u00BB\u00EEce\u00DC\u00D1yp\u00D3", "Люceмбypг")]
    public void The_examples_of_the_standard_are_read(string terms, string bytes, string text) =>
        Assert.Equal(text, Decode(terms, Encoding.Latin1.GetBytes(bytes)));

    [Theory]
    [InlineData("", "Hüfte", "latin1")] // no character set, Latin-1 bytes
    [InlineData("", "Hüfte", "utf-8")]
    [InlineData("", "骨盆", "utf-8")]
    [InlineData("ISO_IR 100", "Hüfte", "utf-8")] // the common lie
    [InlineData("ISO_IR 100", "髋关节", "utf-8")]
    [InlineData("ISO_IR 192", "Hüfte", "latin1")] // and the reverse
    [InlineData("ISO_IR 144", "таз", "utf-8")] // its bytes 80 to 9F are no letters of ISO 8859-5
    [InlineData("ISO_IR 101", "PODRÓŻ", "iso-8859-2")] // would be UTF-8, too, but are words of its language
    [InlineData("ISO_IR 13", "股関節 正面", "shift_jis")]
    [InlineData(@"\ISO 2022 IR 149", "고관절", "euc-kr")] // without the escape sequence
    [InlineData("GB18030", "骨盆", "utf-8")]
    [InlineData("ISO-IR 100", "Hüfte", "latin1")] // misspelt terms
    [InlineData("iso ir 101", "kyčel", "iso-8859-2")]
    [InlineData("UTF-8", "таз", "utf-8")]
    [InlineData("nonsense", "Hüfte", "latin1")]
    [InlineData("ISO 2022 GBK", "骨盆", "gb2312")]
    public void Text_that_its_character_set_belies_is_read_as_what_it_can_only_be(string terms, string text, string encoding) =>
        Assert.Equal(text, Decode(terms, (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text)));

    [Fact]
    public void A_value_cut_inside_a_character_loses_that_character_only() =>
        Assert.Equal("骨", Decode("ISO_IR 192", Encoding.UTF8.GetBytes("骨盆")[..5]));

    [Fact]
    public void A_backslash_that_is_half_of_a_character_ends_no_value()
    {
        // A cell of JIS X 0208 whose second byte is 5C, then one whose first is; between values the backslash still counts.
        Assert.Equal(2, Values(@"\ISO 2022 IR 87", [.. "\u001B$B"u8, 0x30, 0x5C, 0x5C, 0x21, .. "\u001B(B\\HIP"u8]).Length);
        Assert.Equal(2, Values("GB18030", [0x8B, 0x5C, (byte)'\\', (byte)'A']).Length);
        Assert.Equal(2, Values("GBK", [0x8B, 0x5C, (byte)'\\', (byte)'A']).Length);
        Assert.Equal(2, Values("ISO_IR 13", [0x83, 0x5C, (byte)'\\', (byte)'A']).Length); // ソ in Shift JIS
        Assert.Equal(3, Values("ISO_IR 100", "A\\B\\C"u8.ToArray()).Length);

        // A writer that forgets to return to ASCII before the backslash.
        Assert.Equal(2, Values(@"\ISO 2022 IR 87", [.. "\u001B$B"u8, 0x3B, 0x33, (byte)'\\', .. "\u001B$B"u8, 0x3B, 0x33]).Length);
    }

    [Fact]
    public void Control_characters_end_what_was_designated() =>
        Assert.Equal("山\nHIP", Decode(@"\ISO 2022 IR 87", [.. "\u001B$B;3"u8, (byte)'\n', .. "HIP"u8]));

    [Fact]
    public void No_bytes_under_any_term_make_it_throw_or_give_more_characters_than_bytes()
    {
        string[] terms = ["", "ISO_IR 13", "ISO_IR 100", "ISO_IR 144", "ISO_IR 166", "ISO_IR 192", "GB18030", "GBK", @"\ISO 2022 IR 149", @"ISO 2022 IR 13\ISO 2022 IR 87\ISO 2022 IR 159", @"\ISO 2022 IR 58", "\\\\\\", "ISO 2022 IR 87"];
        // Escapes, intermediates and finals are frequent, so that sequences come about.
        var frequent = (byte[])[.. "\u001B$()BCA\\"u8, 0xA1, 0x81];
        var hostile = Gen.Int[0, 400].Select(value => value < 256 ? (byte)value : frequent[value % frequent.Length]);
        Gen.Int[0, terms.Length - 1].Select(hostile.Array[0, 60]).Sample((index, bytes) =>
        {
            var term = terms[index];
            var characters = SpecificCharacterSet.Parse(Encoding.Latin1.GetBytes(term));
            var end = characters.EndOfValue(bytes);
            return end >= 0 && end <= bytes.Length && (end == bytes.Length || bytes[end] == '\\')
                && characters.Decode(bytes).Length <= bytes.Length;
        }, iter: 20_000);
        Gen.Byte.Array[0, 64].Sample(bytes => SpecificCharacterSet.Parse(bytes) is not null);
    }

    [Fact]
    public void A_data_set_decodes_its_text_and_an_item_inherits_the_character_set()
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
            .Text(DicomTags.SpecificCharacterSet, "CS", "ISO_IR 192")
            .Element(DicomTags.InstitutionName, "LO", "Klinik Höhe "u8 is var name && name.Length % 2 == 1 ? [.. name, (byte)' '] : name)
            .Sequence(DicomTags.AnatomicRegionSequence, item => item.Element(DicomTags.CodeMeaning, "LO", "Hüfte"u8))
            .Element(DicomTags.BodyPartExamined, "CS", "Hüfte"u8)
            .ToArray();
        var dataset = new DicomDataset();
        var item = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        Assert.True(DicomReader.TryGetItem(file, dataset, DicomTags.AnatomicRegionSequence, 0, item));
        Assert.Equal("Klinik Höhe", dataset.GetString(file, DicomTags.InstitutionName));
        Assert.Equal(["Klinik Höhe"], dataset.GetStrings(file, DicomTags.InstitutionName));
        Assert.Equal("Hüfte", item.GetString(file, DicomTags.CodeMeaning));
        Assert.Equal("Hüfte", dataset.GetText(file, DicomTags.BodyPartExamined));
        Assert.Equal(Encoding.Latin1.GetString("Hüfte"u8), dataset.GetString(file, DicomTags.BodyPartExamined)); // a CS has no character set
    }

    private static string Decode(string terms, byte[] bytes) => SpecificCharacterSet.Parse(Encoding.Latin1.GetBytes(terms)).Decode(bytes);

    private static byte[][] Values(string terms, byte[] bytes)
    {
        var characters = SpecificCharacterSet.Parse(Encoding.Latin1.GetBytes(terms));
        var values = new List<byte[]>();
        for (var rest = bytes.AsSpan(); ;)
        {
            var end = characters.EndOfValue(rest);
            values.Add(rest[..end].ToArray());
            if (end == rest.Length) return [.. values];
            rest = rest[(end + 1)..];
        }
    }
}
