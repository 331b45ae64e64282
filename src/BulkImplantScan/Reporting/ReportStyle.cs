using System.Text;

namespace BulkImplantScan.Reporting;

/// <summary>The style sheet of the page: system fonts, light and dark, and print.</summary>
internal static class ReportStyle
{
    /// <summary>CSS.</summary>
    public static string Css { get; } = Make();

    private const string Rules = """
        *{box-sizing:border-box}
        html{background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{max-width:1080px;margin:0 auto;padding:2.5rem 1.5rem 4rem}
        header h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 .4rem}
        header p{margin:.15rem 0;color:var(--soft)}
        h2{font-size:1.25rem;font-weight:650;letter-spacing:-.005em;margin:3.2rem 0 .9rem;padding-top:1rem;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:1.6rem 0 .5rem}
        p{margin:.5rem 0}
        code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--soft);overflow-wrap:anywhere}
        .note,.wrong,.limits{border-left:3px solid var(--abstained);background:var(--card);padding:.7rem 1rem;border-radius:0 6px 6px 0;margin:1.1rem 0}
        .wrong{border-color:var(--failed)}.limits{border-color:var(--rejected)}
        .sum{font-size:1.12rem;display:flex;flex-wrap:wrap;gap:.3rem .55rem;align-items:baseline;margin:1.6rem 0 .7rem}
        .sum b{font-size:1.55rem;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
        .sum span{white-space:nowrap}.sum .op{color:var(--soft)}
        .flow{display:flex;height:16px;border-radius:8px;overflow:hidden;background:var(--line);gap:1px}
        .flow i{display:block;min-width:2px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:1.6rem 0}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1.1rem}
        .tile b{display:block;font-size:1.7rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.015em}
        .tile span{color:var(--soft);font-size:.86rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th{font-weight:600;text-align:left;color:var(--soft);font-size:.82rem;border-bottom:1px solid var(--ink);padding:.35rem .7rem .35rem 0;vertical-align:bottom}
        td{border-bottom:1px solid var(--line);padding:.42rem .7rem .42rem 0;vertical-align:middle;overflow-wrap:break-word}
        td code{white-space:nowrap}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        th:last-child,td:last-child{padding-right:0}
        tr.quiet td{color:var(--soft)}
        tr.total td{font-weight:600;border-top:1px solid var(--ink);border-bottom:0}
        .unit,.cut,.empty{color:var(--soft);font-size:.84rem;max-width:78ch;margin:.7rem 0}
        .missing{color:var(--soft);opacity:.55}
        .suppressed{color:var(--soft);font-weight:600}
        i{font-style:normal}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.84rem;color:var(--soft);margin:.1rem 0 .5rem}
        .legend i,td i,figcaption i{display:inline-block;width:.72em;height:.72em;border-radius:2px;margin-right:.45em}
        figure{margin:1rem 0 1.6rem}
        figcaption{font-weight:600;font-size:.95rem}
        svg{display:block;width:100%;height:auto}
        svg .grid{stroke:var(--line);stroke-width:1}
        svg .tick,svg .axis{fill:var(--soft);font-size:12px}
        .bar{display:block;height:9px;border-radius:2px;min-width:1px}
        .ends{display:flex;justify-content:space-between;width:190px;font-weight:400}
        .range{width:190px;height:18px}
        .range .base{stroke:var(--line);stroke-width:1}.range .span{stroke:var(--identified);stroke-width:5;opacity:.35;stroke-linecap:round}.range circle{fill:var(--identified)}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(156px,1fr));gap:18px 14px}
        .overlay{margin:0}
        .overlay img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:6px}
        .overlay figcaption{font-weight:400;font-size:.8rem;line-height:1.4;margin-top:.4rem;color:var(--soft);overflow-wrap:anywhere}
        .overlay b{color:var(--ink)}
        .p{font-variant-numeric:tabular-nums;white-space:nowrap}
        details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft);font-size:.9rem}
        ul{padding-left:1.2rem;max-width:80ch}li{margin:.35rem 0}
        footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.84rem}
        @media print{html{font-size:11px}body{max-width:none;padding:0}h2{break-after:avoid}figure,tr,.tile{break-inside:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """;

    private static string Make()
    {
        var css = new StringBuilder(":root{color-scheme:light dark;--paper:#fdfdfb;--card:#f5f5f1;--ink:#1d2429;--soft:#5d6870;--line:#e2e3de");
        foreach (var (name, light, _) in ChartColours.All) css.Append($";--{name}:{light}");
        css.Append("}\n@media screen and (prefers-color-scheme:dark){:root{--paper:#14181b;--card:#1c2226;--ink:#e4e8ea;--soft:#98a4ab;--line:#2d353a");
        foreach (var (name, _, dark) in ChartColours.All) css.Append($";--{name}:{dark}");
        css.Append("}}\n");
        foreach (var (name, _, _) in ChartColours.All) css.Append($"i.{name},.bar.{name}{{background:var(--{name})}}rect.{name}{{fill:var(--{name})}}\n");
        return css.Append(Rules).ToString().ReplaceLineEndings("\n");
    }
}
