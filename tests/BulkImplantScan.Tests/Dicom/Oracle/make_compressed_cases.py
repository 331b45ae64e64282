#!/usr/bin/python3
"""Writes compressed-cases.csv.gz beside this file: small DICOM files (base64), their pixels as others decode them (base64, int32 little
endian, samples interleaved), and how far a decoder may be from those (0: not at all).

DCMTK (dcmcjpeg) and libjpeg (Pillow, OpenCV) encode JPEG; DCMTK (dcmdjpeg) or libjpeg gives the pixels. Two DCTs that are both right differ
by one step where the exact value is near the middle between two; libjpeg's integers and floats do so among themselves.
Deflated frames are made by zlib; what is not compressed needs no decoder but its own bytes.

Needs Debian's python3-pydicom, python3-numpy, python3-pil, python3-opencv, dcmtk. Run with the system interpreter.
"""
import base64, gzip, io, os, subprocess, tempfile, zlib
import cv2, numpy as np, pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

HERE = os.path.dirname(os.path.abspath(__file__))
EXPLICIT, UNCOMPRESSED, DEFLATED_FRAME = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"
BASELINE, EXTENDED, SPECTRAL, PROGRESSIVE = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55))
rng = np.random.default_rng(20260501)
cases = []


def header(array, stored, samples=1, frames=1, allocated=None):
    d = Dataset(); d.file_meta = FileMetaDataset()
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    d.Modality = "OT"
    shape = array.shape[1:] if frames > 1 else array.shape
    d.Rows, d.Columns, d.SamplesPerPixel = shape[0], shape[1], samples
    if frames > 1: d.NumberOfFrames = frames
    d.PhotometricInterpretation = "RGB" if samples == 3 else "MONOCHROME2"
    if samples == 3: d.PlanarConfiguration = 0
    d.BitsAllocated = allocated or array.dtype.itemsize * 8
    d.BitsStored, d.HighBit, d.PixelRepresentation = stored, stored - 1, int(array.dtype.kind == "i")
    return d


def save(d, syntax):
    d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = True, False
    f = io.BytesIO(); pydicom.dcmwrite(f, d, write_like_original=False)
    return f.getvalue()


def add(name, tolerance, data, array):
    pixels = np.ascontiguousarray(array.astype("<i8")).astype("<i4").tobytes()
    cases.append((name, str(tolerance), base64.b64encode(pixels).decode(), base64.b64encode(data).decode()))


def pixels(rows, cols, stored, samples=1, noise=0.02, kind="u"):
    lo, hi = (-(1 << stored - 1), (1 << stored - 1) - 1) if kind == "i" else (0, (1 << stored) - 1)
    y, x = np.mgrid[0:rows, 0:cols]
    planes = [lo + (hi - lo) * (0.5 + 0.47 * np.sin(x / (7 + 3 * s)) * np.cos(y / 5)) + rng.normal(0, noise * (hi - lo), (rows, cols))
              for s in range(samples)]
    a = np.clip(np.rint(np.stack(planes, -1)), lo, hi).astype(kind + ("1" if stored <= 8 else "2"))
    return a[..., 0] if samples == 1 else a


def tool(data, *command):
    with tempfile.TemporaryDirectory() as t:
        a, b = os.path.join(t, "a"), os.path.join(t, "b")
        open(a, "wb").write(data)
        subprocess.run([*command, a, b], check=True, stderr=subprocess.PIPE)
        return open(b, "rb").read()


def native(a, stored, samples=1, **how):
    d = header(a, stored, samples, **how)
    d.PixelData = a.astype(a.dtype.newbyteorder("<")).tobytes() + b"\0" * (a.nbytes % 2)
    return save(d, EXPLICIT)


def decoded(f):
    """By dcmdjpeg, without a colour transform."""
    return pydicom.dcmread(io.BytesIO(tool(f, "dcmdjpeg", "+cn"))).pixel_array


def wrapped(d, frames, syntax):
    d.PixelData = encapsulate([f + b"\0" * (len(f) % 2) for f in frames])
    d["PixelData"].VR = "OB"; d["PixelData"].is_undefined_length = True
    if syntax not in (UNCOMPRESSED, DEFLATED_FRAME): return save(d, syntax)
    f = save(d, BASELINE)  # the installed pydicom is older than these two; all three take 22 bytes
    assert f.count(BASELINE.encode()) == 1
    return f.replace(BASELINE.encode(), syntax.encode().ljust(22, b"\0"))


# --- JPEG by DCMTK: baseline, extended, spectral selection, full progression; 8 and 12 bits; sizes that are no whole blocks ---------
for process, stored in (("+eb", 8), ("+ee", 8), ("+ee", 12), ("+ee", 10), ("+es", 8), ("+es", 12), ("+ep", 8), ("+ep", 12)):
    for rows, cols, quality in ((40, 48, 90), (33, 29, 95), (7, 5, 70)):
        a = pixels(rows, cols, stored)
        f = tool(native(a, stored), "dcmcjpeg", process, "+q", str(quality))
        add(f"jpeg dcmcjpeg {process} {stored} bits {rows}x{cols}", 1 if stored == 8 else 2, f, decoded(f))
for process in ("+eb", "+ee"):
    a = pixels(37, 41, 8, 3)
    f = tool(native(a, 8, 3), "dcmcjpeg", process, "+cr", "+q", "95")
    add(f"jpeg dcmcjpeg {process} RGB", 1, f, decoded(f))
a = pixels(37, 41, 12, noise=0); a[10:20, 10:30] = 4095; a[12:18, 12:20] = 0  # rings above and below
f = tool(native(a, 12), "dcmcjpeg", "+ee", "+q", "60")
add("jpeg dcmcjpeg +ee 12 bits overshoot", 2, f, decoded(f))
a = np.stack([pixels(24, 16, 12) for _ in range(3)])
f = tool(native(a, 12, frames=3), "dcmcjpeg", "+ee", "+q", "90")
add("jpeg dcmcjpeg +ee 12 bits three frames", 2, f, decoded(f))


# --- JPEG by libjpeg: restart intervals, optimised tables, subsampled colour, sampling factors of a grey picture ---------------------
def pillow(a, **how):
    f = io.BytesIO(); Image.fromarray(a).save(f, "JPEG", **how)
    return f.getvalue()


def by_pillow(name, stream, a, syntax=BASELINE, tolerance=1):
    samples = 1 if a.ndim == 2 else 3
    d = header(a, 8, samples)
    if samples == 3: d.PhotometricInterpretation = "YBR_FULL"
    f = wrapped(d, [stream], syntax)
    add(name, tolerance, f, decoded(f))


a = pixels(45, 52, 8)

def restarted(every, progressive=0):
    how = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_RST_INTERVAL, every, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    stream = cv2.imencode(".jpg", a, how)[1].tobytes()
    assert b"\xff\xdd\x00\x04" + every.to_bytes(2, "big") in stream
    return stream


# 7 by 6 blocks: an interval that ends with the picture, and some that do not.
for every in (1, 5, 7): by_pillow(f"jpeg libjpeg restart every {every} blocks", restarted(every), a)
by_pillow("jpeg libjpeg progressive restart every 5 blocks", restarted(5, 1), a, PROGRESSIVE)
by_pillow("jpeg libjpeg optimised", pillow(a, quality=75, optimize=True), a)
by_pillow("jpeg libjpeg progressive", pillow(a, quality=85, progressive=True), a, PROGRESSIVE)
by_pillow("jpeg libjpeg progressive named baseline", pillow(a, quality=85, progressive=True), a)
c = pixels(45, 52, 8, 3)
by_pillow("jpeg libjpeg 4:4:4", pillow(c, quality=95, subsampling=0), c)
c = pixels(45, 52, 8, 3, noise=0)  # chroma is repeated, where libjpeg interpolates: close on smooth pictures only
for subsampling in ("4:2:2", "4:2:0"): by_pillow(f"jpeg libjpeg {subsampling}", pillow(c, quality=95, subsampling=subsampling), c, tolerance=40)
s = pillow(a, quality=90); i = s.index(b"\xff\xc0") + 11
assert s[i] == 0x11
by_pillow("jpeg libjpeg grey with sampling factors 2x2", s[:i] + b"\x22" + s[i + 1:], a)
by_pillow("jpeg libjpeg fill bytes before markers", s.replace(b"\xff\xda", b"\xff\xff\xff\xda").replace(b"\xff\xc4", b"\xff\xff\xc4"), a)
d = header(a, 8); f = wrapped(d, [s[:-2]], BASELINE)
add("jpeg libjpeg no end of image", 1, f, decoded(wrapped(header(a, 8), [s], BASELINE)))

# --- files that name another process than their stream --------------------------------------------------------------------------------
a = pixels(21, 26, 12)
f = tool(native(a, 12), "dcmcjpeg", "+e1"); assert f.count(b"1.2.840.10008.1.2.4.70") == 1
add("jpeg-lossless dcmcjpeg +e1 named extended", 0, f.replace(b"1.2.840.10008.1.2.4.70", b"1.2.840.10008.1.2.4.51"), a)
f = tool(native(a, 12), "dcmcjpeg", "+ee", "+q", "90")
add("jpeg dcmcjpeg +ee 12 bits named lossless", 2, f.replace(b"1.2.840.10008.1.2.4.51", b"1.2.840.10008.1.2.4.70"), decoded(f))

# --- each frame in a fragment of its own: deflated, and as it is ------------------------------------------------------------------------
for stored, samples, frames, kind in ((8, 1, 1, "u"), (12, 1, 1, "u"), (12, 1, 3, "i"), (16, 1, 1, "u"), (8, 3, 2, "u")):
    a = [pixels(19, 23, stored, samples, kind=kind) for _ in range(frames)]
    raw = [x.astype(x.dtype.newbyteorder("<")).tobytes() for x in a]
    whole = np.stack(a) if frames > 1 else a[0]
    title = f"{kind}{stored}x{samples} {frames} frames"
    deflate = [(lambda c: c.compress(r) + c.flush())(zlib.compressobj(9, zlib.DEFLATED, -15)) for r in raw]
    add(f"deflated {title}", 0, wrapped(header(whole, stored, samples, frames), deflate, DEFLATED_FRAME), whole)
    add(f"deflated with zlib's header {title}", 0, wrapped(header(whole, stored, samples, frames), [zlib.compress(r) for r in raw], DEFLATED_FRAME), whole)
    add(f"uncompressed {title}", 0, wrapped(header(whole, stored, samples, frames), raw, UNCOMPRESSED), whole)
b = (rng.random((2, 7, 5)) < 0.4).astype("u1")  # each frame from a byte of its own, unlike native ones
packed = [np.packbits(x.ravel(), bitorder="little").tobytes() for x in b]
add("uncompressed 1 bit", 0, wrapped(header(b, 1, frames=2, allocated=1), packed, UNCOMPRESSED), b)
deflate = [(lambda c: c.compress(r) + c.flush())(zlib.compressobj(9, zlib.DEFLATED, -15)) for r in packed]
add("deflated 1 bit", 0, wrapped(header(b, 1, frames=2, allocated=1), deflate, DEFLATED_FRAME), b)
c = pixels(10, 11, 8, 3)
d = header(c, 8, 3); d.PlanarConfiguration = 1
add("uncompressed RGB planar", 0, wrapped(d, [np.moveaxis(c, -1, 0).tobytes()], UNCOMPRESSED), c)

with gzip.GzipFile(os.path.join(HERE, "compressed-cases.csv.gz"), "wb", 9, mtime=0) as f:
    for case in cases: f.write((",".join(case) + "\n").encode())
print(len(cases), "cases")
