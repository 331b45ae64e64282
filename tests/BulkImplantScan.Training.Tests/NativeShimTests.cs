namespace BulkImplantScan.Training.Tests;

public sealed class NativeShimTests(TorchFixture torch)
{
    private const string Library = "libLibTorchSharp.so";

    [Fact]
    public void Libtorch_loads_on_this_machine() => Assert.Null(torch.Lacks);

    [Fact]
    public void Weakening_changes_one_byte_and_a_second_time_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists(Native), "a Linux library is needed");
        var original = File.ReadAllBytes(Path.Combine(Native, Library));

        // The library here may already be adapted, so a version that is needed by every build is weakened.
        var weakened = (byte[])original.Clone();
        Assert.True(NativeShim.WeakenVersionNeed(weakened, "GLIBCXX_3.4.30"));
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != weakened[i]).ToArray();
        Assert.Equal(2, weakened[Assert.Single(changed)]); // VER_FLG_WEAK

        var again = (byte[])weakened.Clone();
        Assert.True(NativeShim.WeakenVersionNeed(again, "GLIBCXX_3.4.30"));
        Assert.Equal(weakened, again);
    }

    [Fact]
    public void A_version_that_is_not_needed_leaves_the_file_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists(Native), "a Linux library is needed");
        var elf = File.ReadAllBytes(Path.Combine(Native, Library));
        var original = (byte[])elf.Clone();
        Assert.False(NativeShim.WeakenVersionNeed(elf, "GLIBCXX_9.9.9"));
        Assert.Equal(original, elf);
    }

    [Fact]
    public void Cut_and_scribbled_files_are_refused_or_patched_but_never_fault()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists(Native), "a Linux library is needed");
        var elf = File.ReadAllBytes(Path.Combine(Native, Library));
        Assert.False(NativeShim.WeakenVersionNeed([], NativeShim.MissingVersion));
        Assert.False(NativeShim.WeakenVersionNeed(elf.AsSpan(0, 63).ToArray(), NativeShim.MissingVersion));
        Assert.False(NativeShim.WeakenVersionNeed(elf.AsSpan(0, elf.Length / 2).ToArray(), NativeShim.MissingVersion));
        var random = new Random(1);
        var sections = (int)BitConverter.ToUInt64(elf, 0x28);
        for (var round = 0; round < 300; round++)
        {
            var place = round % 2 == 0 ? random.Next(64) : random.Next(sections, elf.Length);
            var original = elf[place];
            elf[place] = (byte)random.Next(256);
            NativeShim.WeakenVersionNeed(elf, "GLIBCXX_9.9.9");
            elf[place] = original;
        }
    }

    private static string Native => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
}
