"""What a careful user of PyTorch writes today: films -> DataLoader workers -> ResNet-50 on the device. Films a second, as JSON.

    python3 torch_peer.py FOLDER [--films N] [--batch N] [--workers N] [--device cuda|cpu] [--json FILE]

Decoding, window and resampling in worker processes, pinned memory, copies that do not block, channels_last, fp16 and cuDNN's
search on CUDA. It gives a class and nothing else: no Grad-CAM, no row, no hash, no check of pixels; that is less work than a scan's.
The first pass over the films is not timed: it starts the workers and fills the page cache. The bare network runs on input that is
on the device. pydicom reads the films where it is installed; else the reader below, for films that are stored without compression.
"""
import argparse
import glob
import json
import os
import struct
import sys
import time

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

try:
    import pydicom
except ImportError:
    pydicom = None
try:
    import torchvision
except ImportError:
    torchvision = None

SIZE = 224
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LONG_LENGTH = {b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UT", b"UN", b"UC", b"UR", b"SV", b"UV"}


def read_plain(path):
    """Pixels and window of an Explicit VR Little Endian film; sequences are stepped over."""
    data = np.fromfile(path, np.uint8)
    raw = data.data
    at, found = 132, {}
    while at + 8 <= len(data):
        group, element, vr = struct.unpack_from("<HH2s", raw, at)
        if (group, element) in ((0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)):
            at += 8  # an item of a sequence of unknown length: its elements are read like the others
            continue
        if vr in LONG_LENGTH:
            length, = struct.unpack_from("<I", raw, at + 8)
            at += 12
        else:
            length, = struct.unpack_from("<H", raw, at + 6)
            at += 8
        if length == 0xFFFFFFFF:
            if (group, element) == (0x7FE0, 0x0010):
                raise ValueError(f"{path}: compressed; install pydicom")
            continue
        found.setdefault((group, element), (at, length, vr))
        at += length

    def number(tag, default=None):
        if tag not in found:
            return default
        start, length, vr = found[tag]
        return struct.unpack_from("<H", raw, start)[0] if vr == b"US" else float(bytes(raw[start:start + length]).split(b"\\")[0])

    start, length, _ = found[(0x7FE0, 0x0010)]
    rows, columns = int(number((0x0028, 0x0010))), int(number((0x0028, 0x0011)))
    pixels = data[start:start + length].view("<u2")[:rows * columns].reshape(rows, columns)
    start, length, _ = found[(0x0028, 0x0004)]
    is_inverted = bytes(raw[start:start + length]).strip() == b"MONOCHROME1"
    return pixels, number((0x0028, 0x1050)), number((0x0028, 0x1051)), is_inverted, int(number((0x0028, 0x0101), 16))


def read_pydicom(path):
    film = pydicom.dcmread(path)

    def first(name):
        value = film.get(name)
        return None if value is None else float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)

    return film.pixel_array, first("WindowCenter"), first("WindowWidth"), film.PhotometricInterpretation == "MONOCHROME1", int(film.BitsStored)


class Films(Dataset):
    def __init__(self, files):
        self.files = files

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        pixels, centre, width, is_inverted, bits = (read_pydicom if pydicom else read_plain)(self.files[index])
        low, high = (0, (1 << bits) - 1) if not width else (centre - width / 2, centre + width / 2)
        film = torch.from_numpy(pixels.astype(np.float32))[None, None]
        scale = SIZE / max(film.shape[2:])
        inner = [max(1, round(side * scale)) for side in film.shape[2:]]
        film = torch.nn.functional.interpolate(film, inner, mode="area")[0]
        film = ((film - low) / (high - low)).clamp_(0, 1)
        if is_inverted:
            film = 1 - film
        whole = torch.zeros(1, SIZE, SIZE)
        top, left = (SIZE - inner[0]) // 2, (SIZE - inner[1]) // 2
        whole[:, top:top + inner[0], left:left + inner[1]] = film
        return (whole - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[:, None, None]


class Bottleneck(torch.nn.Module):
    """He 2015, table 1, with the stride in the 3 x 3 convolution, as torchvision has it."""

    def __init__(self, channels, width, stride):
        super().__init__()
        nn = torch.nn
        self.path = nn.Sequential(
            nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True),
            nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width))
        self.short = nn.Identity() if stride == 1 and channels == 4 * width else nn.Sequential(
            nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))

    def forward(self, x):
        return torch.relu(self.path(x) + self.short(x))


def resnet50(classes):
    if torchvision:
        return torchvision.models.resnet50(weights=None, num_classes=classes)
    nn = torch.nn
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for block in range(blocks):
            layers.append(Bottleneck(channels, 64 << stage, 2 if stage and not block else 1))
            channels = 256 << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def one_thread(_):
    torch.set_num_threads(1)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder")
    arguments.add_argument("--films", type=int, default=8192, help="at most")
    arguments.add_argument("--batch", type=int, default=256)
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    arguments.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    arguments.add_argument("--json", default="")
    asked = arguments.parse_args()
    files = sorted(glob.glob(os.path.join(asked.folder, "**", "*.dcm"), recursive=True))[:asked.films]
    if not files:
        sys.exit(f"no *.dcm below {asked.folder}")

    is_cuda = asked.device == "cuda"
    torch.backends.cudnn.benchmark = True
    kind = torch.float16 if is_cuda else torch.float32
    network = resnet50(7).eval().to(asked.device, kind, memory_format=torch.channels_last)
    loader = DataLoader(Films(files), asked.batch, num_workers=asked.workers, pin_memory=is_cuda, persistent_workers=asked.workers > 0,
                        worker_init_fn=one_thread, prefetch_factor=4 if asked.workers else None)

    def finish():
        if is_cuda:
            torch.cuda.synchronize()

    @torch.inference_mode()
    def once():
        films, answers = 0, []
        for batch in loader:
            batch = batch.to(asked.device, non_blocking=True).to(kind, memory_format=torch.channels_last)
            answers.append(network(batch).float().softmax(1).max(1))
            films += len(batch)
        tops = [answer.indices.cpu() for answer in answers]  # as a user needs them
        finish()
        return films, tops

    @torch.inference_mode()
    def bare(seconds=5.0):
        batch = torch.rand(asked.batch, 3, SIZE, SIZE, device=asked.device).to(kind, memory_format=torch.channels_last)
        for _ in range(3):
            network(batch)
        finish()
        began, batches = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            for _ in range(8 if is_cuda else 1):
                network(batch)
                batches += 1
            finish()
        return batches * asked.batch / (time.perf_counter() - began)

    once()
    began = time.perf_counter()
    films, _ = once()
    elapsed = time.perf_counter() - began
    figures = {
        "torch": torch.__version__, "reader": f"pydicom {pydicom.__version__}" if pydicom else "numpy",
        "network": "torchvision" if torchvision else "plain", "device": torch.cuda.get_device_name() if is_cuda else "cpu",
        "precision": "fp16" if is_cuda else "fp32", "batch": asked.batch, "workers": asked.workers, "films": films, "seconds": round(elapsed, 3),
        "films_per_second": round(films / elapsed, 2), "bare_films_per_second": round(bare(), 2),
    }
    print(json.dumps(figures))
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump(figures, file)


if __name__ == "__main__":
    main()
