using System.Text;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>The report of a run: a page, and each of its tables as CSV and Parquet, and each of its charts as PNG.</summary>
public static class Report
{
    /// <summary>Writes the report; the same rows and options give the same bytes.</summary>
    /// <param name="runFolder">The run, finished or not; the page says which.</param>
    /// <param name="outFolder">Where; null for <c>report/</c> in the run. Files of an older report there are replaced.</param>
    /// <param name="options">What is shown; null for the usual.</param>
    /// <exception cref="RunFolderException">There is no run, a file of it is damaged, or the folder cannot be written.</exception>
    /// <exception cref="RunQueryException">A question needs more memory than it may use.</exception>
    public static ReportFiles Write(string runFolder, string? outFolder = null, ReportOptions? options = null)
    {
        options ??= new();
        var run = RunFolder.Open(runFolder);
        var folder = Path.GetFullPath(outFolder ?? run.ReportPath);
        if (File.Exists(folder)) throw new RunFolderException($"{folder} is a file. Name a folder for the report.");
        var (csv, parquet, png) = (Path.Combine(folder, "csv"), Path.Combine(folder, "parquet"), Path.Combine(folder, "png"));
        foreach (var each in new[] { csv, parquet, png })
            AtomicFile.Guard(each, () => Directory.CreateDirectory(each));

        using var database = RunDatabase.Open(run, options.Database, locked: false, skipUnreadable: false);
        var summary = RunSummary.Of(database);
        var tables = new ReportTables(database, options.MinimumCell);

        var files = new List<string>();
        foreach (var statistic in tables.Statistics)
        {
            files.Add(Copy(database, statistic, Path.Combine(csv, statistic.Name + ".csv"), "FORMAT csv, HEADER"));
            files.Add(Copy(database, statistic, Path.Combine(parquet, statistic.Name + ".parquet"), "FORMAT parquet, COMPRESSION zstd"));
        }

        var charts = new List<string>();
        foreach (var chart in tables.Charts.All)
        {
            if (StackedColumnsPng.Draw(chart) is not { } bytes) break;
            var path = Path.Combine(png, chart.FileName + ".png");
            AtomicFile.Write(path, stream => stream.Write(bytes));
            charts.Add(path);
        }

        var html = Path.Combine(folder, "report.html");
        var page = new ReportPage(database, options, summary, tables).Write();
        AtomicFile.Write(html, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
        return new(folder, html, files, charts, summary);
    }

    /// <summary>DuckDB writes beside the target, then the file takes its name: a full disk leaves the older one.</summary>
    private static string Copy(RunDatabase database, Statistic statistic, string path, string format)
    {
        var temporary = path + ".new";
        try
        {
            database.Execute($"COPY report_{statistic.Name} TO {RunDatabase.Quote(temporary)} ({format}, USE_TMP_FILE false)");
            AtomicFile.Guard(path, () =>
            {
                File.Move(temporary, path, overwrite: true);
                return true;
            });
            return path;
        }
        catch (RunQueryException e)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            throw new RunFolderException($"{path} cannot be written ({e.Message.TrimEnd('.')}). Free some space, or choose a folder that you may write to.", e);
        }
    }
}
