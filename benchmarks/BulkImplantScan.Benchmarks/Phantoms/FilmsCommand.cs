using System.Globalization;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Benchmarks.Phantoms;

/// <summary><c>films FOLDER [--count N] [--seed S] [--long-side PIXELS]</c>: the same phantoms in each transfer syntax that
/// phantoms are written in, a folder each.</summary>
/// <remarks>An archive of phantoms mixes its syntaxes, so a scan of it says nothing of any one; and folders of different films could
/// not be compared.</remarks>
internal static class FilmsCommand
{
    private const string Usage = "films FOLDER [--count N] [--seed S] [--long-side PIXELS]";

    private static readonly (DxSyntax Syntax, string Folder)[] Syntaxes =
    [
        (DxSyntax.ExplicitLittleEndian, "explicit"), (DxSyntax.Rle, "rle"), (DxSyntax.JpegLossless, "jpeg-lossless"),
    ];

    public static int Run(string[] arguments)
    {
        var (count, seed, longSide) = (100, 1UL, (int?)null);
        var isKnown = arguments.Length % 2 == 1 && !arguments[0].StartsWith('-');
        for (var i = 1; isKnown && i < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            isKnown = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (arguments[i])
            {
                case "--count": count = number; break;
                case "--seed": seed = (ulong)number; break;
                case "--long-side": longSide = number; break;
                default: isKnown = false; break;
            }
        }

        if (!isKnown)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = arguments[0];
        foreach (var (_, name) in Syntaxes) Directory.CreateDirectory(Path.Combine(folder, name));
        var films = Roster.Plan(new() { Count = count, OutFolder = folder, Seed = seed, LongSidePixels = longSide });
        Parallel.For(0, films.Count, number =>
        {
            var film = Phantom.Render(films[number].Plan);
            foreach (var (syntax, name) in Syntaxes)
            {
                using var file = File.Create(Path.Combine(folder, name, $"{number:000000}.dcm"));
                DxWriter.WriteTo(file, film, films[number].Header, syntax);
            }
        });
        foreach (var (_, name) in Syntaxes)
        {
            var bytes = new DirectoryInfo(Path.Combine(folder, name)).GetFiles().Sum(file => file.Length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {films.Count} films, {bytes / 1e6 / films.Count:0.00} MB each"));
        }

        return 0;
    }
}
