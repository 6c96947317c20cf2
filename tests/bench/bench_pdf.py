"""Times text and tables of PDF files against pdfplumber: ./dev bench pdf [FILES OR FOLDERS] [--rounds N]

Both run as they would be used, in turn, round by round, on the same file; the ratio is taken within each round and its
median and spread are shown, since a machine's speed drifts.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pdfplumber

DUMP = os.environ["PDF_DUMP"]


def sample(folder):
    """A document to measure when none is given: ten pages, each a ruled table of 30 rows."""
    import pikepdf

    pdf = pikepdf.new()
    font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
    for number in range(10):
        pdf.add_blank_page(page_size=(612, 792))
        page = pdf.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        drawn = []
        for row in range(31):
            drawn.append(f"36 {720 - 20 * row} m 576 {720 - 20 * row} l S")
        for column in range(7):
            drawn.append(f"{36 + 90 * column} 120 m {36 + 90 * column} 720 l S")
        for row in range(30):
            for column in range(6):
                drawn.append(f"BT /F1 9 Tf {40 + 90 * column} {706 - 20 * row} Td (cell {number} {row} {column}) Tj ET")
        page.Contents = pdf.make_stream("\n".join(drawn).encode())
    path = Path(folder) / "sample.pdf"
    pdf.save(path)
    return path


def by_pdfplumber(path):
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def by_libbackend(path):
    subprocess.run([DUMP, "--text", "--tables", str(path)], stdout=subprocess.DEVNULL, check=True)


def timed(work, path):
    began = time.perf_counter()
    work(path)
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    build = Path(DUMP).parents[1]
    files = [f for p in options.paths for f in (sorted(p.glob("**/*.pdf")) if p.is_dir() else [p])] or [sample(build)]
    print(f"{'file':40} {'pdfplumber ms':>14} {'libbackend ms':>14} {'ratio':>8}  (min .. max)")
    for path in files:
        try:
            rounds = [(timed(by_pdfplumber, path), timed(by_libbackend, path)) for _ in range(options.rounds)]
        except Exception as error:  # a file that one of them refuses has no ratio
            print(f"{path.name[:40]:40} {error!r:.60}")
            continue
        ratios = [a / b for a, b in rounds]
        print(f"{path.name[:40]:40} {1e3 * statistics.median(a for a, _ in rounds):14.1f} {1e3 * statistics.median(b for _, b in rounds):14.1f} "
              f"{statistics.median(ratios):8.1f}  ({min(ratios):.1f} .. {max(ratios):.1f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
