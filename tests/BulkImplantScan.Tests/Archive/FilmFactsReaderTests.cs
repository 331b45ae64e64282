using BulkImplantScan.Archive;
using CsCheck;

namespace BulkImplantScan.Tests.Archive;

public sealed class FilmFactsReaderTests
{
    [Theory]
    [InlineData("20200229", "2020-02-29")]
    [InlineData("1999.12.31", "1999-12-31")]
    [InlineData("18950101", "1895-01-01")]
    [InlineData("21001231", "2100-12-31")]
    [InlineData("18941231", null)]
    [InlineData("21010101", null)]
    [InlineData("20190229", null)]
    [InlineData("20191301", null)]
    [InlineData("00000000", null)]
    [InlineData("2019", null)]
    [InlineData("2019-03-14", null)]
    [InlineData("２０１９0314", null)]
    [InlineData(null, null)]
    public void A_date_is_a_day_of_the_calendar_since_roentgen_or_none(string? text, string? expected) =>
        Assert.Equal(expected, FilmFactsReader.Date(text)?.ToString("yyyy-MM-dd"));

    [Theory]
    [InlineData("082Y", 82)]
    [InlineData("62", 62)]
    [InlineData("018M", 1)]
    [InlineData("103W", 1)]
    [InlineData("010D", 0)]
    [InlineData("000Y", 0)]
    [InlineData("130Y", 130)]
    [InlineData("131Y", null)]
    [InlineData("-82Y", null)]
    [InlineData("82YY", null)]
    [InlineData("Y", null)]
    [InlineData("8 2Y", null)]
    [InlineData("eighty", null)]
    public void An_age_is_read_by_its_unit(string text, int? years) => Assert.Equal(years, FilmFactsReader.Age(text, null, null));

    [Theory]
    [InlineData("1936-12-31", "2019-12-30", 82)]
    [InlineData("1936-12-31", "2019-12-31", 83)]
    [InlineData("1936-02-29", "2019-02-28", 83)]
    [InlineData("1936-03-01", "2019-02-28", 82)]
    [InlineData("2020-01-01", "2019-12-31", null)]
    [InlineData("1895-01-01", "2100-01-01", null)]
    public void Without_an_age_the_dates_give_it(string birth, string study, int? years) =>
        Assert.Equal(years, FilmFactsReader.Age(null, DateOnly.Parse(birth), DateOnly.Parse(study)));

    [Fact]
    public void Years_count_birthdays() => Gen.Int[693000, 730000].Select(Gen.Int[0, 40000]).Sample((birth, days) =>
    {
        // The definition, day by day: how many birthdays have come; that of 29 February comes on 1 March in other years,
        // or on 28 February: laws differ, so those births are left out.
        var from = DateOnly.FromDayNumber(birth);
        var to = from.AddDays(days);
        if (from is { Month: 2, Day: 29 }) return true;
        var birthdays = Enumerable.Range(1, 131).Count(year => from.AddYears(year) <= to);
        return FilmFactsReader.Age(null, from, to) == (birthdays <= 130 ? birthdays : null);
    });

    [Theory]
    [InlineData(0, "0-9")]
    [InlineData(9, "0-9")]
    [InlineData(10, "10-19")]
    [InlineData(89, "80-89")]
    [InlineData(90, "90+")]
    [InlineData(130, "90+")]
    [InlineData(null, null)]
    public void Ages_are_given_in_bands_and_the_oldest_in_one(int? years, string? band) => Assert.Equal(band, FilmFactsReader.AgeBand(years));

    [Theory]
    [InlineData(75.0, "70-79")]
    [InlineData(79.9, "70-79")]
    [InlineData(80.0, "80-89")]
    [InlineData(9.9, null)]
    [InlineData(1e9, null)]
    [InlineData(double.NaN, null)]
    [InlineData(null, null)]
    public void Voltages_are_given_in_bands(double? kilovolts, string? band) => Assert.Equal(band, FilmFactsReader.KvBand(kilovolts));

    [Theory]
    [InlineData(0.4, "0-4")]
    [InlineData(5.0, "5-9")]
    [InlineData(19.99, "10-19")]
    [InlineData(20.0, "20-39")]
    [InlineData(79.0, "40-79")]
    [InlineData(80.0, "80+")]
    [InlineData(0.0, null)]
    [InlineData(-3.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(null, null)]
    public void Exposures_are_given_in_bands(double? milliAmpereSeconds, string? band) => Assert.Equal(band, FilmFactsReader.MasBand(milliAmpereSeconds));

    [Theory]
    [InlineData("DigitalDiagnost", "DigitalDiagnost")]
    [InlineData("Fuji Photo Film Co.,Ltd.", "Fuji Photo Film Co. Ltd.")]
    [InlineData("Agfa-Gevaert (CR 85/X) +_", "Agfa-Gevaert (CR 85/X) +_")]
    [InlineData("  a   b ", "a b")]
    [InlineData("<script>", null)]
    [InlineData("Robert'); DROP TABLE", null)]
    [InlineData("a\nb", null)]
    [InlineData("=1+1", null)]
    [InlineData("C:\\films", null)]
    [InlineData("Müller", "Mueller")]
    [InlineData("Hüfte", "Huefte")]
    [InlineData("Généralités Łódź", "Generalites Lodz")]
    [InlineData("骨盆", null)]
    [InlineData("Агфа", null)]
    [InlineData(",", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Text_passes_when_it_can_be_nothing_but_a_name_of_a_thing(string? text, string? clean) => Assert.Equal(clean, CleanText.Of(text));

    [Fact]
    public void Clean_text_is_bounded_and_cleaning_it_again_changes_nothing() => Gen.String[0, 200].Sample(text =>
        CleanText.Of(text) is not { } clean || (clean.Length <= 64 && CleanText.Of(clean) == clean));

    [Theory]
    [InlineData("1.2.840", "1.2.840")]
    [InlineData("1.2.x", null)]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111", null)]
    public void A_uid_is_digits_and_dots(string text, string? expected) => Assert.Equal(expected, CleanText.Uid(text));
}
