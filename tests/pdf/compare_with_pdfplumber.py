#!/usr/bin/env python3
"""Compares what the engine finds in PDFs with what pdfplumber finds.

    compare_with_pdfplumber.py [--dump PROGRAM] [--password WORD] [--allow NAME]... FOLDER_OR_FILE...

Prints a line for each file and what agreed over all. The exit status is not 0 if a file disagrees whose name is not
allowed to. Also a module: test_oracle.py uses `differences()`.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pdfplumber

TOLERANCE = 0.01
SHAPES = ("lines", "rects", "curves")
ASPECTS = ("opening", "metadata", "page", "chars", *SHAPES, "images", "edges", "text", "words", "table_boxes", "tables")
ORIENTATIONS = {None: 0, "h": 1, "v": 2}


def default_dump() -> str:
    root = Path(__file__).resolve().parents[2]
    return os.environ.get("PDF_DUMP") or str(root / "build/release/bin/pdf_dump")


def box(item: dict) -> list:
    return [item["x0"], item["top"], item["x1"], item["bottom"]]


def python_text(text: str) -> str:
    """Lone surrogates, which UTF-8 has not, as the engine writes them."""
    return "".join("\ufffd" if 0xD800 <= ord(char) < 0xE000 else char for char in text)


def oracle_page(page, settings: dict) -> dict:
    out = {"rotation": page.rotation, "bbox": list(page.bbox), "cropbox": list(page.cropbox)}
    out["chars"] = [
        [python_text(c["text"]), str(c["fontname"]), c["size"], box(c), bool(c["upright"])] for c in page.chars
    ]
    for kind in SHAPES:
        out[kind] = [
            [box(s), bool(s["stroke"]), bool(s["fill"]), s["linewidth"], [list(p) for p in s["pts"]]]
            for s in getattr(page, kind)
        ]
    out["images"] = [box(i) for i in page.images]
    out["edges"] = [[box(e), ORIENTATIONS[e["orientation"]]] for e in page.edges]
    out["text"] = python_text(page.extract_text())
    out["words"] = [[python_text(w["text"]), box(w), bool(w["upright"])] for w in page.extract_words()]
    out["table_boxes"] = [list(t.bbox) for t in page.find_tables(settings)]
    out["tables"] = [
        [[cell if cell is None else python_text(cell) for cell in row] for row in table]
        for table in page.extract_tables(settings)
    ]
    return out


def oracle(path, password=None, settings=None) -> tuple:
    """(document, pages), where a page that pdfplumber fails on is None; or (None, None)."""
    try:
        with pdfplumber.open(path, password=password) as pdf:
            document = {"page_count": len(pdf.pages), "metadata": json.loads(json.dumps(pdf.metadata, default=str))}
            pages = []
            for page in pdf.pages:
                try:
                    pages.append(oracle_page(page, settings or {}))
                except Exception:  # noqa: BLE001: any of its failures
                    pages.append(None)
                page.close()
            return document, pages
    except Exception:  # noqa: BLE001
        return None, None


def engine(path, dump: str, password=None, strategy=None) -> tuple:
    command = [dump]
    if password:
        command += ["--password", password]
    if strategy:
        command += ["--table-settings", strategy]
    done = subprocess.run([*command, str(path)], capture_output=True, timeout=300, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{dump} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    lines = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if "error" in lines[0]:
        return None, None
    return lines[0], lines[1:]


def near(a, b) -> bool:
    """Equal but for small differences of numbers."""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(near, a, b))
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, (str, type(None))):
        return a == b
    return abs(a - b) <= TOLERANCE


def first_difference(a, b) -> str:
    if isinstance(a, list) and isinstance(b, list):
        for i, (x, y) in enumerate(zip(a, b)):
            if not near(x, y):
                return f"[{i}] {x!r:.300} but got {y!r:.300}"
        return f"{len(a)} but got {len(b)}: {(a + b)[min(len(a), len(b))]!r:.200}"
    if isinstance(a, str) and isinstance(b, str):
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        return f"at {at}: {a[max(at - 20, 0):at + 40]!r} but got {b[max(at - 20, 0):at + 40]!r}"
    return f"{a!r:.200} but got {b!r:.200}"


def differences(path, dump: str, password=None, strategy=None, strict=False) -> dict:
    """{aspect: first difference}. Where pdfplumber fails there is nothing to compare, which `strict` does not allow."""
    settings = {"vertical_strategy": strategy, "horizontal_strategy": strategy} if strategy else {}
    document, pages = oracle(path, password, settings)
    got_document, got_pages = engine(path, dump, password, strategy)
    if strict and (document is None or None in pages):
        return {"oracle": "pdfplumber cannot read it"}
    if document is None:
        return {}
    if got_document is None:
        return {"opening": "cannot be opened"}
    out = {}
    if document["page_count"] != got_document["page_count"]:
        out["opening"] = f"{document['page_count']} pages but got {got_document['page_count']}"
    if list(document["metadata"].items()) != list(got_document["metadata"].items()):
        out["metadata"] = f"{document['metadata']} but got {got_document['metadata']}"
    for number, (page, got) in enumerate(zip(pages, got_pages), 1):
        if page is None:
            continue
        if "error" in got:
            out.setdefault("opening", f"page {number}: {got['error']}")
            continue
        for aspect, expected in page.items():
            name = aspect if aspect in ASPECTS else "page"
            if not near(expected, got[aspect]):
                out.setdefault(name, f"page {number}: {aspect}: {first_difference(expected, got[aspect])}")
    return out


def files_of(arguments: list) -> list:
    out = []
    for argument in map(Path, arguments):
        out += sorted(argument.rglob("*.pdf")) if argument.is_dir() else [argument]
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="FOLDER_OR_FILE")
    parser.add_argument("--dump", default=default_dump(), help="the program pdf_dump")
    parser.add_argument("--password", help="tried on files whose name has 'password'")
    parser.add_argument("--strategy", help="of find_tables, vertical and horizontal")
    parser.add_argument("--allow", action="append", default=[], metavar="NAME", help="a file that may disagree")
    arguments = parser.parse_args()
    files = files_of(arguments.paths)
    wrong = dict.fromkeys(ASPECTS, 0)
    failed = []
    for path in files:
        password = arguments.password if "password" in path.name else None
        try:
            found = differences(path, arguments.dump, password, arguments.strategy)
        except Exception as error:  # noqa: BLE001: a crash of the engine is a result too
            found = {"opening": str(error)}
        for aspect in found:
            wrong[aspect] += 1
        allowed = path.name in arguments.allow
        print("same " if not found else "ALLOW" if allowed else "DIFF ", path.name)
        for aspect, difference in found.items():
            print(f"        {aspect}: {difference}")
        if found and not allowed:
            failed.append(path.name)
        sys.stdout.flush()
    print(f"{len(files)} files; the same in all but: " + ", ".join(f"{k} {n}" for k, n in wrong.items() if n))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
