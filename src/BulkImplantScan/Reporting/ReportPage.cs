using System.Text;
using BulkImplantScan.Registry;
using static BulkImplantScan.Reporting.HtmlText;

namespace BulkImplantScan.Reporting;

/// <summary>The page: one file, no script, no address it could load anything from.</summary>
internal sealed class ReportPage(RunDatabase database, ReportOptions options, RunSummary summary, ReportTables tables)
{
    private const int LongTable = 500, ShortTable = 40;
    private static readonly string[] Outcomes = ["identified", "none", "abstained", "rejected", "failed"];
    private readonly StringBuilder _html = new(1 << 16);

    /// <summary>Writes the page in the order in which it is read.</summary>
    public string Write()
    {
        Head();
        Sum();
        Devices();
        Years();
        Reasons();
        Confidence();
        Overlays();
        Sources();
        PatientGroups();
        BeforeMarket();
        Revisions();
        Limits();
        Foot();
        return _html.ToString().ReplaceLineEndings("\n");
    }

    private void Head()
    {
        var manifest = database.Run.Manifest;
        _html.Append(HtmlPage.Head(options.Title));
        if (manifest.Model is { } model)
        {
            _html.Append($"<p>Read by the model <b>{Escape(model.Name)}</b> <code>{Pseudonym(model.Sha256)}</code>, which knows " +
                $"{Count((long)model.Classes.Count(c => c.Kind == "device"))} devices and nothing else.</p>\n");
        }

        if (options.MadeAt is { } madeAt) _html.Append($"<p>Made {madeAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", null)} UTC.</p>\n");
        _html.Append("</header>\n");
        if (options.Note is { } note) _html.Append($"<p class=\"note\">{Escape(note)}</p>\n");
        _html.Append("<p class=\"limits\">A research tool for counting, not a medical device: nothing here is a diagnosis, and no line " +
            "about a single patient should be acted upon without the films and the record.</p>\n");
    }

    private void Sum()
    {
        var ledger = summary.Ledger;
        long[] counts = [ledger.Identified, ledger.None, ledger.Abstained, ledger.Rejected, ledger.Failed];
        _html.Append($"<div class=\"sum\"><span><b>{Count(ledger.Films)}</b> films in</span>");
        for (var i = 0; i < Outcomes.Length; i++)
            _html.Append($"<span class=\"op\">{(i == 0 ? "=" : "+")}</span><span><b>{Count(counts[i])}</b> {Outcomes[i]}</span>");
        if (ledger.Missing > 0) _html.Append($"<span class=\"op\">+</span><span><b>{Count(ledger.Missing)}</b> not scanned</span>");
        _html.Append("</div>\n<div class=\"flow\">");
        for (var i = 0; i < Outcomes.Length; i++)
            if (counts[i] > 0) _html.Append($"<i class=\"{Outcomes[i]}\" style=\"flex:{counts[i]}\" title=\"{Outcomes[i]}: {Count(counts[i])}\"></i>");
        _html.Append("</div>\n<div class=\"legend\" style=\"margin-top:.5rem\">");
        foreach (var outcome in Outcomes) _html.Append($"<span><i class=\"{outcome}\"></i>{outcome}</span>");
        _html.Append("</div>\n");
        if (!ledger.Ok)
        {
            _html.Append("<div class=\"wrong\"><b>The ledger does not add up: these figures are not final.</b><ul>");
            foreach (var problem in ledger.Problems) _html.Append($"<li>{Escape(problem)}</li>");
            _html.Append("</ul></div>\n");
        }

        Duplicates(ledger.Kinds);
        _html.Append("<div class=\"tiles\">");
        Tile(summary.Films, "films, " + Count(ledger.Duplicates) + " of them copies");
        Tile(summary.Studies, "studies");
        Tile(summary.Patients, "patients");
        Tile(summary.Implants, "implants identified (patient × side × device)");
        _html.Append("</div>\n");
    }

    private void Duplicates(DuplicateCounts kinds)
    {
        if (kinds.Sentence is not { } sentence) return;
        var isAlarming = kinds.OtherPatient > 0 || kinds.ReusedUid > 0 || kinds.Conflicting > 0;
        _html.Append(isAlarming
            ? $"<div class=\"wrong\"><b>{Escape(sentence)}.</b> Look at those before you publish: docs/statistics.md has the question that lists them.</div>\n"
            : $"<p>{Escape(sentence)}.</p>\n");
    }

    private void Tile(long count, string what) => _html.Append($"<div class=\"tile\"><b>{Count(count)}</b><span>{what}</span></div>");

    private void Devices()
    {
        var table = tables[ImplantsByDevice.Statistic];
        var axis = table.Lines.Max(line => line["share_high"] as double?) switch { null or > 0.5 => 1, > 0.2 => 0.5, _ => 0.2 };
        Heading(table);
        HtmlTable.Append(_html, table,
        [
            new("Device", false, line => (string?)line["outcome"] switch
            {
                "identified" => Escape(line["device"]),
                "copies" => "copies of a film above",
                "all" => "all films",
                var outcome => $"<i class=\"{Escape(outcome)}\"></i>{Words(outcome)}",
            }),
            Counted("Films", "films"), Counted("Studies", "studies"), Counted("Patients", "patients"), Counted("Implants", "implants"),
            new("Share of patients", true, line => Percent(line["patient_share"])),
            new("95&#8239;% interval", true, line => Interval(line["share_low"], line["share_high"])),
            new($"<span class=\"ends\"><span>0</span><span>{Number(100 * axis)}&#8239;%</span></span>", false, line => Range(line, axis)),
        ], LongTable, line => (string?)line["outcome"] switch { "identified" => null, "all" => "total", _ => "quiet" });
    }

    private void Years()
    {
        if (tables.Charts.DevicesByYear is { } devices) StackedColumnsSvg.Append(_html, devices);
        var table = tables[ImplantsByDeviceAndYear.Statistic];
        _html.Append("<details><summary>Devices by year, as a table</summary>\n");
        HtmlTable.Append(_html, table,
        [
            new("Device", false, line => Escape(line["device"])), new("Year", true, Year),
            Counted("Films", "films"), Counted("Studies", "studies"), Counted("Patients", "patients"),
            Counted("Implants first seen", "implants_first_seen"),
            new("Share of patients", true, line => Percent(line["patient_share"])),
            new("95&#8239;% interval", true, line => Interval(line["share_low"], line["share_high"])),
        ], LongTable);
        _html.Append("</details>\n");

        var films = tables[FilmsByYear.Statistic];
        Heading(films);
        if (tables.Charts.FilmsByYear is { } chart) StackedColumnsSvg.Append(_html, chart);
        HtmlTable.Append(_html, films,
        [
            new("Year", false, Year), Counted("Films", "films"), Counted("Studies", "studies"), Counted("Patients", "patients"),
            .. Outcomes.Select(outcome => Counted(outcome, outcome)), Counted("copies", "copies"),
        ], LongTable);
    }

    private void Reasons()
    {
        var table = tables[OutcomesByReason.Statistic];
        var largest = table.Lines.Max(line => line["share"] as double?) ?? 1;
        Heading(table);
        HtmlTable.Append(_html, table,
        [
            new("Outcome", false, line => $"<i class=\"{Outcome(line)}\"></i>{Words(line["status"])}"),
            new("Reason", false, line => Words(line["reason"])),
            Counted("Films", "films"),
            new("Share", true, line => Percent(line["share"])),
            new("95&#8239;% interval", true, line => Interval(line["share_low"], line["share_high"])),
            new("", false, line => line["share"] is double share ? $"<span class=\"bar {Outcome(line)}\" style=\"width:{Number(190 * share / largest)}px\"></span>" : ""),
        ], LongTable);
    }

    private void Confidence()
    {
        var table = tables[ConfidenceHistogram.Statistic];
        Heading(table);
        if (tables.Charts.Confidence is { } chart) StackedColumnsSvg.Append(_html, chart);
        else _html.Append("<p class=\"empty\">No film was judged.</p>\n");
        _html.Append($"<p class=\"unit\">{Escape(table.Statistic.Unit)} <code>csv/{table.Statistic.Name}.csv</code></p>\n");
    }

    private void Overlays()
    {
        if (options.Overlays == 0) return;
        _html.Append("<h2>Where the network looked</h2>\n");
        if (!OverlayGallery.Append(_html, database, Math.Clamp(options.Overlays, 0, 200)))
        {
            _html.Append("<p class=\"empty\">No overlays in this run (scan with <code>--explain all</code> or <code>uncertain</code>).</p>\n");
            return;
        }

        _html.Append("<p class=\"unit\">Grad-CAM over the film as the network sees it: a sample over all devices and outcomes, not chosen by " +
            "how it looks. The number is the calibrated probability of the answer. A map is coarse, shows where and not why, and can look " +
            "right on a wrong answer.</p>\n");
    }

    private void Sources()
    {
        var table = tables[OutcomesBySource.Statistic];
        Heading(table);
        HtmlTable.Append(_html, table,
        [
            new("Site", false, line => $"<code>{Pseudonym(line["site"])}</code>"),
            new("Machine", false, line => Escape(string.Join(' ', new[] { line["machine_maker"], line["machine_model"] }.OfType<string>()))),
            Counted("Films", "films"), Counted("Patients", "patients"),
            .. Outcomes.Select(outcome => Counted(outcome, outcome)),
            new("Undecided", true, line => Percent(line["undecided"])),
            new("95&#8239;% interval", true, line => Interval(line["undecided_low"], line["undecided_high"])),
        ], ShortTable);
    }

    /// <summary>Devices and sexes down, age bands across, patients in the cells.</summary>
    private void PatientGroups()
    {
        var table = tables.PatientGroups;
        Heading(table);
        var bands = table.Lines.Select(line => (string?)line["age_band"]).Distinct()
            .OrderBy(band => band is null).ThenBy(band => band, StringComparer.Ordinal).Take(ShortTable);
        var rows = table.Lines.GroupBy(line => (line["device"], line["sex"])).Select(Row).ToArray();
        HtmlTable.Append(_html, table with { Lines = rows, Total = rows.Length },
        [
            new("Device", false, line => Escape(line["device"])), new("Sex", false, line => Escape(line["sex"])),
            .. bands.Select(band => new HtmlColumn(band is null ? "no age" : Escape(band), true, line => Cell(line.GetValueOrDefault(Key(band))))),
        ], LongTable);
        if (rows.Length > 0)
        {
            _html.Append("<p class=\"unit\">Patients; <span class=\"suppressed\">◦</span> is a suppressed cell. Films that abstained, were rejected or failed are in no cell: " +
                $"{Count(summary.Ledger.Abstained + summary.Ledger.Rejected + summary.Ledger.Failed)} of this run.</p>\n");
        }

        static string Key(object? band) => "age " + band;

        static Dictionary<string, object?> Row(IEnumerable<IReadOnlyDictionary<string, object?>> cells)
        {
            var row = cells.ToDictionary(cell => Key(cell["age_band"]), object? (cell) => cell);
            (row["device"], row["sex"]) = (cells.First()["device"], cells.First()["sex"]);
            return row;
        }

        static string Cell(object? cell) => cell is not IReadOnlyDictionary<string, object?> group ? Missing
            : group["suppressed"] is true ? "<span class=\"suppressed\">◦</span>" : Count(group["patients"]);
    }

    private void BeforeMarket()
    {
        var table = tables[AnswersBeforeMarket.Statistic];
        if (table.Total == 0) return; // the catalogue has no years
        Heading(table);
        HtmlTable.Append(_html, table,
        [
            new("Device", false, line => Escape(line["device"])), new("Sold since", true, line => Year(line["marketed_from"])),
            Counted("Films before", "films_before"), Counted("Studies before", "studies_before"), Counted("Patients before", "patients_before"),
            new("Earliest", true, line => Date(line["earliest"])), Counted("Films with a date", "films_dated"),
            new("Share", true, line => Percent(line["share"])), new("95&#8239;% interval", true, line => Interval(line["share_low"], line["share_high"])),
        ], ShortTable, line => line["films_before"] is 0L ? "quiet" : null);
    }

    private void Revisions()
    {
        var table = tables[CandidateRevisions.Statistic];
        Heading(table);
        HtmlTable.Append(_html, table,
        [
            new("Kind", false, line => Words(line["kind"])),
            new("Patient", false, line => $"<code>{Pseudonym(line["patient"])}</code>"), new("Side", false, line => Escape(line["side"])),
            new("From", false, line => Escape(line["from_device"])),
            new("To", false, line => (string?)line["kind"] == "removal" ? "no implant" : Escape(line["to_device"])),
            new("Last seen", true, line => Date(line["last_seen"])), new("First seen", true, line => Date(line["first_seen"])),
            new("Films", true, line => $"{Count(line["films_before"])} → {Count(line["films_after"])}"),
            new("Lowest probability", true, line => Probability(line["lowest_probability"])),
            new("Earlier device seen again", false, line => line["seen_again"] is true ? "yes: probably misread" : "no"),
        ], ShortTable, line => line["seen_again"] is true ? "quiet" : null);
    }

    private void Limits() => _html.Append("""
        <h2>What this report does not say</h2>
        <ul>
        <li><b>Which devices were implanted.</b> It counts what a network answered. A device outside the model's catalogue is at best abstained on;
        at worst it is counted as the device that it resembles. The engine reads shape: no lot, no size, no catalogue number.</li>
        <li><b>How right the answers are.</b> Intervals cover chance in which patients are in the archive, not the network's errors. Where a device is rare,
        most of its answers can be wrong: at a true share of 0.5&#8239;% and a specificity of 98.5&#8239;%, three of four are. Prevalence is not corrected for this here.</li>
        <li><b>Anything about real films, if the model was trained on phantoms.</b> Accuracy on synthetic films says nothing about accuracy on people's.</li>
        <li><b>When an operation was.</b> “First seen” is the first film in this archive.</li>
        <li><b>That a device was revised.</b> Candidate revisions are hips whose record is worth a look.</li>
        <li><b>Whose hip it is.</b> A film of both sides, or without a side, adds an implant only where no film of a known side shows the same device in that patient.
        Films without a patient identifier count as films and studies only.</li>
        </ul>

        """);

    private void Foot()
    {
        var manifest = database.Run.Manifest;
        _html.Append($"<footer>BulkImplantScan {Escape(manifest.ProductVersion)}");
        if (manifest.Settings is { } settings) _html.Append($", {Escape(settings.DeviceKind)}, {Escape(settings.Precision)}");
        if (manifest.Model is { } model) _html.Append($"; model {Escape(model.Name)}, SHA-256 <code>{Escape(model.Sha256)}</code>");
        _html.Append(". Every figure is a query over the rows of the run; each table is beside this page as CSV and Parquet. " +
            "Patients, studies, sites and films are pseudonyms keyed at the site.</footer>\n</body></html>\n");
    }

    private void Heading(StatisticTable table) => _html.Append($"<h2>{Escape(table.Statistic.Title)}</h2>\n");

    private static HtmlColumn Counted(string header, string column) => new(header, true, line => Count(line[column]));

    private static string Year(IReadOnlyDictionary<string, object?> line) => Year(line["year"]);

    private static string Year(object? year) => year is int number ? number.ToString("0000", null) : "no date";

    /// <summary>The status as a CSS class: only one of ours, whatever the file says.</summary>
    private static string Outcome(IReadOnlyDictionary<string, object?> line) =>
        Outcomes.Contains(line["status"] as string) ? (string)line["status"]! : "others";

    /// <summary>Share and interval on an axis from 0 to <paramref name="axis"/>.</summary>
    private static string Range(IReadOnlyDictionary<string, object?> line, double axis)
    {
        if (line["patient_share"] is not double share) return "";
        double X(object? value) => 6 + 178 * (double)value! / axis;
        return $"<svg class=\"range\" viewBox=\"0 0 190 18\" aria-hidden=\"true\"><line class=\"base\" x1=\"6\" x2=\"184\" y1=\"9\" y2=\"9\"/>" +
            $"<line class=\"span\" x1=\"{Number(X(line["share_low"]))}\" x2=\"{Number(X(line["share_high"]))}\" y1=\"9\" y2=\"9\"/>" +
            $"<circle cx=\"{Number(X(share))}\" cy=\"9\" r=\"3.2\"/></svg>";
    }
}
