"""Sums up the sets that bar.sh evaluated: Markdown on stdout. Only the standard library."""
import json
import math
import pathlib
import statistics
import sys

folder = pathlib.Path(sys.argv[1])
sets = [json.loads(path.read_text()) for path in sorted(folder.glob("sets/*/evaluation.json"))]
if not sets:
    sys.exit(f"no evaluations in {folder}")


def films(result):
    return next(level for level in result["levels"] if level["level"] == "film")


def value(estimate):
    return estimate["value"]


def pooled(pairs):
    """Mean of shares by the films behind each."""
    pairs = [(share, n) for share, n in pairs if share is not None and n]
    total = sum(n for _, n in pairs)
    return (sum(share * n for share, n in pairs) / total, total) if total else (math.nan, 0)


def wilson(share, n, z=1.959964):
    middle, half = (share + z * z / 2 / n) / (1 + z * z / n), z * math.sqrt(share * (1 - share) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{100 * (middle - half):.1f} to {100 * (middle + half):.1f} %"


def row(what, figure, bar):
    print(f"| {what} | {figure} | {bar} |")


tops = [value(films(s)["top1"]) for s in sets]
known = [films(s)["n"] for s in sets]
top, n = pooled(zip(tops, known))
print(f"{len(sets)} sets, {n} films of the catalogue, model {sets[0]['model']['name']} ({sets[0]['model']['sha256'][:16]}). Synthetic films: nothing is claimed about real ones.\n")
print("| what | measured | bar |\n|---|---|---|")
row("top-1, mean of the sets", f"{100 * statistics.mean(tops):.2f} % (worst set {100 * min(tops):.1f} %, best {100 * max(tops):.1f} %; all films {wilson(top, n)})", "98.5 %")
for device in [d["id"] for d in films(sets[0])["devices"]]:
    of = [next(d for d in films(s)["devices"] if d["id"] == device) for s in sets]
    aucs = [value(d["auc"]) for d in of if value(d["auc"]) is not None]
    sensitivity, m = pooled((value(d["sensitivity"]), d["n"]) for d in of)
    precision = statistics.mean(value(d["precision"]) for d in of if value(d["precision"]) is not None)
    row(f"{device}: AUC, mean (worst set); sensitivity, precision", f"{statistics.mean(aucs):.4f} ({min(aucs):.4f}); {100 * sensitivity:.1f} % of {m}, {100 * precision:.1f} %", "AUC 0.98")
eces = [value(s["calibration"]["ece"]) for s in sets]
row("ECE, mean of the sets (15 bins of some 300 films each: biased upwards)", f"{statistics.mean(eces):.4f}", "0.02")
few = sum(1 for s in sets for c in s["conformal"] if c["is_too_few"])
row("conformal sets: class × set below its Beta tolerance (97.5 % of them should be above)", f"{few} of {sum(1 for s in sets for c in s['conformal'])}", "in its tolerance")
for score in sorted({u["score"] for s in sets for u in s["unknown"]}):
    of = [next((u for u in s["unknown"] if u["group"] == "all" and u["score"] == score), None) for s in sets]
    auroc, m = pooled((value(u["auroc"]), u["n"]) for u in of if u)
    row(f"AUROC of unknown hardware by {score}", f"{auroc:.3f} ({m} unknown films)", "0.95")
called, m = pooled((value(u["called_device"]), u["n"]) for s in sets for u in s["unknown"] if u["group"] == "all" and u["score"] == "energy")
row("unknown hardware called a device", f"{100 * called:.1f} % of {m}", "")
for design in sorted({u["group"] for s in sets for u in s["unknown"] if u["column"] == "design"}):
    of = [u for s in sets for u in s["unknown"] if u["group"] == design and u["column"] == "design"]
    called, m = pooled((value(u["called_device"]), u["n"]) for u in of if u["score"] == "energy")
    row(f"&nbsp;&nbsp;{design}", f"{100 * called:.1f} % of {m}", "")
for device in [l["id"] for l in sets[0]["localisation"]]:
    of = [l for s in sets for l in s["localisation"] if l["id"] == device]
    near, m = pooled((value(l["peak_near"]), l["n"]) for l in of)
    exact, _ = pooled((value(l["peak"]), l["n"]) for l in of)
    energy, _ = pooled((l["energy"], l["energy_n"]) for l in of)
    row(f"pointing game within 3 %, {device or 'all devices'} (exact; energy)", f"{100 * near:.1f} % of {m} ({100 * exact:.1f} %; {100 * energy:.0f} %)", "95 %" if device is None else "")
for what in ("answered", "right_of_answered"):
    share, m = pooled((value(s["selective"][what]), s["selective"]["n"]) for s in sets)
    row(what.replace("_", " "), f"{100 * share:.1f} %", "")
