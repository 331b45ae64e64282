#!/usr/bin/python3
"""Writes native-cases.csv.gz beside this file: small DICOM files whose pixels the system's libraries decode, and what those must be.

A line: name (the first word is the decoder), SHA-256 of the stored pixels as ../shared/data/README.md defines it, the file (base64), the
tolerance, and for a tolerance above 0 the samples that the codec's own tool decoded (int32 little endian, deflated, base64).
Pixels come from numpy; DCMTK (dcmcjpls), OpenJPEG (opj_compress) and libjxl (cjxl) encode them.

Needs Debian's python3-pydicom, python3-numpy, dcmtk, libopenjp2-tools, libjxl-tools, imagemagick. Run with the system interpreter.
"""
import base64, gzip, hashlib, io, os, subprocess, tempfile, zlib
import numpy as np, pydicom
from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

HERE = os.path.dirname(os.path.abspath(__file__))
J2K, J2KI, PART2 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.93"
JXL, JXLJ, JXLI = "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112"
EXPLICIT = "1.2.840.10008.1.2.1"
for uid in (JXL, JXLJ, JXLI): UID_dictionary.setdefault(uid, ("JPEG XL", "Transfer Syntax", "", "", "JPEGXL"))  # younger than Debian's pydicom
rng = np.random.default_rng(20240229)
cases = []


def header(a, stored, allocated=None, high=None, signed=None, photometric=None):
    d = Dataset(); d.file_meta = FileMetaDataset()
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    d.Modality = "OT"
    d.Rows, d.Columns, d.SamplesPerPixel = a.shape[0], a.shape[1], a.shape[2] if a.ndim == 3 else 1
    d.PhotometricInterpretation = photometric or ("RGB" if a.ndim == 3 else "MONOCHROME2")
    if a.ndim == 3: d.PlanarConfiguration = 0
    d.BitsAllocated = allocated or (8 if stored <= 8 else 16)
    d.BitsStored, d.HighBit = stored, stored - 1 if high is None else high
    d.PixelRepresentation = int(a.dtype.kind == "i" if signed is None else signed)
    return d


def save(d, syntax):
    d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = True, False
    f = io.BytesIO(); pydicom.dcmwrite(f, d, write_like_original=False)
    return f.getvalue()


def wrap(d, stream, syntax):
    d.PixelData = encapsulate([stream + b"\0" * (len(stream) % 2)]); d["PixelData"].VR = "OB"; d["PixelData"].is_undefined_length = True
    return save(d, syntax)


def add(name, data, a, tolerance=0):
    samples = np.ascontiguousarray(a.astype("<i8")).astype("<u4").tobytes()
    cases.append((name, hashlib.sha256(samples).hexdigest(), base64.b64encode(data).decode(), str(tolerance),
                  base64.b64encode(zlib.compress(samples, 9)).decode() if tolerance else ""))


def pixels(rows, cols, bits, kind="u", samples=1, noise=0.05):
    lo, hi = (-(1 << bits - 1), (1 << bits - 1) - 1) if kind == "i" else (0, (1 << bits) - 1)
    y, x = np.mgrid[0:rows, 0:cols]
    planes = [lo + (hi - lo) * (0.5 + 0.45 * np.sin(x / (7 + 3 * s)) * np.cos(y / 5)) + rng.normal(0, noise * (hi - lo), (rows, cols))
              for s in range(samples)]
    a = np.clip(np.rint(np.stack(planes, -1)), lo, hi).astype(kind + ("1" if bits <= 8 else "2"))
    return a[..., 0] if samples == 1 else a


def run(make, *names):
    """Runs commands in a folder of their own: make(paths) gives them; the last path's bytes come back."""
    with tempfile.TemporaryDirectory() as t:
        paths = [os.path.join(t, n) for n in names]
        for command in make(paths):
            if callable(command): command()
            else: subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return open(paths[-1], "rb").read()


def put(path, data): return lambda: open(path, "wb").write(data)


# --- JPEG-LS by DCMTK -------------------------------------------------------------------------------------------------------------
def jls(d, a, *flags):
    d.PixelData = a.astype(a.dtype.newbyteorder("<")).tobytes() + b"\0" * (a.nbytes % 2)
    d["PixelData"].VR = "OB" if a.dtype.itemsize == 1 else "OW"
    return run(lambda p: [put(p[0], save(d, EXPLICIT)), ["dcmcjpls", *flags, *p]], "a", "b")


def back(f): return pydicom.dcmread(io.BytesIO(run(lambda p: [put(p[0], f), ["dcmdjpls", *p]], "a", "b"))).pixel_array


for bits in range(2, 17):
    a = pixels(19, 27, bits)
    add(f"charls u{bits}", jls(header(a, bits), a, "+el"), a)
for bits in (8, 12, 15, 16):
    a = pixels(19, 27, bits, "i")
    # The stream has only the bits stored, without a sign.
    add(f"charls i{bits}", jls(header(a, bits), a, "+el"), a)
for bits in (8, 16):
    a = pixels(14, 17, bits, samples=3)
    for mode in ("+il", "+is", "+in"): add(f"charls RGB u{bits} {mode}", jls(header(a, bits), a, "+el", mode), a)
for bits in (8, 12, 16):
    a = pixels(19, 27, bits)
    f = jls(header(a, bits), a, "+en")
    assert np.abs(back(f).astype(int) - a).max() in (1, 2)
    add(f"charls near u{bits}", f, back(f))
a = np.full((64, 64), 77, "u2")  # a handful of bytes for all of it
add("charls constant", jls(header(a, 12), a, "+el"), a)


# --- JPEG 2000 by OpenJPEG --------------------------------------------------------------------------------------------------------
def raw(a):
    if a.ndim == 2: return a.astype("<" + a.dtype.str[1:]).tobytes()
    return b"".join(a[..., i].astype("<" + a.dtype.str[1:]).tobytes() for i in range(a.shape[2]))


def pgm(a, bits): return f"P5\n{a.shape[1]} {a.shape[0]}\n{(1 << bits) - 1}\n".encode() + a.astype(">u2" if bits > 8 else "u1").tobytes()


def opj(a, bits, *flags, signed=None, ending="j2k", sampling=None, data=None):
    s = a.dtype.kind == "i" if signed is None else signed
    if bits % 2:  # which it takes as a picture only
        return run(lambda p: [put(p[0], pgm(a, bits)), ["opj_compress", "-i", p[0], "-o", p[1], *flags]], "a.pgm", "b." + ending)
    form = f"{a.shape[1]},{a.shape[0]},{a.shape[2] if a.ndim == 3 else 1},{bits},{'s' if s else 'u'}" + (f"@{sampling}" if sampling else "")
    return run(lambda p: [put(p[0], data or raw(a)), ["opj_compress", "-i", p[0], "-o", p[1], "-F", form, *flags]],
               "a.rawl" if a.dtype.itemsize == 2 else "a.raw", "b." + ending)


def opj_back(stream, shape, bits, signed=False, reduce=0):
    if len(shape) == 2:
        out = run(lambda p: [put(p[0], stream), ["opj_decompress", "-r", str(reduce), "-i", p[0], "-o", p[1]], ["sh", "-c", f"mv {p[1][:-4]}*.pgx {p[1]} 2>/dev/null || true"]],
                  "a.j2k", "b.pgx")
        head, body = out.split(b"\n", 1)
        return np.frombuffer(body, (">" if b" ML " in head else "<") + ("i" if signed else "u") + ("1" if bits <= 8 else "2")).reshape(shape)
    out = run(lambda p: [put(p[0], stream), ["opj_decompress", "-i", p[0], "-o", p[1]]], "a.j2k", "b.rawl")
    return np.moveaxis(np.frombuffer(out, "<u1" if bits <= 8 else "<u2").reshape(shape[2], shape[0], shape[1]), 0, -1)


for bits in (1, 2, 5, 8, 9, 10, 12, 13, 14, 15, 16):
    a = pixels(37, 45, bits)
    add(f"openjpeg u{bits}", wrap(header(a, bits), opj(a, bits), J2K), a)
for bits in (8, 12, 16):
    a = pixels(37, 45, bits, "i")
    add(f"openjpeg i{bits}", wrap(header(a, bits), opj(a, bits), J2K), a)
a = pixels(37, 45, 12)
add("openjpeg boxes", wrap(header(a, 12), opj(a, 12, ending="jp2"), J2K), a)
add("openjpeg part 2 UID", wrap(header(a, 12), opj(a, 12), PART2), a)
add("openjpeg tiles", wrap(header(a, 12), opj(a, 12, "-t", "16,16", "-n", "3"), J2K), a)
add("openjpeg tiles in parts", wrap(header(a, 12), opj(a, 12, "-t", "32,32", "-n", "3", "-TP", "R"), J2K), a)
add("openjpeg one resolution", wrap(header(a, 12), opj(a, 12, "-n", "1"), J2K), a)
add("openjpeg offset", wrap(header(a, 12), opj(a, 12, "-d", "13,7"), J2K), a)
add("openjpeg SOP EPH RPCL precincts", wrap(header(a, 12), opj(a, 12, "-SOP", "-EPH", "-p", "RPCL", "-c", "[64,64],[32,32]"), J2K), a)
add("openjpeg layers", wrap(header(a, 12), opj(a, 12, "-r", "20,10,1"), J2K), a)
add("openjpeg arithmetic bypass, termination", wrap(header(a, 12), opj(a, 12, "-M", "63"), J2K), a)
for bits in (8, 16):
    c = pixels(30, 33, bits, samples=3)
    add(f"openjpeg RGB u{bits} RCT", wrap(header(c, bits, photometric="YBR_RCT"), opj(c, bits, "-n", "4", "-mct", "1"), J2K), c)
    add(f"openjpeg RGB u{bits}", wrap(header(c, bits), opj(c, bits, "-n", "4", "-mct", "0"), J2K), c)
c = pixels(30, 34, 8, samples=3)
half = c[::2, ::2, :]
add("openjpeg 4:2:0", wrap(header(c, 8, photometric="YBR_FULL"),
                           opj(c, 8, "-n", "4", "-mct", "0", sampling="1x1:2x2:2x2", data=c[..., 0].tobytes() + half[..., 1].tobytes() + half[..., 2].tobytes()), J2K),
    np.stack([c[..., 0]] + [np.repeat(np.repeat(half[..., i], 2, 0), 2, 1) for i in (1, 2)], -1))

# Where stream and header disagree.
b = pixels(37, 45, 12, "i")
add("openjpeg i12, the stream says unsigned", wrap(header(b, 12), opj(b.view("u2") & 0xFFF, 12, signed=False), J2K), b)
add("openjpeg u12, the stream says signed", wrap(header(a, 12), opj((a.astype("i4") ^ 0x800).astype("i2") - 0x800, 12, signed=True), J2K),
    (a.astype("i4") ^ 0x800) - 0x800 & 0xFFF)
add("openjpeg u12 in 16 coded", wrap(header(a, 12), opj(a, 16), J2K), a)
add("openjpeg i12 in 16 coded", wrap(header(b, 12), opj(b, 16), J2K), b)
add("openjpeg i12 in 16 coded, the stream says unsigned", wrap(header(b, 12), opj(b.view("u2"), 16, signed=False), J2K), b)
add("openjpeg u10 of 16 stored", wrap(header(a >> 2, 16), opj(a >> 2, 10), J2K), a >> 2)
add("openjpeg i12 of 16 stored", wrap(header(b, 16), opj(b, 12), J2K), b)
add("openjpeg u12, Bits Stored says 10", wrap(header(a, 10), opj(a, 12), J2K), a)
add("openjpeg u12, left-aligned", wrap(header(a, 12, high=15), opj((a << 4).astype("u2"), 16), J2K), a)
add("openjpeg u8 in 16 allocated", wrap(header(a >> 4, 8, allocated=16), opj((a >> 4).astype("u1"), 8), J2K), a >> 4)

for name, x, bits, flags in (("u12", pixels(61, 53, 12, noise=0.01), 12, ()), ("u16", pixels(61, 53, 16, noise=0.01), 16, ()),
                             ("i12", pixels(61, 53, 12, "i", noise=0.01), 12, ()), ("RGB u8 ICT", pixels(61, 53, 8, samples=3, noise=0.01), 8, ("-n", "4", "-mct", "1"))):
    stream = opj(x, bits, "-I", "-r", "8", *flags)
    y = opj_back(stream, x.shape, bits, x.dtype.kind == "i")
    assert 0 < np.abs(y.astype(int) - x).max() < (1 << bits) / 4, (name, np.abs(y.astype(int) - x).max())
    add(f"openjpeg lossy {name}", wrap(header(x, bits, photometric="YBR_ICT" if flags else None), stream, J2KI), y, 1)

# At a reduced resolution, by opj_decompress -r: 61 x 53 fills a square of 30 with one level left out, of 15 with two, of 60 with none.
for side, levels in ((60, 0), (30, 1), (15, 2)):
    x = pixels(61, 53, 12)
    stream = opj(x, 12, "-n", "4")
    add(f"reduced {side} {levels}", wrap(header(x, 12), stream, J2K), opj_back(stream, (-(-61 >> levels), -(-53 >> levels)), 12, reduce=levels))
x = pixels(61, 53, 12)
stream = opj(x, 12, "-n", "2")
add("reduced 8 1", wrap(header(x, 12), stream, J2K), opj_back(stream, (31, 27), 12, reduce=1))  # it has one level only


# --- JPEG XL by libjxl -------------------------------------------------------------------------------------------------------------
def pnm(a, bits):
    # cjxl 0.7 takes samples for parts of the full range of their 8 or 16 bits, whatever the largest value that the picture declares.
    full = 255 if bits <= 8 else 65535
    a = (a.astype("u8") * full + ((1 << bits) - 1) // 2) // ((1 << bits) - 1)
    head = f"P{6 if a.ndim == 3 else 5}\n{a.shape[1]} {a.shape[0]}\n{(1 << bits) - 1}\n".encode()
    return head + a.astype(">u2" if bits > 8 else "u1").tobytes()


def from_pnm(data):
    kind, size, top, body = data.split(b"\n", 3)
    w, h = map(int, size.split())
    a = np.frombuffer(body, ">u2" if int(top) > 255 else "u1")
    return a.reshape((h, w, 3) if kind == b"P6" else (h, w))


def cjxl(source, name, *flags): return run(lambda p: [put(p[0], source), ["cjxl", p[0], p[1], *flags]], name, "b.jxl")


def lossless(a, bits, *flags):
    end = "ppm" if a.ndim == 3 else "pgm"
    stream = cjxl(pnm(a, bits), "a." + end, "-d", "0", *flags)
    full = 255 if bits <= 8 else 65535
    decoded = from_pnm(run(lambda p: [put(p[0], stream), ["djxl", p[0], p[1], f"--bits_per_sample={8 if bits <= 8 else 16}"]], "a.jxl", "b." + end))
    assert np.array_equal((decoded.astype("u8") * ((1 << bits) - 1) + full // 2) // full, a)
    return stream


def djxl(stream, end): return from_pnm(run(lambda p: [put(p[0], stream), ["djxl", p[0], p[1]]], "a.jxl", "b." + end))


for bits in (2, 4, 8, 9, 10, 12, 14, 16):
    x = pixels(41, 35, bits)
    add(f"libjxl u{bits}", wrap(header(x, bits), lossless(x, bits), JXL), x)
for bits in (8, 12, 16):
    x = pixels(41, 35, bits, samples=3)
    add(f"libjxl RGB u{bits}", wrap(header(x, bits), lossless(x, bits), JXL), x)
x = pixels(41, 35, 12)
add("libjxl boxes", wrap(header(x, 12), lossless(x, 12, "--container=1"), JXLI), x)
add("libjxl u12 of 16 stored", wrap(header(x, 16), lossless(x, 12), JXL), x)
add("libjxl u12 in 16 coded", wrap(header(x, 12), lossless(x, 16), JXL), x)
add("libjxl u8 in 16 allocated", wrap(header(x >> 4, 8, allocated=16), lossless(x >> 4, 8), JXL), x >> 4)
y = pixels(41, 35, 12, "i")
add("libjxl i12", wrap(header(y, 12), lossless(y.view("u2") & 0xFFF, 12), JXL), y)
z = pixels(64, 56, 16, noise=0.01)
stream = cjxl(pnm(z, 16), "a.pgm", "-d", "0.5")
add("libjxl lossy u16", wrap(header(z, 16), stream, JXLI), djxl(stream, "pgm"), 1)
for end, c in (("pgm", pixels(64, 56, 8, noise=0.02)), ("ppm", pixels(64, 56, 8, samples=3, noise=0.02))):
    jpeg = run(lambda p: [put(p[0], pnm(c, 8)), ["convert", p[0], "-quality", "90", p[1]]], "a." + end, "b.jpg")
    stream = cjxl(jpeg, "a.jpg", "--lossless_jpeg=1")
    add(f"libjxl from JPEG {end}", wrap(header(c, 8), stream, JXLJ), djxl(stream, end), 1)

with gzip.GzipFile(os.path.join(HERE, "native-cases.csv.gz"), "wb", 9, mtime=0) as f:
    for case in cases: f.write((",".join(v.replace(",", ";") for v in case) + "\n").encode())
print(len(cases), "cases", {w: sum(c[0].startswith(w + " ") for c in cases) for w in ("charls", "openjpeg", "libjxl")})
