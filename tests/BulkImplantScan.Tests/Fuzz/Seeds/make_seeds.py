#!/usr/bin/python3
"""Makes the seeds of the fuzzer that need an encoder of others: a made-up film of 48 x 64, in each lossy and lossless syntax.

    ./make_seeds.py            # writes *.dcm beside itself; DCMTK, GDCM, libjxl-tools and pydicom (Debian 12) do the work
"""
import os, subprocess, tempfile
import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian

ROWS, COLUMNS = 48, 64
HERE = os.path.dirname(os.path.abspath(__file__))


def pixels(bits, frames=1):
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    noise = np.random.default_rng(1).normal(0, .01, (frames, ROWS, COLUMNS))
    shape = .2 + .5 * np.exp(-((x - 30) / 14) ** 2) + .2 * (y / ROWS) + noise
    return (np.clip(shape, 0, 1) * (2 ** bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def film(path, bits, samples=1, frames=1, signed=0):
    m = FileMetaDataset()
    m.MediaStorageSOPClassUID, m.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", "2.25.4711"
    m.TransferSyntaxUID, m.ImplementationClassUID = ExplicitVRLittleEndian, "2.25.1"
    d = FileDataset(None, {}, file_meta=m, preamble=b"\0" * 128)
    d.is_little_endian, d.is_implicit_VR = True, False
    d.SOPClassUID, d.SOPInstanceUID = m.MediaStorageSOPClassUID, m.MediaStorageSOPInstanceUID
    d.StudyInstanceUID, d.SeriesInstanceUID, d.PatientID, d.PatientName = "2.25.1", "2.25.2", "FUZZ", "FUZZ^MADE"
    d.Modality, d.BodyPartExamined, d.StudyDate = "DX", "HIP", "20200101"
    d.SamplesPerPixel, d.PhotometricInterpretation = samples, "RGB" if samples == 3 else "MONOCHROME2"
    if samples == 3:
        d.PlanarConfiguration = 0
    if frames > 1:
        d.NumberOfFrames = frames
    d.Rows, d.Columns, d.BitsAllocated = ROWS, COLUMNS, 8 if bits <= 8 else 16
    d.BitsStored, d.HighBit, d.PixelRepresentation = bits, bits - 1, signed
    d.WindowCenter, d.WindowWidth = 2 ** (bits - 1), 2 ** bits
    p = pixels(bits, frames)
    d.PixelData = (np.repeat(p[..., None], samples, -1) if samples == 3 else p).tobytes()
    d["PixelData"].VR = "OB" if bits <= 8 else "OW"
    d.save_as(path, write_like_original=False)
    return d


def main():
    with tempfile.TemporaryDirectory() as t:
        raw = {}
        for name, args in {"8": (8,), "12": (12,), "16": (16,), "rgb": (8, 3), "frames": (12, 1, 3)}.items():
            raw[name] = os.path.join(t, name + ".dcm")
            film(raw[name], *args)
        run = lambda *a: subprocess.run(a, check=True, stdout=subprocess.DEVNULL)
        out = lambda name: os.path.join(HERE, name + ".dcm")
        run("dcmcjpeg", "+eb", raw["8"], out("jpeg-baseline"))
        run("dcmcjpeg", "+eb", raw["rgb"], out("jpeg-baseline-rgb"))
        run("dcmcjpeg", "+ee", raw["12"], out("jpeg-extended-12"))
        run("dcmcjpeg", "+el", "+sv", "6", raw["12"], out("jpeg-lossless-sv6"))
        run("dcmcjpls", "+el", raw["12"], out("jpegls"))
        run("dcmcjpls", "+el", raw["frames"], out("jpegls-frames"))
        run("dcmcjpls", "+en", "+md", "3", raw["16"], out("jpegls-near"))
        run("gdcmconv", "--j2k", raw["12"], out("j2k"))
        run("gdcmconv", "--j2k", raw["rgb"], out("j2k-rgb"))
        run("gdcmconv", "--j2k", raw["frames"], out("j2k-frames"))
        run("gdcmconv", "--j2k", "--lossy", "-q", "40", raw["12"], out("j2k-lossy"))

        # JPEG XL by libjxl's own encoder, lossless, put into DICOM here.
        d = film(os.path.join(t, "jxl.dcm"), 16)
        pgm, jxl = os.path.join(t, "film.pgm"), os.path.join(t, "film.jxl")
        with open(pgm, "wb") as f:
            f.write(b"P5\n%d %d\n65535\n" % (COLUMNS, ROWS) + pixels(16)[0].astype(">u2").tobytes())
        run("cjxl", "--quiet", "-d", "0", pgm, jxl)
        with open(jxl, "rb") as f:
            d.PixelData = encapsulate([f.read()])
        d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.100"   # pydicom 2 does not know JPEG XL: put in behind its back
        d["PixelData"].VR = "OB"
        d.save_as(out("jxl"), write_like_original=False)
        with open(out("jxl"), "rb") as f:
            file = f.read()
        with open(out("jxl"), "wb") as f:
            f.write(file.replace(b"1.2.840.10008.1.2.4.100", b"1.2.840.10008.1.2.4.110"))


if __name__ == "__main__":
    main()
