#!/usr/bin/python3
"""Writes jpeg-ls-cases.csv.gz beside this file: JPEG-LS codestreams by CharLS, and the SHA-256 of what CharLS decodes from them.

A line: name, rows, columns, bits of a sample, SHA-256 of the samples as little-endian 16-bit words, base64 of the codestream.
Lossless cases are also held to the pixels that were encoded. Needs Debian's libcharls2 and python3-numpy.
"""
import base64, ctypes as C, gzip, hashlib, io, os
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
lib = C.CDLL("libcharls.so.2")
for name in ("charls_jpegls_encoder_create", "charls_jpegls_decoder_create"):
    getattr(lib, name).restype = C.c_void_p


class Frame(C.Structure):
    _fields_ = [("width", C.c_uint32), ("height", C.c_uint32), ("bits", C.c_int32), ("components", C.c_int32)]


class Preset(C.Structure):
    _fields_ = [(n, C.c_int32) for n in ("maxval", "t1", "t2", "t3", "reset")]


def check(result):
    assert result == 0, result


def encode(a, bits, near=0, preset=None):
    e = C.c_void_p(lib.charls_jpegls_encoder_create())
    out = C.create_string_buffer(4096 + a.size * 8)
    check(lib.charls_jpegls_encoder_set_frame_info(e, C.byref(Frame(a.shape[1], a.shape[0], bits, 1))))
    check(lib.charls_jpegls_encoder_set_near_lossless(e, near))
    if preset: check(lib.charls_jpegls_encoder_set_preset_coding_parameters(e, C.byref(Preset(*preset))))
    check(lib.charls_jpegls_encoder_set_destination_buffer(e, out, C.c_size_t(len(out))))
    data = np.ascontiguousarray(a.astype("<u1" if bits <= 8 else "<u2"))
    check(lib.charls_jpegls_encoder_encode_from_buffer(e, C.c_void_p(data.ctypes.data), C.c_size_t(data.nbytes), C.c_uint32(0)))
    n = C.c_size_t()
    check(lib.charls_jpegls_encoder_get_bytes_written(e, C.byref(n)))
    lib.charls_jpegls_encoder_destroy(e)
    return out.raw[: n.value]


def decode(stream, shape, bits):
    d = C.c_void_p(lib.charls_jpegls_decoder_create())
    a = np.zeros(shape, "<u1" if bits <= 8 else "<u2")
    check(lib.charls_jpegls_decoder_set_source_buffer(d, stream, C.c_size_t(len(stream))))
    check(lib.charls_jpegls_decoder_read_header(d))
    check(lib.charls_jpegls_decoder_decode_to_buffer(d, C.c_void_p(a.ctypes.data), C.c_size_t(a.nbytes), C.c_uint32(0)))
    lib.charls_jpegls_decoder_destroy(d)
    return a.astype("<u2")


rng = np.random.default_rng(20061995)
cases = []


def add(name, a, bits, **how):
    stream = encode(a, bits, **how)
    back = decode(stream, a.shape, bits)
    near = how.get("near", 0)
    assert np.abs(back.astype(int) - a.astype(int)).max() <= near, name
    cases.append((name, *a.shape, bits, hashlib.sha256(back.tobytes()).hexdigest(), base64.b64encode(stream).decode()))


def picture(kind, rows, cols, top):
    y, x = np.mgrid[0:rows, 0:cols]
    a = {
        "smooth": top * (0.5 + 0.45 * np.sin(x / 17) * np.cos(y / 11)),
        "film": top * (0.5 + 0.4 * np.sin(x / 9) * np.cos(y / 7)) + rng.normal(0, 0.02 * top, (rows, cols)),
        "noise": rng.integers(0, top + 1, (rows, cols)),
        "flat": np.full((rows, cols), top // 3),
        "steps": (x // 13 + y // 5) % 3 * (top // 2),
        "border": np.where((x > cols // 4) & (y > rows // 4), rng.integers(0, top + 1, (rows, cols)), 0),
        "extremes": rng.integers(0, 2, (rows, cols)) * top,
    }[kind]
    return np.clip(np.rint(a), 0, top).astype(int)


for bits in range(2, 17):
    for kind in ("smooth", "film", "noise", "flat", "steps", "border", "extremes"):
        add(f"{kind} {bits} bits", picture(kind, 23, 41, (1 << bits) - 1), bits)
for rows, cols in ((1, 1), (1, 2), (2, 1), (1, 500), (300, 1), (3, 70)):
    for kind in ("film", "border", "flat"):
        add(f"{kind} {rows}x{cols}", picture(kind, rows, cols, 4095), 12)
for bits in (8, 10, 12, 16):
    for near in (1, 2, 3, 10, 100):
        for kind in ("film", "noise", "steps", "border"):
            add(f"{kind} {bits} bits near {near}", picture(kind, 19, 37, (1 << bits) - 1), bits, near=near)
for preset in ((0, 0, 0, 0, 0), (4095, 5, 60, 500, 31), (4095, 18, 67, 276, 3), (4095, 1, 1, 1, 255)):
    for near in (0, 2):
        if preset[1] == 1 and near: continue
        add(f"preset {preset[0]} {preset[1]} {preset[4]} near {near}", picture("film", 29, 31, preset[0] or 4095), 12, near=near, preset=preset)
add("long rows", picture("border", 4, 20000, 1023), 10)

text = io.BytesIO()
with gzip.GzipFile(fileobj=text, mode="wb", mtime=0) as f:
    for case in cases:
        f.write((",".join(map(str, case)) + "\n").encode())
open(os.path.join(HERE, "jpeg-ls-cases.csv.gz"), "wb").write(text.getvalue())
print(len(cases), "cases,", len(text.getvalue()), "bytes")
