using BulkImplantScan.Archive;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Real files by others: no crash, no film lost, no implant where there is none by construction of the reasons.</summary>
public sealed class RealFilmsTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task Every_frame_of_the_real_films_has_a_row_and_the_ledger_adds_up()
    {
        var folder = SharedFolder.Require("data", "dicom");
        var run = await archive.IndexAsync("real", archive: folder);
        await archive.ScanAsync(run);

        var balance = Ledger.Check(run.FullPath);
        Assert.True(balance.Ok, string.Join('\n', balance.Problems));
        using var inventory = new InventoryReader(run.InventoryPath);
        var films = inventory.Chunks.SelectMany(chunk => inventory.ReadChunk(chunk.Number))
            .Where(film => film.Reason != Reason.MissingFile).ToList();
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
        Assert.Equal(files, films.Select(film => System.Text.Encoding.UTF8.GetString(film.Path)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(SmallArchive.Rows(run), row => Assert.True(row.TopClass is not null || row.Reason != Reason.None));
    }

    [Fact]
    public void Inspect_gives_the_expected_hash_or_the_true_reason_for_every_real_file()
    {
        var folder = SharedFolder.Require("data", "dicom");
        var lines = File.ReadAllLines(SharedFolder.Require("data", "expected.csv"));
        var names = lines[0].Split(',');
        var (name, hash, syntax, lossy) = (Array.IndexOf(names, "name"), Array.IndexOf(names, "sha256"), Array.IndexOf(names, "transfer_syntax"), Array.IndexOf(names, "lossy"));
        var (min, max, mean) = (Array.IndexOf(names, "min"), Array.IndexOf(names, "max"), Array.IndexOf(names, "mean"));
        var decoded = 0;
        foreach (var cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            var film = FilmInspection.Of(Path.Combine(folder, cells[name]), new InputGeometry(1, 32, 32, [0], [1]), null);
            if (film.Sha256 is null)
            {
                Assert.True(film.Reason is not null, $"{cells[name]}: no hash and no reason");
                // What an independent decoder could read is only ever turned away for a syntax that this build lacks.
                if (cells[hash].Length == 64)
                    Assert.Equal((Reason.UnsupportedTransferSyntax.InRow(), cells[syntax]), (film.Reason, film.Detail));
                continue;
            }

            decoded++;
            if (cells[lossy] != "1" && cells[hash].Length == 64)
            {
                Assert.True(cells[hash] == film.Sha256, $"{cells[name]}: {film.Sha256}, expected {cells[hash]}");
                continue;
            }

            if (cells[hash].Length != 64) continue;

            // Two right decoders of a lossy film differ by a step of rounding here and there.
            Assert.InRange(film.Min!.Value, Number(cells[min]) - 2, Number(cells[min]) + 2);
            Assert.InRange(film.Max!.Value, Number(cells[max]) - 2, Number(cells[max]) + 2);
            Assert.InRange(film.Mean!.Value, Number(cells[mean]) - 0.05, Number(cells[mean]) + 0.05);
        }

        Assert.True(decoded >= 30, $"only {decoded} files decode");
    }

    private static double Number(string cell) => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);
}
