"""Sums up the raw output of run-all.sh: FOLDER/report.md, each figure beside its goal and its physical limit. Only the standard library.

    python3 report.py FOLDER

What is not there is "not measured"; a file that cannot be read is an error. Nothing is judged that did not run on a GPU.
"""
import csv
import datetime
import json
import pathlib
import sys

ABSENT = "not measured"

# Limits by others; the figures of this machine stand beside them where they were measured.
PCIE5_X16_BYTES = 55.6e9     # host to device, what nvbandwidth shows of PCIe 5.0 x16 (64 GB/s nominal)
H200_MEMORY_BYTES = 4.8e12   # HBM3e, NVIDIA's data sheet
NVME5_BYTES = 14e9           # sequential read of one PCIe 5.0 x4 drive
MLPERF_FILMS = 94620         # ResNet-50 offline, MLPerf Inference 4.1, 8 x H200 / 8: INT8, inputs decoded and resized already
RAW_FILM_BYTES = 10e6        # 2000 x 2500 pixels of 16 bits
COMPRESSED_SHARE = 0.39      # of it, JPEG lossless

# Goals, for ResNet-50, fp16, 224 x 224, batches of 256 on an H200.
LEAST_OF_CEILING = 0.95
MOST_FOR_GRAD_CAM = 0.05
LEAST_OVER_PEER = 5.0
GOAL_PRECISION, GOAL_BATCH = "fp16", 256


def number(value, digits=0):
    """Grouped by thousands; "not measured" for None."""
    return ABSENT if value is None else f"{value:,.{digits}f}"


def share(value, of):
    return ABSENT if value is None or not of else f"{100 * value / of:.1f} %"


def table(heads, rows):
    """Markdown; columns after the first are right-aligned."""
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


class Raw:
    """What the folder holds."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ladders = [json.loads(path.read_text()) for path in sorted(self.folder.glob("ladder-*.json"))]
        self.ladders.sort(key=lambda ladder: (ladder["precision"] != GOAL_PRECISION, -ladder["batch_size"]))
        self.pipelines = [self.pipeline(path) for path in sorted(self.folder.glob("pipeline-*.jsonl"))]
        self.networks = [self.scan(path) for path in sorted(self.folder.glob("scan-*.jsonl"))]
        self.film_bytes = {row["syntax"]: float(row["bytes_a_film"]) for row in self.rows("films.csv")}
        self.reads = {row["what"]: float(row["bytes"]) / float(row["seconds"]) for row in self.rows("disk.csv") if float(row["seconds"]) > 0}
        self.resident = {row["scan"]: row["resident_share_before"] for row in self.rows("cold.csv")}
        peer = self.folder / "peer.json"
        self.peer = json.loads(peer.read_text()) if peer.exists() else None

    def text(self, name):
        path = self.folder / name
        return path.read_text(errors="replace").strip() if path.exists() else None

    def rows(self, name, head=None):
        """Rows of a CSV file; what stands before the line that begins with head is left out."""
        text = self.text(name)
        lines = text.splitlines() if text else []
        if head:
            begins = [at for at, line in enumerate(lines) if line.startswith(head)]
            lines = lines[begins[0]:] if begins else []
            lines = [line for line in lines if line.count(",") == lines[0].count(",")]
        return list(csv.DictReader(lines))

    def scan(self, path):
        """The last line of a scan's log, with the power that was drawn meanwhile."""
        scan = json.loads(path.read_text().strip().splitlines()[-1])
        scan["name"] = path.stem
        scan["power"] = self.power(path.with_suffix(".power.csv"), scan)
        return scan

    def pipeline(self, path):
        scan = self.scan(path)
        _, rest = scan["name"].split("-", 1)
        rest, scan["state"] = rest.rsplit("-", 1)
        rest, batch = rest.rsplit("-", 1)
        scan["syntax"], scan["precision"] = rest.rsplit("-", 1)
        scan["asked_batch"] = int(batch)
        return scan

    @staticmethod
    def power(path, scan):
        """Mean of what nvidia-smi saw in the scan's own seconds: watts, share of the time that a kernel ran, MHz."""
        if not path.exists():
            return None
        ended = moment(scan["ended_utc"].split("+")[0].rstrip("Z").replace("-", "/").replace("T", " "))
        began = ended - datetime.timedelta(seconds=scan["seconds"])
        seen = []
        for line in path.read_text(errors="replace").splitlines():
            cells = [cell.strip() for cell in line.split(",")]
            try:
                if began <= moment(cells[0]) <= ended:
                    seen.append([float(cell) for cell in cells[1:4]])
            except (ValueError, IndexError):
                continue  # a line that was cut when the sampler ended, or a figure that the device does not give
        return {"watts": mean(seen, 0), "busy": mean(seen, 1), "mhz": mean(seen, 2)} if seen else None

    def ladder(self, precision, batch):
        fits = [ladder for ladder in self.ladders if ladder["precision"] == precision and ladder["batch_size"] == batch]
        return fits[0] if fits else None

    def main_pipeline(self):
        """Uncompressed films from the page cache, as near to the goal's precision and batch as there is."""
        fits = [scan for scan in self.pipelines if scan["syntax"] == "explicit" and scan["state"] == "warm"]
        fits.sort(key=lambda scan: (scan["precision"] != GOAL_PRECISION, scan["asked_batch"] != GOAL_BATCH))
        return fits[0] if fits else None

    def is_gpu(self):
        """Something here ran on a GPU: only then is anything judged."""
        return any(not ladder["is_emulator"] for ladder in self.ladders)


def moment(text):
    """A time as nvidia-smi writes it; .NET's fractions have a digit too many."""
    whole, _, fraction = text.partition(".")
    return datetime.datetime.strptime(whole, "%Y/%m/%d %H:%M:%S") + datetime.timedelta(microseconds=int((fraction + "000000")[:6]))


def mean(rows, column):
    return sum(row[column] for row in rows) / len(rows)


def rung(ladder, name):
    found = [step["films_per_second"] for step in ladder["rungs"] if step["name"] == name] if ladder else []
    return found[0] if found else None


def bus_films(ladder):
    """Films of the ladder's size that the bus would bring in a second if it did nothing else."""
    return ladder["upload_bytes_per_second"] / (ladder["upload_bytes"] / ladder["films_in_batch"]) if ladder else None


def goals(raw):
    judged = raw.is_gpu()

    def verdict(is_met):
        return ABSENT if is_met is None else ("met" if is_met else "**missed**") if judged else "no GPU: not judged"

    scan = raw.main_pipeline()
    ladder = raw.ladder(scan["precision"], scan["asked_batch"]) if scan else (raw.ladders or [None])[0]
    rate = scan["films_per_second"] if scan else None
    bare, bytes_a_film = rung(ladder, "network-bare"), raw.film_bytes.get("explicit")
    bus = ladder["upload_bytes_per_second"] / bytes_a_film if ladder and bytes_a_film else None
    ceiling = min(bare, bus) if bare and bus else None
    cam = ladder.get("grad_cam_share") if ladder else None
    peer = raw.peer["films_per_second"] if raw.peer else None
    what = f"{scan['precision']}, batches of {scan['batch_size']}" if scan else "fp16, batches of 256"
    agreement = raw.text("agreement.txt")
    same = None if agreement is None else ", another status 0," in agreement and ", another top class 0," in agreement
    probes = [raw.text(path.name) for path in sorted(raw.folder.glob("probe-*.txt"))]
    passed = None if not probes else all(probe.splitlines()[-1] == "probe passed" for probe in probes)
    rows = [
        ["processor and device give the same answers", agreement or ABSENT, "no other status, no other class", verdict(same)],
        ["kernels and network share buffers, batches in flight", ABSENT if passed is None else "passed" if passed else "failed", "passed", verdict(passed)],
        [f"whole scan from the page cache, uncompressed, {what}", f"{number(rate)} films/s, {share(rate, ceiling)} of {number(ceiling)}",
         f"≥ {100 * LEAST_OF_CEILING:.0f} % of the smaller of bare network ({number(bare)}) and bus ({number(bus)})",
         verdict(None if rate is None or ceiling is None else rate >= LEAST_OF_CEILING * ceiling)],
        ["Grad-CAM for every film", ABSENT if cam is None else f"{100 * cam:.1f} % of preprocessing and bare network", f"≤ {100 * MOST_FOR_GRAD_CAM:.0f} %",
         verdict(None if cam is None else cam <= MOST_FOR_GRAD_CAM)],
        ["against PyTorch on this machine", f"{number(rate)} to {number(peer)} films/s" + (f", {rate / peer:.1f} times" if rate and peer and judged else ""),
         f"≥ {LEAST_OVER_PEER:.0f} times", verdict(None if not rate or not peer else rate >= LEAST_OVER_PEER * peer)],
    ]
    lines = table(["goal", "measured", "to be", "verdict"], rows)
    if judged and scan and (scan["precision"], scan["batch_size"]) != (GOAL_PRECISION, GOAL_BATCH):
        lines += ["", f"The goals are for {GOAL_PRECISION} and batches of {GOAL_BATCH}; the scan above ran in {what}."]
    return lines


def ladders(raw):
    lines = []
    for ladder in raw.ladders:
        full = "" if ladder["films_in_batch"] == ladder["batch_size"] else f" **Only {ladder['films_in_batch']} films fit into the memory of a batch; the network computes all {ladder['batch_size']} places.**"
        lines += [f"**{ladder['model']}, {ladder['precision']}, batches of {ladder['batch_size']}**: films of {ladder['film_rows']} × {ladder['film_columns']}, "
                  f"{ladder['slots']} batches in flight, kernels and network in {'one context' if ladder['shares_context'] else 'two contexts'}; {ladder['device']}.{full}", ""]
        bare = rung(ladder, "network-bare")
        lines += table(["up to", "films/s", "slowest and fastest run", "of the bare network", "bus, GB/s"], [
            [step["name"], number(step["films_per_second"]), f"{number(step['least'])} to {number(step['most'])}", share(step["films_per_second"], bare),
             number(step["upload_bytes_per_second"] / 1e9, 2) if step["upload_bytes_per_second"] else ""] for step in ladder["rungs"]])
        lines += [""] + table(["step alone, by events of the device", "ms a batch", "GB/s", "of the limit"], [
            ["staging by all threads of the host", number(ladder["stage_ms"], 3), number(ladder["stage_bytes_per_second"] / 1e9, 1), ""],
            ["the same, one film at a time", number(ladder["one_thread_stage_ms"], 3), number(ladder["one_thread_stage_bytes_per_second"] / 1e9, 1), ""],
            ["upload", number(ladder["upload_ms"], 3), number(ladder["upload_bytes_per_second"] / 1e9, 1), share(ladder["upload_bytes_per_second"], PCIE5_X16_BYTES) + " of PCIe 5 x16"],
            ["preprocessing", number(ladder["preprocess_ms"], 3), number(ladder["preprocess_bytes_per_second"] / 1e9, 1), share(ladder["preprocess_bytes_per_second"], H200_MEMORY_BYTES) + " of HBM3e"],
            ["network, logits only", number(ladder["bare_network_ms"], 3), "", ""],
            *[[f"the same, {variant['name']}", number(variant["milliseconds"], 3) if variant["milliseconds"] is not None else "refused", "", variant_gain(ladder, variant)]
              for variant in ladder.get("variants", [])],
            ["network with what Grad-CAM reads", number(ladder["network_ms"], 3), "", ""],
            ["Grad-CAM, results", number(ladder["grad_cam_ms"], 3), number(ladder["grad_cam_bytes_per_second"] / 1e9, 1), share(ladder["grad_cam_bytes_per_second"], H200_MEMORY_BYTES) + " of HBM3e"],
        ]) + [""]
    return lines or [ABSENT + "."]


def variant_gain(ladder, variant):
    """What a way to run the network that a scan does not take would gain; what ONNX Runtime says where it cannot be had."""
    if variant["milliseconds"] is None:
        return variant["refusal"].replace("|", "\\|")[:120]
    return share(ladder["bare_network_ms"], variant["milliseconds"]) + " of the speed of the scan's own"


def stages(scan):
    """Share of the time that the workers of each stage were at work."""
    return ", ".join(f"{stage['name']} {100 * stage['busy_seconds'] / max(stage['workers'] * scan['seconds'], 1e-9):.0f} %" for stage in scan["stages"])


def power(scan):
    seen = scan["power"]
    return [ABSENT] * 3 if not seen else [
        number(seen["watts"]), number(scan["films_per_second"] / seen["watts"], 2) if seen["watts"] else ABSENT, f"{seen['busy']:.0f} %"]


def pipelines(raw):
    rows = []
    for scan in raw.pipelines:
        ladder = raw.ladder(scan["precision"], scan["asked_batch"])
        bytes_a_film = raw.film_bytes.get(scan["syntax"].split(" by ")[0])
        state = scan["state"] if scan["state"] == "warm" else f"cold ({raw.resident.get(scan['name'], 'unknown')} still cached)"
        rows.append([
            f"{scan['syntax']}, {scan['precision']}, {scan['batch_size']}", state, number(scan["films"]), number(scan["seconds"], 1), number(scan["films_per_second"]),
            share(scan["films_per_second"], rung(ladder, "network-bare")), number(scan["films_per_second"] * bytes_a_film / 1e9, 2) if bytes_a_film else ABSENT,
            scan["limiting_stage"], *power(scan)])
    if not rows:
        return [ABSENT + "."]
    lines = table(["syntax, precision, batch", "page cache", "films", "s", "films/s", "of the bare network", "files, GB/s", "busiest stage", "W", "films/J", "GPU busy"], rows)
    lines += ["", "Share of the time that the workers of a stage were at work:", ""]
    lines += [f"* {scan['name']}: {stages(scan)}" for scan in raw.pipelines]
    notes = sorted({note for scan in raw.pipelines + raw.networks for note in scan.get("device_notes", [])})
    return lines + (["", "What the device said:", ""] + [f"* {note}" for note in notes] if notes else [])


def limits(raw):
    scan = raw.main_pipeline()
    rate = scan["films_per_second"] if scan else None
    ladder = raw.ladder(scan["precision"], scan["asked_batch"]) if scan else (raw.ladders or [None])[0]
    raw_bytes = raw.film_bytes.get("explicit")
    packed_bytes = raw.film_bytes.get("jpeg-lossless")
    disk, cache = raw.reads.get("disk"), raw.reads.get("page-cache")
    bus = ladder["upload_bytes_per_second"] if ladder else None
    memory = ladder["preprocess_bytes_per_second"] if ladder else None
    stage = ladder.get("stage_bytes_per_second") if ladder else None
    copies = [float(row["gb_per_s"]) * 1e9 for row in raw.rows("kernels.txt", "device,kernel,") if row["kernel"].startswith("copy-")]

    def films(bytes_per_second, bytes_a_film):
        return None if bytes_per_second is None or not bytes_a_film else bytes_per_second / bytes_a_film

    def line(what, known, known_films, here, here_films):
        return [what, known, number(known_films) if known_films else "", here, number(here_films) if here else "", share(rate, here_films) if here else ""]

    def gigabytes(value):
        return ABSENT if value is None else f"{value / 1e9:,.1f} GB/s"

    heads = ["limit", "known", "films/s", "here", "films/s here", "the scan is at"]
    rows = [
        line("NVMe read, uncompressed", "14 GB/s, one PCIe 5 drive", NVME5_BYTES / RAW_FILM_BYTES, gigabytes(disk), films(disk, raw_bytes)),
        line("NVMe read, JPEG lossless", "", NVME5_BYTES / RAW_FILM_BYTES / COMPRESSED_SHARE, gigabytes(disk), films(disk, packed_bytes)),
        line("page cache, one reader", "", None, gigabytes(cache), films(cache, raw_bytes)),
        line("PCIe upload, uncompressed", "55.6 GB/s, PCIe 5 x16", PCIE5_X16_BYTES / RAW_FILM_BYTES, gigabytes(bus), films(bus, raw_bytes)),
        line("PCIe upload, JPEG lossless", "", PCIE5_X16_BYTES / RAW_FILM_BYTES / COMPRESSED_SHARE, gigabytes(bus), films(bus, packed_bytes)),
        line("device memory, preprocessing", "4.8 TB/s, HBM3e of an H200", H200_MEMORY_BYTES / RAW_FILM_BYTES, gigabytes(memory), films(memory, raw_bytes)),
        line("device memory, copy", "4.8 TB/s", None, gigabytes(max(copies) if copies else None), films(max(copies) / 2 if copies else None, raw_bytes)),
        line("bare network", "", None, f"{ladder['model']}, {ladder['precision']}" if ladder else ABSENT, rung(ladder, "network-bare")),
        line("MLPerf, ResNet-50 offline", "INT8, inputs decoded", MLPERF_FILMS, "", None),
        line("host memory, staging", "", None, gigabytes(stage), films(stage, raw_bytes)),
    ]
    lines = table(heads, rows) + ["", f"Known: films of {RAW_FILM_BYTES / 1e6:.0f} MB, {100 * COMPRESSED_SHARE:.0f} % of that in JPEG lossless. Here: films of {number(raw_bytes / 1e6, 1) if raw_bytes else ABSENT} MB and {number(packed_bytes / 1e6, 1) if packed_bytes else ABSENT} MB. "
                                  f"The scan: uncompressed from the page cache, {number(rate)} films/s; {share(rate, MLPERF_FILMS)} of MLPerf's rate. Copy counts a byte read and written twice, so its films/s are of half. A scan uploads the field of view only, so it may pass the bus's films/s here."]
    return lines


def kernels(raw):
    lines = []
    rows = raw.rows("kernels.txt", "device,kernel,")
    if rows:
        lines += table(["kernel", "shape", "µs", "GB/s", "of the device's own copy", "films/s"],
                       [[row["kernel"], row["shape"], row["microseconds"], row["gb_per_s"], row["share_of_copy"], row["films_per_s"]] for row in rows]) + [""]
    rows = raw.rows("jpeg-lossless.txt", "device,films,rows,")
    if rows:
        lines += table(["JPEG lossless on the device", "films/s", "with upload", "coded MB/s", "decoded MB/s", "host, ms a film"],
                       [[f"{row['films']} films of {row['rows']} × {row['columns']}", row["films_per_s"], row["with_upload_films_per_s"], row["coded_mb_per_s"], row["decoded_mb_per_s"], row["host_prepare_ms_a_film"]] for row in rows])
    peers = [line[2:] for name in ("jpeg-lossless.txt", "jpeg-2000.txt") for line in (raw.text(name) or "").splitlines() if line.startswith("# peer ")]
    peers += [f"JPEG 2000 by the processor, {row['decoder']}: {row['films_per_s']} films/s, {row['at_a_time']} at a time, of {row['rows']} × {row['columns']}"
              for row in raw.rows("jpeg-2000.txt", "decoder,")]
    lines += [""] + [f"* {line}" for line in peers] if peers else []
    return lines or [ABSENT + "."]


def others(raw):
    rows = [[scan["name"], number(scan["films"]), number(scan["films_per_second"]), scan["limiting_stage"], *power(scan)] for scan in raw.networks]
    lines = table(["scan", "films", "films/s", "busiest stage", "W", "films/J", "GPU busy"], rows) if rows else [ABSENT + "."]
    if raw.peer:
        peer = raw.peer
        lines += ["", f"PyTorch {peer['torch']} ({peer['reader']}, {peer['network']} ResNet-50, {peer['precision']}, batches of {peer['batch']}, {peer['workers']} workers): "
                      f"{number(peer['films_per_second'])} films/s of {number(peer['films'])}; its network alone {number(peer['bare_films_per_second'])}. It does less than a scan: no Grad-CAM, no rows, no checks."]
    else:
        lines += ["", f"PyTorch: {raw.text('peer.txt') or ABSENT}"]
    precision = raw.text("precision.txt")
    return lines + (["", "Precision:", ""] + [f"* {line}" for line in precision.splitlines() if " against fp32: " in line] if precision else [])


def complaints(raw):
    """Lines of the raw output that say that something went wrong or was left out."""
    found = []
    for path in sorted(raw.folder.glob("*.txt")):
        found += [f"{path.name}: {line}" for line in path.read_text(errors="replace").splitlines() if line.endswith("FAILED") or line.startswith(("SKIPPED", "no dcmcjpls"))]
    return found


def report(folder):
    raw = Raw(folder)
    machine = raw.text("machine.txt")
    device = raw.ladders[0]["device"] if raw.ladders else "unknown device"
    lines = [f"# {raw.folder.resolve().name}", ""]
    lines += [f"Written by `benchmarks/gpu/report.py` from the files beside it; [docs/gpu.md](../../gpu.md) says how to read it. Device: {device}."]
    if not raw.is_gpu():
        lines += ["", "**Nothing here ran on a GPU.** This shows that the script works; no figure says anything of speed, and none is judged."]
    for title, part in (
        ("Goals", goals), ("Limits", limits), ("From the bare network to the scan", ladders), ("Whole scans", pipelines), ("Kernels", kernels), ("Beside it", others)
    ):
        lines += ["", f"## {title}", ""] + part(raw)
    wrong = complaints(raw)
    if wrong:
        lines += ["", "## Failed or left out", ""] + [f"* {line}" for line in wrong]
    if machine:
        lines += ["", "## Machine", "", "```", machine, "```"]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    (folder / "report.md").write_text(report(folder), encoding="utf-8")
    print(f"{folder / 'report.md'}")


if __name__ == "__main__":
    main()
