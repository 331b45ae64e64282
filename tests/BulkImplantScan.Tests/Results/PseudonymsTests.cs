using System.Security.Cryptography;
using System.Text;
using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Results;

public sealed class PseudonymsTests
{
    private static readonly SiteKey Key = new([.. Enumerable.Range(0, SiteKey.Bytes).Select(i => (byte)i)]);
    private static readonly Pseudonyms Pseudonyms = new(Key);

    // Values of Python's hmac and hashlib over the documented message, key bytes 0 to 31:
    // hmac.new(bytes(range(32)), b'patient\0' + struct.pack('>I', 4) + b'SITE' + struct.pack('>I', 4) + b'4711' + bytes(4),
    // 'sha256').hexdigest()[:32], and the like.
    [Fact]
    public void Pseudonyms_are_what_another_implementation_computes()
    {
        Assert.Equal("bac1431b667d5cc4348555da7d78f0da", Pseudonyms.Patient("SITE", "4711"));
        Assert.Equal("6d1fbed52ac7aedb4f1dc0fcfed3f679", Pseudonyms.Study("1.2.3"));
        Assert.Equal("3470544e350ee54e023d26d89b1420bf", Pseudonyms.Site("General Hospital"));
        Assert.Equal("719f80733d50fc2e38fae9232c266b2a", Pseudonyms.Instance("1.2.3.4", 2));
        Assert.Equal("7eb5ddf37a4d450464c4a90aaf7a63ec", Pseudonyms.Film("1.2.3.4", 2, [0x61, 0xFF]));
        Assert.Equal("8adc89f9", Key.Id);
    }

    [Fact]
    public void What_is_absent_has_no_pseudonym_but_a_film_always_has_a_key()
    {
        foreach (var absent in new[] { null, "", "  " })
        {
            Assert.Null(Pseudonyms.Patient("SITE", absent));
            Assert.Null(Pseudonyms.Study(absent));
            Assert.Null(Pseudonyms.Site(absent));
            Assert.Null(Pseudonyms.Instance(absent, 1));
            Assert.Equal(Pseudonyms.Film(null, 1, "a"u8), Pseudonyms.Film(absent, 1, "a"u8));
        }
    }

    [Fact]
    public void Blanks_around_an_identifier_do_not_count() =>
        Assert.Equal(Pseudonyms.Patient("SITE", "4711"), Pseudonyms.Patient(" SITE ", "4711 "));

    [Fact]
    public void Different_inputs_have_different_pseudonyms_however_their_parts_are_cut() =>
        Gen.Select(Gen.String[Gen.Char['a', 'b'], 1, 3], Gen.String[Gen.Char['a', 'b'], 1, 3]).Array[2].Sample(pairs =>
            (pairs[0] == pairs[1]) == (Pseudonyms.Patient(pairs[0].Item1, pairs[0].Item2) == Pseudonyms.Patient(pairs[1].Item1, pairs[1].Item2)));

    [Fact]
    public void Equal_text_of_a_patient_a_study_a_site_and_an_instance_is_not_equal()
    {
        string?[] all =
        [
            Pseudonyms.Patient("", "1"), Pseudonyms.Study("1"), Pseudonyms.Site("1"), Pseudonyms.Instance("1", 1),
            Pseudonyms.Film("1", 1, []), Pseudonyms.Film("1", 2, []), Pseudonyms.Film("1", 1, "1"u8), Pseudonyms.Film("", 1, "1"u8),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Another_key_gives_other_pseudonyms() =>
        Assert.NotEqual(Pseudonyms.Study("1"), new Pseudonyms(new SiteKey(new byte[SiteKey.Bytes])).Study("1"));

    [Fact]
    public void A_value_longer_than_the_stack_buffer_is_hashed_whole()
    {
        var value = new string('1', 5000);
        Assert.Equal(Reference("study", value, "", ""), Pseudonyms.Study(value));
        Assert.NotEqual(Pseudonyms.Study(value), Pseudonyms.Study(value + "1"));
    }

    private static string Reference(string domain, params string[] parts)
    {
        var message = new MemoryStream();
        message.Write(Encoding.UTF8.GetBytes(domain + "\0"));
        foreach (var part in parts)
        {
            message.Write([.. BitConverter.GetBytes(part.Length).Reverse()]);
            message.Write(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(Key.Secret, message.ToArray()))[..32];
    }
}
