#!/usr/bin/python3
"""Writes pixel-cases.csv.gz beside this file: small DICOM files (base64) and the SHA-256 of their stored pixels.

Pixels come from numpy; DCMTK (dcmcjpeg, dcmcrle) encodes them. JPEG streams with restart intervals, several scans and
odd precisions, which no encoder here writes, come from the plain encoder below; DCMTK's dcmdjpeg must give their pixels back before
they are written. The hash is defined in ../shared/data/README.md: samples interleaved, widened to int32 little endian.

Needs Debian's python3-pydicom, python3-numpy, dcmtk. Run with the system interpreter.
"""
import base64, gzip, hashlib, io, os, subprocess, tempfile
import numpy as np, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

HERE = os.path.dirname(os.path.abspath(__file__))
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
LL57 = "1.2.840.10008.1.2.4.57"
rng = np.random.default_rng(20240229)
cases = []


def header(array, stored, samples=1, frames=1, allocated=None, high=None, signed=None, photometric=None):
    d = Dataset(); d.file_meta = FileMetaDataset()
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    d.Modality = "OT"
    shape = array.shape[1:] if frames > 1 else array.shape
    d.Rows, d.Columns, d.SamplesPerPixel = shape[0], shape[1], samples
    if frames > 1: d.NumberOfFrames = frames
    d.PhotometricInterpretation = photometric or ("RGB" if samples == 3 else "MONOCHROME2")
    if samples == 3: d.PlanarConfiguration = 0
    d.BitsAllocated = allocated or array.dtype.itemsize * 8
    d.BitsStored = stored
    d.HighBit = stored - 1 if high is None else high
    d.PixelRepresentation = int(array.dtype.kind == "i" if signed is None else signed)
    return d


def save(d, syntax):
    d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = syntax != BIG, syntax == IMPLICIT
    f = io.BytesIO(); pydicom.dcmwrite(f, d, write_like_original=False)
    return f.getvalue()


def add(name, data, array):
    sha = hashlib.sha256(np.ascontiguousarray(array.astype("<i8")).astype("<u4").tobytes()).hexdigest()
    cases.append((name, sha, base64.b64encode(data).decode()))


def pixels(rows, cols, stored, kind, samples=1, noise=0.05):
    lo, hi = (-(1 << stored - 1), (1 << stored - 1) - 1) if kind == "i" else (0, (1 << stored) - 1)
    y, x = np.mgrid[0:rows, 0:cols]
    planes = [lo + (hi - lo) * (0.5 + 0.45 * np.sin(x / (7 + 3 * s)) * np.cos(y / 5)) + rng.normal(0, noise * (hi - lo), (rows, cols))
              for s in range(samples)]
    a = np.clip(np.rint(np.stack(planes, -1)), lo, hi).astype({8: "1", 16: "2", 32: "4"}[8 if stored <= 8 else 16 if stored <= 16 else 32]
                                                             .join([kind, ""]))
    return a[..., 0] if samples == 1 else a


def tool(data, *command):
    with tempfile.TemporaryDirectory() as t:
        a, b = os.path.join(t, "a"), os.path.join(t, "b")
        open(a, "wb").write(data)
        subprocess.run([*command, a, b], check=True, stderr=subprocess.PIPE)
        return open(b, "rb").read()


# --- native -------------------------------------------------------------------------------------------------------------------
for stored, kind in ((8, "u"), (8, "i"), (6, "u"), (7, "i"), (12, "u"), (12, "i"), (16, "u"), (16, "i"), (32, "u"), (20, "i")):
    a = pixels(19, 23, stored, kind)
    for syntax in (IMPLICIT, EXPLICIT, BIG):
        d = header(a, stored)
        d.PixelData = a.astype(a.dtype.newbyteorder(">" if syntax == BIG else "<")).tobytes()
        if syntax == BIG and a.dtype.itemsize == 1:
            d.PixelData = a.tobytes() + b"\0" * (a.size % 2)
            d["PixelData"].VR = "OB"
        add(f"native {kind}{stored} {syntax}", save(d, syntax), a)

a = pixels(18, 23, 8, "u")  # bytes in big-endian words
d = header(a, 8); d.PixelData = np.frombuffer(a.tobytes(), "<u2").byteswap().tobytes(); d["PixelData"].VR = "OW"
add("native u8 OW big endian", save(d, BIG), a)

a = pixels(18, 23, 12, "u")  # left-aligned, with an overlay's bit below
d = header(a, 12, high=15); d.PixelData = (a.astype("<u2") << 4 | (a & 1) << 1).astype("<u2").tobytes()
add("native u12 high bit 15", save(d, EXPLICIT), a)
a = pixels(18, 23, 12, "i")
d = header(a, 12, high=13); d.PixelData = (((a.astype("<i4") & 0xFFF) << 2) | 0xC003).astype("<u2").tobytes()
add("native i12 high bit 13, dirt around", save(d, EXPLICIT), a)
a = pixels(18, 23, 10, "u")
d = header(a, 10); d.PixelData = (a | 0xA800).astype("<u2").tobytes()
add("native u10 dirt above", save(d, EXPLICIT), a)

for name, stored, kind in (("u8", 8, "u"), ("u16", 16, "u")):
    a = pixels(11, 13, stored, kind, samples=3)
    for syntax in (EXPLICIT, BIG):
        if syntax == BIG and stored == 8: continue
        d = header(a, stored, 3); d.PlanarConfiguration = 1
        d.PixelData = np.moveaxis(a, -1, 0).astype(a.dtype.newbyteorder(">" if syntax == BIG else "<")).tobytes() + b"\0" * (a.nbytes % 2)
        add(f"native RGB {name} planar {syntax}", save(d, syntax), a)

a = (rng.random((3, 7, 5)) < 0.4).astype("u1")  # frames begin inside bytes
d = header(a, 1, frames=3, allocated=1)
bits = np.packbits(a.ravel(), bitorder="little").tobytes(); d.PixelData = bits + b"\0" * (len(bits) % 2)
add("native 1 bit, 3 frames", save(d, EXPLICIT), a)
a = pixels(4, 6 * 9, 12, "u").reshape(9, 4, 6)
d = header(a, 12, frames=9); d.PixelData = a.astype("<u2").tobytes()
add("native u12, 9 frames", save(d, EXPLICIT), a)

# --- RLE ----------------------------------------------------------------------------------------------------------------------
for stored, kind, samples in ((8, "u", 1), (12, "u", 1), (16, "i", 1), (8, "u", 3)):
    for noise in (0, 0.05, 2):
        a = pixels(21, 33, stored, kind, samples, noise)
        d = header(a, stored, samples); d.PixelData = a.astype(a.dtype.newbyteorder("<")).tobytes() + b"\0" * (a.nbytes % 2)
        add(f"rle dcmcrle {kind}{stored}x{samples} noise {noise}", tool(save(d, EXPLICIT), "dcmcrle"), a)

# --- JPEG lossless by DCMTK: 8, 12, 16 bits, all selection values, point transform ----------------------------------------------
for stored, kind, samples in ((8, "u", 1), (12, "u", 1), (16, "u", 1), (16, "i", 1), (8, "u", 3)):
    for sv in range(1, 8):
        a = pixels(17, 29, stored, kind, samples, noise=(0.02, 0.4, 3)[sv % 3])
        d = header(a, stored, samples); d.PixelData = a.astype(a.dtype.newbyteorder("<")).tobytes() + b"\0" * (a.nbytes % 2)
        add(f"jpeg-lossless dcmcjpeg {kind}{stored}x{samples} sv{sv}", tool(save(d, EXPLICIT), "dcmcjpeg", "+el", "+sv", str(sv)), a)
for sv, pt in ((1, 2), (5, 3)):
    a = pixels(17, 29, 12, "u")
    d = header(a, 12); d.PixelData = a.astype("<u2").tobytes()
    f = tool(save(d, EXPLICIT), "dcmcjpeg", "+el", "+sv", str(sv), "+pt", str(pt))
    add(f"jpeg-lossless dcmcjpeg u12 sv{sv} pt{pt}", f, pydicom.dcmread(io.BytesIO(tool(f, "dcmdjpeg"))).pixel_array)


# --- JPEG lossless by a plain encoder --------------------------------------------------------------------------------------------
def jpeg(planes, precision, sv, restart_rows=0, interleaved=True, long_codes=False, fill=0):
    """T.81 annex H. One Huffman table for all: code lengths below are a complete code of 17 symbols."""
    lengths = ([3] * 6 + [4] * 2 + [5] + [6] + [7] + [8] + [9] + [11] * 3 + [12]) if not long_codes else list(range(1, 16)) + [16, 16]
    order = list(range(17)) if not long_codes else [16, 0, 15, 1, 14, 2, 13, 3, 12, 4, 11, 5, 10, 6, 9, 7, 8]
    codes, code, last = {}, 0, 0
    for symbol, n in zip(order, lengths):
        code <<= n - last; last = n
        codes[symbol] = (code, n); code += 1
    counts = [lengths.count(n) for n in range(1, 17)]
    rows, cols = planes[0].shape
    out = bytearray(b"\xff\xd8")

    def segment(marker, body): out.extend(b"\xff" * fill + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body)
    segment(0xC4, bytes([0]) + bytes(counts) + bytes(order))
    segment(0xFE, b"a comment")
    segment(0xC3, bytes([precision]) + rows.to_bytes(2, "big") + cols.to_bytes(2, "big") + bytes([len(planes)])
            + b"".join(bytes([i + 1, 0x11, 0]) for i in range(len(planes))))
    if restart_rows: segment(0xDD, (restart_rows * cols).to_bytes(2, "big"))

    for scan in ([planes] if interleaved else [[p] for p in planes]):
        first = 0 if interleaved else [i for i, p in enumerate(planes) if p is scan[0]][0]
        segment(0xDA, bytes([len(scan)]) + b"".join(bytes([first + i + 1, 0]) for i in range(len(scan))) + bytes([sv, 0, 0]))
        bits, n = 0, 0

        def put(value, count):
            nonlocal bits, n
            bits, n = bits << count | value, n + count
            while n >= 8:
                n -= 8; b = bits >> n & 0xFF; bits &= (1 << n) - 1
                out.append(b)
                if b == 0xFF: out.append(0)

        restarts = 0
        for y in range(rows):
            start = y % restart_rows == 0 if restart_rows else y == 0
            if start and y:
                if n: put((1 << 8 - n) - 1, 8 - n)
                out.extend(bytes([0xFF, 0xD0 + restarts % 8])); restarts += 1
            for x in range(cols):
                for p in scan:
                    a = int(p[y, x - 1]) if x else 0
                    if start: px = a if x else 1 << precision - 1
                    elif x == 0: px = int(p[y - 1, 0])
                    else:
                        b, c = int(p[y - 1, x]), int(p[y - 1, x - 1])
                        px = (a, b, c, a + b - c, a + (b - c >> 1), b + (a - c >> 1), a + b >> 1)[sv - 1]
                    diff = (int(p[y, x]) - px) & 0xFFFF
                    if diff > 32768: diff -= 65536
                    s = abs(diff).bit_length()
                    put(*codes[s])
                    if 0 < s < 16: put(diff if diff > 0 else diff + (1 << s) - 1, s)
        if n: put((1 << 8 - n) - 1, 8 - n)
    out.extend(b"\xff\xd9")
    return bytes(out)


def plain(name, a, precision, check=True, **how):
    samples = a.shape[2] if a.ndim == 3 else 1
    planes = [a[..., i] for i in range(samples)] if samples > 1 else [a]
    d = header(a, precision, samples)
    stream = jpeg([p.astype(f"u{p.dtype.itemsize}") for p in planes], precision, **how)
    d.PixelData = encapsulate([stream + b"\0" * (len(stream) % 2)]); d["PixelData"].VR = "OB"; d["PixelData"].is_undefined_length = True
    f = save(d, LL57)
    if check:
        back = pydicom.dcmread(io.BytesIO(tool(f, "dcmdjpeg"))).pixel_array
        assert np.array_equal(back, a), name
    add("jpeg-lossless plain " + name, f, a)


for rows in (1, 4, 5): plain(f"u12 restart every {rows} rows", pixels(20, 31, 12, "u"), 12, sv=1 + rows, restart_rows=rows)
for rows in (1, 10): plain(f"u16 restart every {rows} rows, long codes", pixels(20, 31, 16, "u", noise=1), 16, sv=7, restart_rows=rows, long_codes=True)
plain("u16 long codes sv1", pixels(20, 31, 16, "u", noise=1), 16, sv=1, long_codes=True)
plain("RGB u8 three scans", pixels(12, 13, 8, "u", 3), 8, sv=4, interleaved=False)
plain("RGB u16 three scans", pixels(12, 13, 16, "u", 3), 16, sv=6, interleaved=False)
plain("RGB u8 restart", pixels(12, 13, 8, "u", 3), 8, sv=2, restart_rows=3)
plain("fill bytes", pixels(12, 13, 12, "u"), 12, sv=1, fill=3)
# DCMTK decodes 8, 12 and 16 bits only: other precisions rest on the encoder, which the cases above check.
for precision in (2, 3, 5, 7, 9, 11, 13, 14, 15):
    plain(f"u{precision}", pixels(15, 18, precision, "u"), precision, check=False, sv=1 + precision % 7)
a = np.tile(np.array([[0, 32768, 0, 32767, 65535]], "u2"), (6, 4))  # category 16: a difference of 32768
plain("u16 category 16", a, 16, sv=1)

with gzip.GzipFile(os.path.join(HERE, "pixel-cases.csv.gz"), "wb", 9, mtime=0) as f:
    for case in cases: f.write((",".join(case[i].replace(",", ";") for i in range(3)) + "\n").encode())
print(len(cases), "cases")
