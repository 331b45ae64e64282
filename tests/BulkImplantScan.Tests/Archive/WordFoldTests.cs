using BulkImplantScan.Archive;
using CsCheck;

namespace BulkImplantScan.Tests.Archive;

public sealed class WordFoldTests
{
    [Theory]
    [InlineData("Hüfte", "HUFTE", "HUEFTE")]
    [InlineData("Hu\u0308fte", "HUFTE", "HUFTE")] // the mark behind its letter, as macOS writes
    [InlineData("straße", "STRASE", "STRASSE")]
    [InlineData("Bækken Ål Ø", "BAKKEN AL O", "BAEKKEN AAL OE")]
    [InlineData("kyčel páneľ ŁÓDŹ", "KYCEL PANEL LODZ", "KYCEL PANEL LODZ")]
    [InlineData("șold Țară", "SOLD TARA", "SOLD TARA")]
    [InlineData("kalça İstanbul ısı", "KALCA ISTANBUL ISI", "KALCA ISTANBUL ISI")]
    [InlineData("xương chậu", "XUONG CHAU", "XUONG CHAU")]
    [InlineData("ισχίο λεκάνη ς", "ΙΣΧΙΟ ΛΕΚΑΝΗ Σ", "ΙΣΧΙΟ ΛΕΚΑΝΗ Σ")]
    [InlineData("тазобедренный Ёж", "ТАЗОБЕДРЕННЫЙ ЕЖ", "ТАЗОБЕДРЕННЫЙ ЕЖ")]
    [InlineData("ｺﾂﾊﾞﾝ ﾊﾟ ＨＩＰ　ａ", "コツバン パ HIP A", "コツバン パ HIP A")]
    [InlineData("骨盆", "骨盆", "骨盆")]
    public void Spellings_of_one_word_fold_to_one(string text, string plain, string speltOut)
    {
        Assert.Equal(plain, WordFold.Of(text, isSpeltOut: false));
        Assert.Equal(speltOut, WordFold.Of(text, isSpeltOut: true));
        Assert.Equal(plain != speltOut, WordFold.HasTwoForms(text));
    }

    [Fact]
    public void Folding_twice_changes_nothing_and_case_does_not_matter() => Gen.String[0, 40].Sample(text =>
    {
        var folded = WordFold.Of(text, isSpeltOut: false);
        return WordFold.Of(folded, isSpeltOut: false) == folded && folded.Length <= text.Length;
    });

    [Theory]
    [InlineData("HÜFT", "Hüftgelenk", true)]
    [InlineData("HÜFT", "HUEFTGELENK", true)]
    [InlineData("HUEFT", "Hüftgelenk", true)]
    [InlineData("HÜFT", "TÜFTHÜFT", false)] // not its beginning
    [InlineData("髋", "左髋", true)]
    [InlineData("HIP", "WHIP", false)]
    [InlineData("HIP", "(L)HIP", true)]
    public void A_word_is_found_at_the_beginning_of_a_word_or_anywhere_in_scripts_without_blanks(string word, string text, bool isFound) =>
        Assert.Equal(isFound ? word : null, new WordList([word], isBeginning: true).Find(text));
}
