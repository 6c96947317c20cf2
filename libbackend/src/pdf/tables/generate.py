#!/usr/bin/env python3
"""Packs the tables of the PDF engine into one file, from the data of the package pdfminer.six.

    generate.py OUTPUT

The file is an archive that `packed_tables.cpp` reads: a directory of named sections, each deflated by itself, so
that a program inflates only what its documents need. All integers are little-endian.

    u32 count, then for each section: u8 length and name, u32 offset, u32 packed size, u32 raw size

Sections:
    glyphs            (text name, text unicode)*
    encoding/NAME     256 x text; empty where the code has no character
    pdfdoc            256 x u16
    metrics           (text name, text font name, f64 descent, u16 count, (text unicode, u16 width)*)*
    code/NAME         u8 vertical, text name of the map that this one changes or empty, then for code lengths 1 to
                      4: varint count of ranges and the ranges (varint gap to the end of the range before, varint
                      codes - 1, zigzag cid relative to the cid after the range before)
    cid/NAME-H, -V    (varint gap to the cid before, text unicode)*
where `text` is u8 length and UTF-8.
"""
import gzip
import json
import struct
import sys
import zlib
from pathlib import Path

import pdfminer
from pdfminer.encodingdb import EncodingDB
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.glyphlist import glyphname2unicode
from pdfminer.utils import PDFDocEncoding


def text(value: str) -> bytes:
    raw = value.encode("utf-8")
    assert len(raw) < 256
    return bytes([len(raw)]) + raw


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> bytes:
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def glyph_section() -> bytes:
    return b"".join(text(name) + text(value) for name, value in sorted(glyphname2unicode.items()))


def encoding_section(table: dict) -> bytes:
    return b"".join(text(table.get(code, "")) for code in range(256))


def metrics_section() -> bytes:
    out = b""
    for name, (descriptor, widths) in sorted(FONT_METRICS.items()):
        out += text(name) + text(descriptor["FontName"]) + struct.pack("<dH", descriptor.get("Descent", 0), len(widths))
        out += b"".join(text(char) + struct.pack("<H", width) for char, width in widths.items())
    return out


def flatten(tree: dict, prefix: int = 0, length: int = 1):
    """Yields (code length, code, cid) of a tree that has a level a byte."""
    for byte, value in tree.items():
        code = prefix << 8 | int(byte)
        if isinstance(value, dict):
            yield from flatten(value, code, length + 1)
        else:
            yield length, code, value


def ranges(codes: list) -> list:
    """Joins (code, cid) pairs that grow together into [first code, first cid, count]."""
    out = []
    for code, cid in sorted(codes):
        if out and out[-1][0] + out[-1][2] == code and out[-1][1] + out[-1][2] == cid:
            out[-1][2] += 1
        else:
            out.append([code, cid, 1])
    return out


def code_section(codes: dict, vertical: bool, base_name: str, base: dict) -> bytes:
    """`codes` maps (length, code) to cid, and so does `base`, which `codes` covers."""
    assert base.keys() <= codes.keys()
    out = bytes([int(vertical)]) + text(base_name)
    for length in (1, 2, 3, 4):
        found = ranges([(key[1], cid) for key, cid in codes.items() if key[0] == length and base.get(key) != cid])
        out += varint(len(found))
        next_code = next_cid = 0
        for code, cid, count in found:
            out += varint(code - next_code) + varint(count - 1) + zigzag(cid - next_cid)
            next_code, next_cid = code + count, cid + count
    return out


def code_sections(cmaps: dict) -> dict:
    """A vertical map is stored as its differences from the horizontal one."""
    codes = {
        name: {(length, code): cid for length, code, cid in flatten(cmap["CODE2CID"])} for name, cmap in cmaps.items()
    }
    out = {}
    for name, cmap in cmaps.items():
        vertical = bool(cmap.get("IS_VERTICAL"))
        base_name = name[:-1] + "H" if vertical else ""
        if base_name not in codes or not codes[base_name].keys() <= codes[name].keys():
            base_name = ""
        out["code/" + name] = code_section(codes[name], vertical, base_name, codes.get(base_name, {}))
    return out


def cid_section(mapping: dict) -> bytes:
    out, before = b"", 0
    for cid, value in sorted((int(cid), value) for cid, value in mapping.items()):
        out += varint(cid - before) + text(value)
        before = cid
    return out


def sections() -> dict:
    out = {
        "glyphs": glyph_section(),
        "metrics": metrics_section(),
        "pdfdoc": b"".join(struct.pack("<H", ord(char)) for char in PDFDocEncoding),
    }
    for name, table in EncodingDB.encodings.items():
        out["encoding/" + name] = encoding_section(table)
    cmaps = {}
    for path in sorted((Path(pdfminer.__file__).parent / "cmap").glob("*.json.gz")):
        name = path.name[: -len(".json.gz")]
        cmap = json.loads(gzip.decompress(path.read_bytes()))
        if name.startswith("to-unicode-"):
            for direction in "HV":
                out[f"cid/{name[len('to-unicode-'):]}-{direction}"] = cid_section(cmap["CID2UNICHR_" + direction])
        else:
            cmaps[name] = cmap
    out.update(code_sections(cmaps))
    return out


def archive(parts: dict) -> bytes:
    packed = {name: zlib.compress(raw, 9) for name, raw in sorted(parts.items())}
    offset = 4 + sum(1 + len(name) + 12 for name in packed)
    directory, body = struct.pack("<I", len(packed)), b""
    for name, data in packed.items():
        directory += text(name) + struct.pack("<III", offset + len(body), len(data), len(parts[name]))
        body += data
    return directory + body


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(archive(sections()))
