#!/usr/bin/python3
"""Writes grayscale-cases.csv.gz beside this file: random headers with a row of stored values, and the brightness that pydicom's
apply_modality_lut and apply_voi_lut give them, scaled to [0, 1] by the VOI's own output range; and polarity-cases.csv.gz: what
DCMTK's dcm2pnm shows for each Photometric Interpretation and Presentation LUT Shape.

Columns: name, expected VOI name, base64 of a DICOM file, brightness values (6 decimals) joined by blanks.
Needs Debian's python3-pydicom, python3-numpy, dcmtk. Run with the system interpreter.
"""
import base64, gzip, io, os, subprocess, tempfile
import numpy as np, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut

HERE = os.path.dirname(os.path.abspath(__file__))
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
rng = np.random.default_rng(314159)


def header(stored, signed, columns):
    d = Dataset(); d.file_meta = FileMetaDataset()
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    d.Modality = "DX"
    d.Rows, d.Columns, d.SamplesPerPixel, d.PhotometricInterpretation = 1, columns, 1, "MONOCHROME2"
    d.BitsAllocated = 8 if stored <= 8 else 16
    d.BitsStored, d.HighBit, d.PixelRepresentation = stored, stored - 1, int(signed)
    return d


def save(d, syntax):
    d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = syntax != BIG, syntax == IMPLICIT
    f = io.BytesIO(); pydicom.dcmwrite(f, d, write_like_original=False)
    return f.getvalue()


def lut(entries, first, bits, signed_first, reverse=False):
    item = Dataset()
    item.add_new(0x00283002, "SS" if signed_first else "US", [entries, first, bits])
    curve = (2.0 ** bits - 1) * np.linspace(0, 1, entries) ** rng.uniform(0.4, 2.5)
    data = np.rint(curve[::-1] if reverse else curve).astype("<u2")
    item.add_new(0x00283006, "US", data.tolist())
    item.add_new(0x00283003, "LO", "curve")
    return item


cases = []
while len(cases) < 300:
    stored, signed = int(rng.choice([8, 10, 12, 12, 14, 16])), bool(rng.random() < 0.3)
    lo, hi = (-(1 << stored - 1), (1 << stored - 1) - 1) if signed else (0, (1 << stored) - 1)
    values = np.unique(np.r_[lo, hi, np.linspace(lo, hi, 90).astype(int), rng.integers(lo, hi + 1, 30)])
    d = header(stored, signed, len(values))
    kind = rng.choice(["none", "rescale", "negative", "table"], p=[.3, .35, .1, .25])
    if kind == "rescale":
        d.RescaleSlope, d.RescaleIntercept = "%.4g" % rng.choice([1, 0.5, 2.25, rng.uniform(.1, 4)]), "%d" % rng.choice([0, -1024, 300])
    elif kind == "negative":
        d.RescaleSlope, d.RescaleIntercept = "-1", str(hi)
    elif kind == "table":
        entries = int(rng.integers(100, 600)); first = int(rng.integers(lo, max(lo + 1, hi - entries)))
        d.ModalityLUTSequence = [lut(entries, first, int(rng.choice([8, 16])), first < 0)]
        d.ModalityLUTSequence[0].ModalityLUTType = "US"
    storage = {8: "1", 16: "2"}[d.BitsAllocated]
    array = values.astype(("i" if signed else "u") + storage)
    modality = np.asarray(apply_modality_lut(values.astype("i8"), d), float)  # wide: pydicom indexes in the array's own type, and wraps
    mlo, mhi = modality.min(), modality.max()
    voi = rng.choice(["window", "window-exact", "sigmoid", "voi-lut"])
    if voi == "voi-lut":
        mlo, mhi = int(mlo), int(mhi)
        if mhi - mlo < 50 or mhi - mlo > 65535 or mlo < -32768: continue   # beyond, pydicom's index of 16 bits wraps
        entries = int(rng.integers(min(40, mhi - mlo - 1), min(500, mhi - mlo))); first = int(rng.integers(mlo, max(mlo + 1, mhi - entries)))
        if first < 0 and first + entries > 32767 or first > 32767 and mlo < 0 or entries > 32767: continue
        bits = int(rng.choice([8, 10, 12, 16])); bits = 12 if bits == 8 else bits
        d.VOILUTSequence = [lut(entries, first, bits, mlo < 0, rng.random() < .2)]
        if rng.random() < .5: d.WindowCenter, d.WindowWidth = "10", "20"   # the table wins
    else:
        centre, width = rng.uniform(mlo, mhi), max(2, rng.uniform(.05, 1.2) * (mhi - mlo))
        if rng.random() < .5: centre, width = np.rint(centre), np.rint(width)
        c, w = "%.6g" % centre, "%.6g" % width
        d.WindowCenter, d.WindowWidth = ([c, "1", "2"], [w, "3", "4"]) if rng.random() < .3 else (c, w)
        if voi != "window" or rng.random() < .5:
            d.VOILUTFunction = {"window": "LINEAR", "window-exact": "LINEAR_EXACT", "sigmoid": "SIGMOID"}[voi]
    if kind == "table" and voi != "voi-lut":
        top = 2.0 ** d.ModalityLUTSequence[0].LUTDescriptor[2] - 1; bottom = 0.0
    else:
        slope, intercept = (float(d.get("RescaleSlope", 1)), float(d.get("RescaleIntercept", 0)))
        bottom, top = lo * slope + intercept, hi * slope + intercept
    out = np.asarray(apply_voi_lut(modality, d), float)
    y = out / (2.0 ** d.VOILUTSequence[0].LUTDescriptor[2] - 1) if voi == "voi-lut" else (out - bottom) / (top - bottom)

    if rng.random() < .4:
        p = int(rng.choice(values)); q = int(rng.choice(values))
        vr = "SS" if signed else "US"
        d.add_new(0x00280120, vr, p)
        if rng.random() < .5: d.add_new(0x00280121, vr, q)
        else: q = p
        padding = (values >= min(p, q)) & (values <= max(p, q))
    else: padding = np.zeros(len(values), bool)
    if rng.random() < .3: d.PhotometricInterpretation = "MONOCHROME1"; y = 1 - y
    y = np.where(padding, 0, y)
    if padding.all() or y[~padding].max() - y[~padding].min() < 1 / 100: continue   # windows that miss: a test of their own
    syntax = rng.choice([IMPLICIT, EXPLICIT, EXPLICIT, BIG])
    d.PixelData = array.astype(array.dtype.newbyteorder(">" if syntax == BIG else "<")).tobytes() + b"\0" * (array.nbytes % 2)
    if array.dtype.itemsize == 1: d["PixelData"].VR = "OB"
    cases.append((f"{len(cases)} {kind} {voi} {'i' if signed else 'u'}{stored} {syntax}", voi, base64.b64encode(save(d, str(syntax))).decode(),
                  " ".join("%.6f" % v for v in y)))


def write(name, rows):
    with gzip.GzipFile(os.path.join(HERE, name), "wb", 9, mtime=0) as f:
        for row in rows: f.write((",".join(row) + "\n").encode())
    print(name, len(rows), "cases")


write("grayscale-cases.csv.gz", cases)

polarity = []
for photometric in ("MONOCHROME1", "MONOCHROME2"):
    for shape in ("", "IDENTITY", "INVERSE"):
        d = header(12, False, 4); d.PhotometricInterpretation = photometric
        d.WindowCenter, d.WindowWidth = "2048", "4096"
        if shape: d.PresentationLUTShape = shape
        d.PixelData = np.array([0, 1000, 3000, 4095], "<u2").tobytes()
        f = save(d, EXPLICIT)
        with tempfile.TemporaryDirectory() as t:
            a, b = os.path.join(t, "a"), os.path.join(t, "b")
            open(a, "wb").write(f)
            subprocess.run(["dcm2pnm", "+Wi", "1", a, b], check=True, stderr=subprocess.PIPE)
            polarity.append((f"{photometric} {shape or 'no shape'}", "window", base64.b64encode(f).decode(),
                             " ".join("%.6f" % (v / 255) for v in open(b, "rb").read()[-4:])))
write("polarity-cases.csv.gz", polarity)
