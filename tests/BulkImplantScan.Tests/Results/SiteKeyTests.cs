using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Results;

public sealed class SiteKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var made = SiteKey.LoadOrCreate(_folder["a", "b", "site.key"]);
        Assert.Equal(made.Secret.ToArray(), SiteKey.LoadOrCreate(_folder["a", "b", "site.key"]).Secret.ToArray());
        Assert.NotEqual(made.Secret.ToArray(), SiteKey.LoadOrCreate(_folder["other.key"]).Secret.ToArray());
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder["a", "b"]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["a", "b", "site.key"]));
    }

    [Fact]
    public async Task Many_first_runs_at_once_agree_on_one_key()
    {
        foreach (var round in Enumerable.Range(0, 20))
        {
            var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => SiteKey.LoadOrCreate(_folder[$"{round}.key"]).Id)));
            Assert.Single(keys.Distinct());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_key_is_refused_and_not_replaced(string text)
    {
        File.WriteAllText(_folder["site.key"], text);
        var refused = Assert.Throws<SiteKeyException>(() => SiteKey.LoadOrCreate(_folder["site.key"]));
        Assert.Contains("--site-key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_folder["site.key"]));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_with_a_sentence()
    {
        File.WriteAllText(_folder["file"], "");
        var refused = Assert.Throws<SiteKeyException>(() => SiteKey.LoadOrCreate(_folder["file", "site.key"]));
        Assert.Contains("--site-key", refused.Message, StringComparison.Ordinal);
    }
}
