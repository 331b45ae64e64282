"""Tests of report.py on small made-up output: python3 benchmarks/gpu/test_report.py"""
import json
import pathlib
import tempfile
import unittest

import report


def ladder(**changes):
    figures = {
        "device": "A GPU, 143771 MiB", "is_emulator": False, "shares_context": True, "model": "untrained", "precision": "fp16", "batch_size": 256,
        "films_in_batch": 100, "slots": 3, "film_rows": 2500, "film_columns": 2048, "film_bytes": 10240000, "upload_bytes": 1000000000,
        "rungs": [
            {"name": "network-bare", "films_per_second": 8000.0, "least": 7900.0, "most": 8100.0, "upload_bytes_per_second": 0},
            {"name": "grad-cam", "films_per_second": 3000.0, "least": 2900.0, "most": 3100.0, "upload_bytes_per_second": 3e10},
        ],
        "stage_ms": 100.0, "one_thread_stage_ms": 400.0, "upload_ms": 20.0, "preprocess_ms": 1.0, "bare_network_ms": 32.0, "network_ms": 32.5, "grad_cam_ms": 0.5, "grad_cam_bytes": 80281600,
        "grad_cam_share": 0.03, "stage_bytes_per_second": 1e10, "one_thread_stage_bytes_per_second": 2.5e9, "upload_bytes_per_second": 5e10, "preprocess_bytes_per_second": 1e12, "grad_cam_bytes_per_second": 1.6e11,
    }
    return {**figures, **changes}


def scan(films_per_second=4900.0):
    return {
        "ended_utc": "2026-01-02T03:04:15.5000000+00:00", "device": "A GPU", "batch_size": 256, "device_notes": ["a note"], "films": 49000, "seconds": 10.0,
        "films_per_second": films_per_second, "limiting_stage": "stage",
        "stages": [{"name": "decode", "workers": 16, "films": 49000, "busy_seconds": 80.0}, {"name": "stage", "workers": 1, "films": 49000, "busy_seconds": 9.0}],
        "peak_rss_bytes": 1, "decoder_faults": [],
    }


class ReportTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, **files):
        """Names with __ for a dot, as keywords cannot have one, and _ for a hyphen."""
        for name, content in files.items():
            name = name.replace("__", ".").replace("_", "-")
            (pathlib.Path(self.folder.name) / name).write_text(content if isinstance(content, str) else json.dumps(content) + "\n")

    def lines(self):
        return report.report(self.folder.name).splitlines()

    def line(self, begin):
        found = [line for line in self.lines() if line.startswith(begin)]
        self.assertEqual(1, len(found), found)
        return found[0]

    def test_an_empty_folder_is_not_measured_and_not_judged(self):
        goals = [line for line in self.lines() if line.endswith(" |")]
        self.assertTrue(any("not measured" in line for line in goals))
        self.assertFalse(any("| met |" in line or "missed" in line for line in goals))
        self.assertIn("**Nothing here ran on a GPU.** This shows that the script works; no figure says anything of speed, and none is judged.", self.lines())

    def test_the_scan_is_judged_by_the_smaller_of_network_and_bus(self):
        self.write(ladder_fp16_256__json=ladder(), pipeline_explicit_fp16_256_warm__jsonl=scan(), films__csv="syntax,films,bytes_a_film\nexplicit,1000,10000000\n")
        line = self.line("| whole scan from the page cache")
        self.assertIn("4,900 films/s, 98.0 % of 5,000", line)
        self.assertTrue(line.endswith("| met |"), line)
        self.write(pipeline_explicit_fp16_256_warm__jsonl=scan(4700.0))
        self.assertTrue(self.line("| whole scan from the page cache").endswith("| **missed** |"))
        self.assertTrue(self.line("| Grad-CAM for every film").endswith("| met |"))

    def test_what_ran_on_the_emulator_is_never_judged(self):
        self.write(
            ladder_fp16_256__json=ladder(is_emulator=True), pipeline_explicit_fp16_256_warm__jsonl=scan(), probe_256__txt="probe passed\n",
            films__csv="syntax,films,bytes_a_film\nexplicit,1000,10000000\n", peer__json={"films_per_second": 10.0, **self.peer()})
        text = "\n".join(self.lines())
        self.assertIn("no GPU: not judged", text)
        self.assertNotIn("| met |", text)
        self.assertNotIn("missed", text)

    def test_the_peer_is_five_times_slower_or_the_goal_is_missed(self):
        self.write(ladder_fp16_256__json=ladder(), pipeline_explicit_fp16_256_warm__jsonl=scan(), peer__json={**self.peer(), "films_per_second": 980.0})
        self.assertTrue(self.line("| against PyTorch").endswith("5.0 times | ≥ 5 times | met |"))
        self.write(peer__json={**self.peer(), "films_per_second": 981.0})
        self.assertTrue(self.line("| against PyTorch").endswith("| **missed** |"))

    def test_power_is_of_the_scans_own_seconds(self):
        self.write(pipeline_explicit_fp16_256_warm__jsonl=scan())
        self.write(pipeline_explicit_fp16_256_warm__power__csv=(
            "2026/01/02 03:04:00.000, 100.0, 0, 300, 1\n"      # before the scan
            "2026/01/02 03:04:06.000, 400.0, 90, 1900, 1\n"
            "2026/01/02 03:04:10.000, 600.0, 70, 1700, 1\n"
            "2026/01/02 03:04:30.000, 100.0, 0, 300, 1\n"      # after it
            "2026/01/02 03:0"))                                # cut when the sampler ended
        line = self.line("| explicit, fp16, 256 |")
        self.assertTrue(line.endswith("| 500 | 9.80 | 80 % |"), line)
        self.assertIn("* pipeline-explicit-fp16-256-warm: decode 50 %, stage 90 %", self.lines())
        self.assertIn("* a note", self.lines())

    def test_a_batch_that_is_not_full_is_said(self):
        self.write(ladder_fp16_256__json=ladder())
        self.assertTrue(any("**Only 100 films fit into the memory of a batch" in line for line in self.lines()))

    def test_a_scan_that_decodes_otherwise_is_a_line_of_its_own_with_the_same_films(self):
        self.write(**{"pipeline-jpeg-lossless by processor-fp16-256-warm__jsonl": scan()}, films__csv="syntax,films,bytes_a_film\njpeg-lossless,1000,4000000\n")
        self.assertIn("| 4,900 | not measured | 19.60 |", self.line("| jpeg-lossless by processor, fp16, 256 | warm |"))

    def test_the_peer_of_the_decoder_stands_below_it_and_a_missing_one_among_what_was_left_out(self):
        self.write(jpeg_lossless__txt="device,films,rows,columns,films_per_s,with_upload_films_per_s,coded_mb_per_s,decoded_mb_per_s,host_prepare_ms_a_film\ngpu,64,2500,2048,2100.0,1900.0,1,1,1\n"
                   "# peer nvJPEG 13.0.2: 812.3 films/s with upload; the processor's pixels\nSKIPPED nvJPEG: none is here\n")
        self.assertIn("* peer nvJPEG 13.0.2: 812.3 films/s with upload; the processor's pixels", self.lines())
        self.assertIn("* jpeg-lossless.txt: SKIPPED nvJPEG: none is here", self.lines())

    def test_jpeg_2000_by_the_processor_stands_beside_its_peer(self):
        self.write(jpeg_2000__txt="decoder,films_per_s,at_a_time,rows,columns,coded_mb,decoded_mb\nopenjpeg,22.50,16,2140,1760,1.659,7.533\n"
                   "# peer nvJPEG2000: 90.5 films/s with upload, 8 at a time; WRONG PIXELS\n")
        self.assertIn("* peer nvJPEG2000: 90.5 films/s with upload, 8 at a time; WRONG PIXELS", self.lines())
        self.assertIn("* JPEG 2000 by the processor, openjpeg: 22.50 films/s, 16 at a time, of 2140 × 1760", self.lines())

    def test_other_ways_to_run_the_network_stand_beside_the_scans_own(self):
        variants = [{"name": "channels last", "milliseconds": 16.0, "refusal": None}, {"name": "CUDA graph", "milliseconds": None, "refusal": "error 900 | stream"}]
        self.write(ladder_fp16_256__json=ladder(variants=variants))
        self.assertIn("200.0 % of the speed of the scan's own", self.line("| the same, channels last |"))
        self.assertIn("refused |  | error 900 \\| stream", self.line("| the same, CUDA graph |"))

    def test_two_contexts_have_no_bare_network_and_no_share_of_it(self):
        rungs = [{"name": "grad-cam", "films_per_second": 3000.0, "least": 2900.0, "most": 3100.0, "upload_bytes_per_second": 3e10}]
        self.write(ladder_fp16_256__json=ladder(shares_context=False, bare_network_ms=None, grad_cam_share=None, rungs=rungs), pipeline_explicit_fp16_256_warm__jsonl=scan())
        self.assertTrue(self.line("| whole scan from the page cache").endswith("| not measured |"))
        self.assertTrue(self.line("| Grad-CAM for every film").endswith("| not measured |"))
        self.assertIn("| network, logits only | not measured |  |  |", self.lines())

    def test_another_answer_than_the_processors_misses_the_goal(self):
        self.write(ladder_fp16_256__json=ladder(), agreement__txt="films 2000, in another order 0, another status 0, another top class 0, largest difference of the probability 0.000002\n")
        self.assertTrue(self.line("| processor and device").endswith("| met |"))
        self.write(agreement__txt="films 2000, in another order 0, another status 0, another top class 1, largest difference of the probability 0.4\n")
        self.assertTrue(self.line("| processor and device").endswith("| **missed** |"))

    def test_what_failed_or_was_left_out_is_named(self):
        self.write(kernels__txt="something\nkernels FAILED\n", peer__txt="SKIPPED: no python3 with torch here; the peer was not measured\n")
        self.assertIn("* kernels.txt: kernels FAILED", self.lines())
        self.assertIn("* peer.txt: SKIPPED: no python3 with torch here; the peer was not measured", self.lines())

    @staticmethod
    def peer():
        return {"torch": "2", "reader": "numpy", "network": "plain", "precision": "fp16", "batch": 256, "workers": 16, "films": 8192, "bare_films_per_second": 5000.0}


if __name__ == "__main__":
    unittest.main()
