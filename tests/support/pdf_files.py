"""Small PDF files for tests, written byte by byte so that each run makes the same file."""
from __future__ import annotations

import io
from dataclasses import dataclass, field


@dataclass
class Page:
    """Lines of text from the top, then a ruled table (rows of cells), all in Helvetica 12."""

    lines: list[str] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)
    width: int = 612
    height: int = 792


def _literal(text: str, codes: dict[str, int]) -> bytes:
    out = bytearray(b"(")
    for char in text:
        byte = codes[char] if char in codes else char.encode("cp1252")[0]
        if char in "()\\":
            out += b"\\" + bytes([byte])
        elif 32 <= byte < 127:
            out.append(byte)
        else:
            out += b"\\%03o" % byte
    return bytes(out + b")")


def _content(page: Page, codes: dict[str, int]) -> bytes:
    out = [b"BT /F1 12 Tf 14 TL 72 720 Td"]
    for line in page.lines:
        out.append(_literal(line, codes) + b" Tj T*")
    out.append(b"ET")
    top, left, cell_width, cell_height = 700 - 14 * len(page.lines), 72, 110, 20
    for number, row in enumerate(page.table):
        for column, text in enumerate(row):
            x, y = left + column * cell_width, top - (number + 1) * cell_height
            out.append(b"%d %d %d %d re S" % (x, y, cell_width, cell_height))
            out.append(b"BT /F1 12 Tf %d %d Td " % (x + 5, y + 5) + _literal(text, codes) + b" Tj ET")
    return b"\n".join(out)


def _extra_codes(texts: list[str]) -> dict[str, int]:
    """Codes 1..31 for characters that WinAnsi lacks."""
    codes: dict[str, int] = {}
    for text in texts:
        for char in text:
            try:
                char.encode("cp1252")
            except UnicodeEncodeError:
                codes.setdefault(char, len(codes) + 1)
    return codes


def pdf_file(*pages: Page, info: dict[str, str] | None = None) -> bytes:
    """A PDF 1.4 file with a classic cross-reference table. `info` becomes the document information dictionary."""
    texts = [t for page in pages for t in page.lines] + [c for page in pages for row in page.table for c in row]
    codes = _extra_codes(texts)
    differences = b"".join(b" %d /uni%04X" % (code, ord(char)) for char, code in codes.items())
    encoding = b"<< /BaseEncoding /WinAnsiEncoding" + (b" /Differences [%s ]" % differences if codes else b"") + b" >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding " + encoding + b" >>"]
    kids = []
    for page in pages:
        content = _content(page, codes)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
                       b" /Resources << /Font << /F1 3 0 R >> >> >>" % (page.width, page.height, len(objects)))
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    trailer = b"/Root 1 0 R"
    if info:
        def value(text: str) -> bytes:
            return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">" if not text.isascii() else _literal(text, {})
        objects.append(b"<< " + b" ".join(b"/%s %s" % (k.encode(), value(v)) for k, v in info.items()) + b" >>")
        trailer += b" /Info %d 0 R" % len(objects)
    return assemble(objects, trailer)


def assemble(objects: list[bytes], trailer: bytes) -> bytes:
    """A file of the given objects, numbered from 1; `trailer` holds entries such as /Root 1 0 R."""
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def encrypted(pdf: bytes, user_password: str, owner_password: str = "owner") -> bytes:
    """The same document, AES-256; an empty user password opens it for anybody."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user_password, owner=owner_password, R=6))
    return out.getvalue()


def encrypted_rc4(pdf: bytes, user_password: str, owner_password: str = "owner") -> bytes:
    """The same document under 128-bit RC4; the fixed file identifier keeps the bytes the same in every run."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, deterministic_id=False, static_id=True,
                      encryption=pikepdf.Encryption(user=user_password, owner=owner_password, R=3, aes=False, metadata=False))
    return out.getvalue()


def hello(text: str = "Hello, world") -> bytes:
    """One page with one line."""
    return pdf_file(Page([text]))


def report() -> bytes:
    """Two pages: prose with letters outside ASCII and a table; a table of another shape. Over 500 code points of text."""
    prose = ["Quarterly report: caf\u00e9, Stra\u00dfe and \u20ac 12,50 (net)"]
    prose += [f"Line {n}: the quick brown fox jumps over the lazy dog" for n in range(1, 12)]
    return pdf_file(
        Page(prose, [["Name", "Amount", "Date"], ["Ada", "12", "2026-01-31"], ["Bob", "", "2026-02-01"]]),
        Page(["Second page"], [["K", "V"], ["x", "1"]]),
        info={"Title": "Report", "Author": "Zo\u00eb \u0141ukasz", "Producer": "tests"})
