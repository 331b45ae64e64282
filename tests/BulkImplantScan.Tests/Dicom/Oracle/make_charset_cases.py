#!/usr/bin/env python3
"""Makes charset-cases.csv.gz: text as pydicom reads it by Specific Character Set.

    python3 make_charset_cases.py      (pydicom 2.3; writes beside itself)

A line: terms of (0008,0005) separated by backslash, bytes in hex, text as UTF-16 big endian in hex. Strings are drawn from the
whole repertoire of each set, encoded and decoded again by pydicom; those that it cannot carry there and back, or warns of, are
left out. So are two characters of GB 2312 (A1A4, A1AA), for which tables of Unicode differ, and random strings that happen to be
UTF-8, which we read as such under other sets (SpecificCharacterSetTests has that).
"""
import gzip
import os
import random
import warnings

from pydicom.charset import convert_encodings, decode_bytes, encode_string
from pydicom.valuerep import TEXT_VR_DELIMS

SINGLE = [100, 101, 109, 110, 144, 127, 126, 138, 148, 166]
ASCII = [chr(c) for c in range(0x20, 0x7F) if chr(c) not in "\\~"]


def repertoire(codec, pairs, lead=""):
    found = []
    for raw in pairs:
        try:
            text = (lead.encode("latin-1") + raw).decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) == 1 and ord(text) < 0xE000 and text not in "・―·—":
            found.append(text)
    return found


def single(codec):
    return repertoire(codec, (bytes([b]) for b in range(0xA1, 0x100)))


def g1(codec):
    return repertoire(codec, (bytes([a, b]) for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF)))


def g0(codec, escape):
    return repertoire(codec, (bytes([a, b]) for a in range(0x21, 0x7F) for b in range(0x21, 0x7F)), escape)


KANJI, MORE_KANJI = g0("iso2022_jp", "\x1b$B"), g0("iso2022_jp_2", "\x1b$(D")
KANA = [chr(c) for c in range(0xFF61, 0xFFA0)]
HANGUL, HANZI = g1("euc_kr"), g1("gb2312")
GBK = repertoire("gbk", (bytes([a, b]) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF)))
HAN = [chr(c) for c in range(0x4E00, 0x9FA6)]
WORDS = ["Hüfte", "Becken", "HIP AP", "骨盆", "髋", "股関節", "таз", "тазобедренный сустав", "고관절", "L HIP LAT", "Ø 12", "csípő"]


def cases(rng):
    for number in SINGLE:
        codec = convert_encodings([f"ISO_IR {number}"])[0]
        for _ in range(40):
            yield [f"ISO_IR {number}"], draw(rng, [ASCII, single(codec)])
            yield [f"ISO 2022 IR {number}"], draw(rng, [ASCII, single(codec)])
            other = rng.choice(SINGLE)
            letters = single(convert_encodings([f"ISO_IR {other}"])[0])
            yield [f"ISO 2022 IR {number}", f"ISO 2022 IR {other}"], draw(rng, [ASCII, single(codec), letters])
            yield ["", f"ISO 2022 IR {number}"], draw(rng, [ASCII, single(codec)])
    for _ in range(150):
        yield ["ISO_IR 13"], draw(rng, [ASCII, KANA])
        yield ["", "ISO 2022 IR 87"], draw(rng, [ASCII, KANJI])
        yield ["", "ISO 2022 IR 87", "ISO 2022 IR 159"], draw(rng, [ASCII, KANJI, MORE_KANJI])
        yield ["ISO 2022 IR 13", "ISO 2022 IR 87"], draw(rng, [ASCII, KANA, KANJI])
        yield ["ISO 2022 IR 6", "ISO 2022 IR 159"], draw(rng, [ASCII, MORE_KANJI])
        yield ["", "ISO 2022 IR 149"], draw(rng, [ASCII, HANGUL])
        yield ["ISO 2022 IR 149"], draw(rng, [HANGUL])
        yield ["", "ISO 2022 IR 58"], draw(rng, [ASCII, HANZI])
        yield ["GB18030"], draw(rng, [ASCII, GBK, HAN])
        yield ["GBK"], draw(rng, [ASCII, GBK])
        yield ["ISO_IR 192"], draw(rng, [ASCII, KANJI, HANGUL, HAN, single("latin_1"), single("iso8859_5"), ["𠮟", "🦴"]])
    for terms in (["ISO_IR 100"], ["ISO_IR 144"], ["ISO_IR 192"], ["GB18030"], ["", "ISO 2022 IR 87"], ["", "ISO 2022 IR 149"], ["ISO_IR 101"]):
        for word in WORDS:
            yield terms, word


def draw(rng, alphabets):
    parts = []
    for _ in range(rng.randint(1, 4)):
        alphabet = rng.choice(alphabets)
        parts.append("".join(rng.choice(alphabet) for _ in range(rng.randint(1, 6))))
    return "".join(parts).strip()


def is_utf8_by_chance(raw, terms):
    if terms == ["ISO_IR 192"] or b"\x1b" in raw or raw.isascii():
        return False
    try:
        raw.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def main():
    warnings.simplefilter("error")
    rng = random.Random(20230508)
    lines = []
    for terms, text in cases(rng):
        encodings = convert_encodings(list(terms))
        try:
            raw = encode_string(text, encodings)
            decoded = decode_bytes(raw, encodings, TEXT_VR_DELIMS)
        except (Warning, UnicodeError, ValueError):
            continue
        if decoded != text or not raw or is_utf8_by_chance(raw, terms):
            continue
        lines.append(",".join(["\\".join(terms), raw.hex(), text.encode("utf-16-be").hex()]))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "charset-cases.csv.gz")
    with open(path, "wb") as file, gzip.GzipFile("", "wb", mtime=0, fileobj=file) as packed:
        packed.write(("\n".join(dict.fromkeys(lines)) + "\n").encode())
    print(len(set(lines)), "cases")


main()
