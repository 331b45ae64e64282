#!/usr/bin/python3
"""Writes picture-cases.csv.gz beside this file: small pictures (base64) and the samples that other programs decode from them.

name,page,rows,columns,samples,bits,inverted,notes,tolerance,file,pixels   (pixels: base64, little endian, 16 bits each, interleaved;
grey pictures written as colour are expected with one sample). PNG: written by Pillow, ImageMagick and the plain writer below, whose
samples are known; Pillow or OpenCV must agree before a case is written. JPEG: Pillow and DCMTK (12 bits). TIFF: Pillow, tiffcp, tiffset,
ImageMagick; Pillow or OpenCV must agree.

Needs Debian's python3-pil, python3-opencv, python3-numpy, python3-pydicom, dcmtk, imagemagick, libtiff-tools. Run with the system
interpreter.
"""
import base64, gzip, io, os, struct, subprocess, tempfile, zlib
import cv2, numpy as np, pydicom
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20240301)
cases = []


def scene(rows=29, cols=37, bits=8, samples=1, noise=0.03):
    top = (1 << bits) - 1
    y, x = np.mgrid[0:rows, 0:cols]
    planes = [top * (0.5 + 0.4 * np.sin(x / (5 + 3 * s)) * np.cos(y / (4 + s))) + rng.normal(0, noise * top, (rows, cols)) for s in range(samples)]
    a = np.clip(np.rint(np.stack(planes, -1)), 0, top).astype(np.uint8 if bits <= 8 else np.uint16)
    return a[..., 0] if samples == 1 else a


def add(name, data, array, bits, page=1, inverted=False, notes="", tolerance=0):
    a = np.asarray(array)
    if a.ndim == 3 and (a[..., 0] == a[..., 1]).all() and (a[..., 0] == a[..., 2]).all(): a = a[..., 0]
    samples = 1 if a.ndim == 2 else a.shape[2]
    cases.append(",".join([name, str(page), str(a.shape[0]), str(a.shape[1]), str(samples), str(bits), str(int(inverted)), notes, str(tolerance),
        base64.b64encode(data).decode(), base64.b64encode(np.ascontiguousarray(a).astype("<u2").tobytes()).decode()]))


def tool(data, *command, suffix=""):
    with tempfile.TemporaryDirectory() as t:
        a, b = os.path.join(t, "a" + suffix), os.path.join(t, "b" + suffix)
        if data is not None: open(a, "wb").write(data)
        subprocess.run([c.format(a=a, b=b) for c in command], check=True, stderr=subprocess.PIPE)
        return open(b if os.path.exists(b) else a, "rb").read()


def pillow(array, format, mode=None, **options):
    f = io.BytesIO(); Image.fromarray(array, mode).save(f, format, **options)
    return f.getvalue()


def opencv(data):
    a = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return a if a is None or a.ndim == 2 else a[..., [2, 1, 0] + list(range(3, a.shape[2]))]


def libtiff(data):
    """Through tiffcp, which undoes compression, order and tiles, then OpenCV."""
    return opencv(tool(data, "tiffcp", "-L", "-c", "none", "-s", "-p", "contig", "{a}", "{b}"))


def on_black(colour, alpha, top):
    return ((colour.astype(np.uint64) * (alpha if colour.ndim == 2 else alpha[..., None]).astype(np.uint64) + top // 2) // top).astype(colour.dtype)


# --- PNG ----------------------------------------------------------------------------------------------------------------------
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(row, bits):
    if bits == 16: return row.astype(">u2").tobytes()
    if bits == 8: return row.astype(np.uint8).tobytes()
    flat = row.reshape(-1); width = 8 // bits
    flat = np.concatenate([flat, np.zeros(-len(flat) % width, flat.dtype)]).reshape(-1, width)
    return bytes(sum(int(v) << (8 - bits * (i + 1)) for i, v in enumerate(group)) for group in flat)


def filtered(rows, step):
    """Each row with the next of the five filters, so that all are used."""
    out, above = [], None
    for n, row in enumerate(rows):
        r = np.frombuffer(row, np.uint8).astype(int)
        up = np.zeros_like(r) if above is None else above
        left = np.concatenate([np.zeros(min(step, len(r)), int), r[:-step]])[:len(r)]
        corner = np.concatenate([np.zeros(min(step, len(r)), int), up[:-step]])[:len(r)]
        p = left + up - corner
        paeth = np.where((abs(p - left) <= abs(p - up)) & (abs(p - left) <= abs(p - corner)), left, np.where(abs(p - up) <= abs(p - corner), up, corner))
        prediction = [0, left, up, (left + up) // 2, paeth][n % 5]
        out.append(bytes([n % 5]) + ((r - prediction) & 255).astype(np.uint8).tobytes()); above = r
    return b"".join(out)


def png(array, colour, bits, interlaced=False, more=b"", pieces=1):
    rows, cols = array.shape[:2]; channels = 1 if array.ndim == 2 else array.shape[2]
    step = max(1, bits * channels // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    raw = b""
    for x, y, dx, dy in passes:
        part = array[y::dy, x::dx]
        if part.size: raw += filtered([pack(r, bits) for r in part], step)
    data = zlib.compress(raw, 6)
    cut = [len(data) * i // pieces for i in range(pieces + 1)]
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", cols, rows, bits, colour, 0, 0, int(interlaced))) + \
        chunk(b"tEXt", b"Comment\0nothing") + more + b"".join(chunk(b"IDAT", data[a:b]) for a, b in zip(cut, cut[1:])) + chunk(b"IEND", b"")


for interlaced in (False, True):
    tag = "-interlaced" if interlaced else ""
    for bits in (1, 2, 4, 8, 16):
        a = scene(bits=bits); data = png(a, 0, bits, interlaced, pieces=3)
        seen = opencv(data)
        assert (seen == (a if bits >= 8 else a.astype(int) * 255 // ((1 << bits) - 1))).all(), bits
        add(f"png-grey{bits}{tag}", data, a, bits)
    for bits in (8, 16):
        top = (1 << bits) - 1
        a = scene(bits=bits, samples=3); data = png(a, 2, bits, interlaced); assert (opencv(data) == a).all()
        add(f"png-rgb{bits}{tag}", data, a, bits)
        g = scene(bits=bits); data = png(np.stack([g] * 3, -1), 2, bits, interlaced)
        add(f"png-rgb{bits}-of-grey{tag}", data, g, bits)
        b = scene(bits=bits, samples=4); data = png(b, 6, bits, interlaced); assert (opencv(data) == b).all()
        add(f"png-rgba{bits}{tag}", data, on_black(b[..., :3], b[..., 3], top), bits, notes="alpha")
        b[..., 3] = top; add(f"png-rgba{bits}-opaque{tag}", png(b, 6, bits, interlaced), b[..., :3], bits)
        b = scene(bits=bits, samples=2); data = png(b, 4, bits, interlaced)
        if bits == 8: assert (np.asarray(Image.open(io.BytesIO(data))) == b).all()
        add(f"png-greyalpha{bits}{tag}", data, on_black(b[..., 0], b[..., 1], top), bits, notes="alpha")
    for bits in (1, 2, 4, 8):
        palette = rng.integers(0, 256, (1 << bits, 3), dtype=np.uint8)
        a = scene(bits=bits); data = png(a, 3, bits, interlaced, chunk(b"PLTE", palette.tobytes()))
        assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) == palette[a]).all()
        add(f"png-palette{bits}{tag}", data, palette[a], 8)

ramp = np.stack([np.arange(256, dtype=np.uint8)] * 3, -1)
a = scene(); add("png-palette-of-grey", png(a, 3, 8, more=chunk(b"PLTE", ramp.tobytes())), a, 8)
alpha = rng.integers(0, 256, 200, dtype=np.uint8)
full = np.concatenate([alpha, np.full(56, 255, np.uint8)])
add("png-palette-trns", png(a, 3, 8, more=chunk(b"PLTE", ramp.tobytes()) + chunk(b"tRNS", alpha.tobytes())), on_black(a, full[a], 255), 8, notes="alpha")
add("png-grey-trns", png(a, 0, 8, more=chunk(b"tRNS", struct.pack(">H", int(a[3, 3])))), np.where(a == a[3, 3], 0, a), 8, notes="alpha")
b = scene(bits=16, samples=3)
add("png-rgb16-trns", png(b, 2, 16, more=chunk(b"tRNS", b[2, 2].astype(">u2").tobytes())), np.where((b == b[2, 2]).all(-1)[..., None], 0, b), 16, notes="alpha")
for rows, cols in ((1, 1), (1, 9), (9, 1), (3, 2), (8, 8), (5, 5)):
    a = scene(rows, cols, 16); add(f"png-{rows}x{cols}-interlaced", png(a, 0, 16, True), a, 16)
    a = scene(rows, cols, 1); add(f"png-{rows}x{cols}-bit", png(a, 0, 1), a, 1)
a = scene(29, 37); add("png-pillow", pillow(a, "PNG", optimize=True), a, 8)
a = scene(29, 37, 12); data = pillow(a, "PNG"); assert (opencv(data) == a).all(); add("png-pillow-12-in-16", data, a, 16)
data = tool(pillow(scene(29, 37, 8, 3), "PNG"), "convert", "{a}", "-interlace", "PNG", "-strip", "-define", "png:color-type=2", "PNG:{b}")
add("png-imagemagick-interlaced", data, opencv(data), 8)


# --- JPEG ---------------------------------------------------------------------------------------------------------------------
def luminance(data):
    i = Image.open(io.BytesIO(data)); i.draft("L", i.size)
    return np.asarray(i)


for quality in (30, 75, 95):
    for rows, cols in ((32, 24), (29, 37)):
        a = scene(rows, cols); data = pillow(a, "JPEG", quality=quality); add(f"jpeg-grey-{quality}-{rows}", data, luminance(data), 8, tolerance=2)
        data = pillow(a, "JPEG", quality=quality, progressive=True); add(f"jpeg-grey-progressive-{quality}-{rows}", data, luminance(data), 8, tolerance=2)
        b = scene(rows, cols, 8, 3)
        for subsampling in (0, 1, 2):
            data = pillow(b, "JPEG", quality=quality, subsampling=subsampling)
            add(f"jpeg-ycc-{quality}-{rows}-s{subsampling}", data, luminance(data), 8, notes="luminance", tolerance=2)
            data = pillow(b, "JPEG", quality=quality, subsampling=subsampling, progressive=True)
            add(f"jpeg-ycc-progressive-{quality}-{rows}-s{subsampling}", data, luminance(data), 8, notes="luminance", tolerance=2)
a = scene(29, 37)
data = pillow(np.stack([a] * 3, -1), "JPEG", quality=90); add("jpeg-ycc-of-grey", data, luminance(data), 8, tolerance=2)
data = tool(pillow(a, "PNG"), "convert", "{a}", "-sampling-factor", "1x1", "-quality", "80", "-define", "jpeg:restart-interval=4", "JPEG:{b}")
add("jpeg-imagemagick", data, luminance(data), 8, tolerance=2)
b = scene(29, 37, 8, 3); data = pillow(b, "JPEG", quality=90, subsampling=0)
adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
data = data[:2] + adobe + data[20:]  # in the place of JFIF's: the three components are red, green and blue, says Adobe
add("jpeg-adobe-rgb", data, np.asarray(Image.open(io.BytesIO(data))), 8, tolerance=2)
for orientation in range(1, 9):
    exif = Image.Exif(); exif[0x0112] = orientation
    data = pillow(scene(24, 32), "JPEG", quality=95, exif=exif)
    add(f"jpeg-orientation-{orientation}", data, np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))), 8,
        notes="oriented" if orientation > 1 else "", tolerance=2)

d = pydicom.Dataset(); d.file_meta = pydicom.dataset.FileMetaDataset(); a = scene(29, 37, 12, noise=0.01)
d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
d.Rows, d.Columns, d.SamplesPerPixel, d.PhotometricInterpretation = a.shape[0], a.shape[1], 1, "MONOCHROME2"
d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"; d.is_little_endian, d.is_implicit_VR = True, False; d.PixelData = a.tobytes()
f = io.BytesIO(); pydicom.dcmwrite(f, d, write_like_original=False)
compressed = tool(f.getvalue(), "dcmcjpeg", "+ee", "{a}", "{b}")
item = pydicom.dcmread(io.BytesIO(compressed)).PixelData
first = 8 + struct.unpack("<I", item[4:8])[0]  # behind the offset table
data = item[first + 8:first + 8 + struct.unpack("<I", item[first + 4:first + 8])[0]]
decoded = pydicom.dcmread(io.BytesIO(tool(compressed, "dcmdjpeg", "{a}", "{b}")))
add("jpeg-12-bits", data, np.frombuffer(decoded.PixelData, "<u2").reshape(a.shape), 12, tolerance=2)

# --- TIFF ---------------------------------------------------------------------------------------------------------------------
plain = {8: scene(29, 37), 16: scene(29, 37, 16), "rgb": scene(29, 37, 8, 3)}
for key, array in plain.items():
    base, bits = pillow(array, "TIFF"), 16 if key == 16 else 8
    for order in ("-L", "-B"):
        for compression in ("none", "lzw", "lzw:2", "zip", "zip:2", "packbits"):
            for layout in (["-r", "7"], ["-r", "1000"], ["-t", "-w", "16", "-l", "16"]):
                data = tool(base, "tiffcp", order, "-c", compression, *layout, "{a}", "{b}")
                assert (libtiff(data) == array).all()
                add(f"tiff-{key}{order}-{compression}-{layout[0][1]}{layout[1][:2].strip('-')}", data, array, bits)
    add(f"tiff-{key}-pillow", base, array, bits)
rgb16 = scene(29, 37, 16, 3)
data = cv2.imencode(".tif", rgb16[..., ::-1])[1].tobytes(); assert (libtiff(data) == rgb16).all(); add("tiff-rgb16-opencv", data, rgb16, 16)
for layout in (["-r", "7"], ["-t", "-w", "16", "-l", "16"]):
    data = tool(pillow(plain["rgb"], "TIFF"), "tiffcp", "-p", "separate", "-c", "lzw", *layout, "{a}", "{b}")
    assert (opencv(tool(data, "tiff2rgba", "-c", "none", "{a}", "{b}"))[..., :3] == plain["rgb"]).all()
    add("tiff-rgb-separate" + layout[0], data, plain["rgb"], 8)
data = tool(pillow(plain[8], "TIFF"), "tiffcp", "-c", "jpeg:r:90", "-r", "16", "{a}", "{b}")
add("tiff-jpeg-grey", data, np.asarray(Image.open(io.BytesIO(data))), 8, tolerance=2)
data = tool(pillow(plain[8], "TIFF"), "tiffcp", "-c", "jpeg:90", "-t", "-w", "32", "-l", "32", "{a}", "{b}")
add("tiff-jpeg-grey-tiles", data, np.asarray(Image.open(io.BytesIO(data))), 8, tolerance=2)
data = tool(pillow(plain["rgb"], "TIFF"), "tiffcp", "-c", "jpeg:r:90", "-r", "16", "{a}", "{b}")
add("tiff-jpeg-rgb", data, np.asarray(Image.open(io.BytesIO(data))), 8, tolerance=2)
data = tool(pillow(plain["rgb"], "TIFF"), "tiffcp", "-c", "jpeg:90", "-r", "16", "{a}", "{b}")
seen = Image.open(io.BytesIO(data)); assert seen.tag_v2[262] == 6
add("tiff-jpeg-ycc", data, np.asarray(seen.convert("L")), 8, notes="luminance", tolerance=4)  # by way of RGB: two more roundings
data = tool(pillow(plain[16], "TIFF"), "tiffset", "-s", "262", "0", "{a}"); add("tiff-16-min-is-white", data, plain[16], 16, inverted=True)
for orientation in range(2, 9):
    data = tool(pillow(plain[8], "TIFF"), "tiffset", "-s", "274", str(orientation), "{a}")
    i = Image.fromarray(plain[8]); i.getexif()[0x0112] = orientation
    add(f"tiff-orientation-{orientation}", data, np.asarray(ImageOps.exif_transpose(i)), 8, notes="oriented")
bit = scene(29, 37, 1); data = pillow(bit.astype(bool), "TIFF"); assert (np.asarray(Image.open(io.BytesIO(data))) == bit).all(); add("tiff-1-bit", data, bit, 1)
four = scene(29, 37, 4)
data = tool(pillow(four * 17, "PNG"), "convert", "{a}", "-depth", "4", "-compress", "none", "TIFF:{b}")
assert Image.open(io.BytesIO(data)).tag_v2[258] == (4,); add("tiff-4-bit", data, four, 4)
i = Image.fromarray(scene(29, 37)); i = i.convert("RGB").convert("P", palette=Image.ADAPTIVE, colors=16)
i.putpalette(rng.integers(0, 256, 48, dtype=np.uint8).tobytes()); f = io.BytesIO(); i.save(f, "TIFF"); add("tiff-palette", f.getvalue(), np.asarray(i.convert("RGB")), 8)
rgba = scene(29, 37, 8, 4); add("tiff-rgba", pillow(rgba, "TIFF"), on_black(rgba[..., :3], rgba[..., 3], 255), 8, notes="alpha")
pages = [Image.fromarray(scene(20 + 5 * n, 30)) for n in range(3)]
f = io.BytesIO(); pages[0].save(f, "TIFF", save_all=True, append_images=pages[1:])
for n, page in enumerate(pages): add(f"tiff-page-{n + 1}", f.getvalue(), np.asarray(page), 8, page=n + 1)

with open(os.path.join(HERE, "picture-cases.csv.gz"), "wb") as out:
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as z:
        z.write("\n".join(cases).encode() + b"\n")
print(len(cases), "cases", os.path.getsize(os.path.join(HERE, "picture-cases.csv.gz")), "bytes")
