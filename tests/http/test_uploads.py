"""Uploads: what fails leaves nothing, what is answered is kept, and no file moves the server. With PDF_CORPUS set, every PDF in
that folder is uploaded to both faces and compared with pdfplumber."""
from __future__ import annotations

import io
import os
import socket
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from client import API, Client
from compat_cases import BOUNDARY, MULTIPART, form, part
from servers import Server, query
from support import pdf_files
from support.pdf_files import Page
from waiting import eventually

REPORT = pdf_files.report()


def _objects(*objects: bytes) -> bytes:
    return pdf_files.assemble(list(objects), b"/Root 1 0 R")


def _one_page(content: bytes, entries: bytes = b"") -> bytes:
    return _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % entries,
                    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))


def _flate(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b" ".join([b"/FlateDecode"] * times)
    return _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
                    b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(content), filters, content))


#: refused with 400 (compat) and 422 (/api/v1)
BAD = {
    "empty": b"",
    "text": b"this is no PDF",
    "HTML": b"<html><body>%PDF-1.4</body></html>" * 50,
    "header only": b"%PDF-1.7\n",
    "a third": REPORT[: len(REPORT) // 3],
    "nine tenths": REPORT[: len(REPORT) * 9 // 10],
    "AES-256": pdf_files.encrypted(pdf_files.hello(), "secret"),
    "RC4": pdf_files.encrypted_rc4(pdf_files.hello(), "secret"),
    "random": bytes(n * 7919 % 251 for n in range(5000)),
    "no catalog": b"%PDF-1.4\ntrailer << /Size 1 >>\nstartxref\n0\n%%EOF\n",
}
#: anything may be answered but a dead or a stuck server
HOSTILE = {
    "page tree that is its own child": _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"),
    "catalog that is its own page tree": _objects(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"),
    "contents that are the page": _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"),
    "length that is itself": _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
                                      b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"),
    "100,000 open arrays": _one_page(b"[" * 100_000),
    "100,000 open dictionaries": _one_page(b"<<" * 100_000),
    "100,000 open strings": _one_page(b"(" * 100_000),
    "100,000 saved states": _one_page(b"q " * 100_000),
    "array nested in an object": _objects(b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 50_000 + b" >>", b"<< /Type /Pages /Count 0 /Kids [] >>"),
    "page of a billion points": _one_page(b"BT ET").replace(b"[0 0 612 792]", b"[0 0 1000000000 1000000000]"),
    "media box of text": _one_page(b"BT ET").replace(b"[0 0 612 792]", b"[(a) /b <<>> null]"),
    "numbers out of range": _one_page(b"1e400 -1e400 99999999999999999999999 m 0 0 l S 1e308 1e308 1e308 1e308 re S " + b"9" * 5000 + b" w"),
    "count of two billion": _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2147483647 /Kids [] >>"),
    "negative count": _objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count -5 /Kids [3 0 R 99 0 R null 7] >>", b"<< /Type /Page >>"),
    "object number of 2^63": REPORT.replace(b"1 0 R", b"9223372036854775807 0 R"),
    "startxref beyond the end": REPORT.replace(b"startxref\n", b"startxref\n99999999999999"),
    "NUL in text": _one_page(b"BT /F1 12 Tf 50 50 Td (a\\000b) Tj ET", b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"),
    "twice deflated 20 MB": _flate(b" " * 20_000_000, 2),
}


def stateless(content: bytes, name: str = "file.pdf", field: str = "file") -> dict[str, Any]:
    return {"files": {field: (name, content, "application/pdf")}}


def rows(server: Server, user: int) -> int:
    return query(server.database_url, "SELECT count(*) FROM documents WHERE user_id = %s", user)[0][0]


@pytest.mark.parametrize("what", BAD)
def test_a_failed_upload_leaves_nothing(server: Server, alice: Client, what: str) -> None:
    before = server.stored_files()
    answer = alice.post("/upload-pdf", **stateless(BAD[what]))
    assert answer.status_code == 400 and answer.json()["detail"].startswith("Error processing PDF: "), answer.text
    answer = alice.post(f"{API}/documents", **stateless(BAD[what], field="files"))
    assert answer.status_code == 422, answer.text
    for path in ("/extract-tables", "/pdf-info", "/search-pdf?search_term=x"):
        assert alice.post(path, **stateless(BAD[what])).status_code == 400, path
    assert rows(server, alice.user["id"]) == 0 and alice.get("/documents").json() == {"documents": []}
    assert server.stored_files() == before


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_does_not_move_the_server(server: Server, alice: Client, what: str) -> None:
    pid = server.pid
    with Client(server, headers=dict(alice.headers)) as client:
        client.timeout = 60
        for path, field in (("/upload-pdf", "file"), (f"{API}/documents", "files"), ("/pdf-info", "file"), (f"{API}/pdf/text", "file")):
            answer = client.post(path, **stateless(HOSTILE[what], field=field))
            assert answer.status_code in (200, 201, 400, 422), (path, answer.status_code, answer.text)
    assert server.running and server.pid == pid
    assert alice.get("/health").json() == {"status": "OK"}
    for document in alice.get(f"{API}/documents").json()["documents"]:
        assert alice.get(f"{API}/documents/{document['id']}/text").status_code == 200


def test_the_answer_tells_nothing_of_the_inside(server: Server, alice: Client) -> None:
    for content in BAD.values():
        text = alice.post("/upload-pdf", **stateless(content)).text
        assert str(server.directory) not in text and "qpdf" not in text.lower() and ".cpp" not in text and "std::" not in text, text


def test_long_file_names(server: Server, alice: Client) -> None:
    longest, longer = "é" * 251 + ".pdf", "é" * 296 + ".pdf"
    before = len(server.stored_files())
    assert alice.upload(name=longest)["filename"] == longest
    assert alice.post(f"{API}/documents", **stateless(REPORT, longer, "files")).status_code == 422
    kept = alice.post("/upload-pdf", **stateless(REPORT, longer)).json()["filename"]
    assert len(kept) == 255 and kept.startswith("é" * 250)
    assert len(server.stored_files()) == before + 2


@pytest.mark.parametrize("name", ["../../../../evil.pdf", "/etc/evil.pdf", "..\\..\\evil.pdf", "C:\\evil.pdf", "./evil.pdf", "evil.pdf"])
def test_a_file_name_is_never_a_path(server: Server, alice: Client, name: str) -> None:
    body = form(part(REPORT, name="files", filename=name.replace("\\", "\\\\")))
    answer = alice.post(f"{API}/documents", content=body, headers=MULTIPART)
    assert answer.status_code == 201 and answer.json()["documents"][0]["filename"] == "evil.pdf", answer.text
    assert not list(server.directory.rglob("evil*"))


@pytest.mark.parametrize("name", [".pdf", "..pdf", "a\u202efdp.pdf", "\u200b.pdf", "con.pdf", "a" * 10 + "\u0301" * 50 + ".pdf", "%2e%2e%2fx.pdf", "a\tb.pdf", "a\nb.pdf"])
def test_odd_file_names(alice: Client, name: str) -> None:
    answer = alice.post(f"{API}/documents", **stateless(REPORT, name, "files"))
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 201:
        document = answer.json()["documents"][0]
        assert not any(c < " " for c in document["filename"])
        assert alice.get(f"{API}/documents/{document['id']}/file").content == REPORT


@pytest.mark.parametrize(("path", "field"), [("/upload-pdf", "file"), (f"{API}/documents", "files"), ("/pdf-info", "file")])
def test_a_client_that_goes_away_leaves_nothing(server: Server, alice: Client, path: str, field: str) -> None:
    before = server.stored_files()
    body = form(part(REPORT + b"%" * 3_000_000, name=field))
    for sent in (0, 100, 1000, 1_500_000, len(body) - 1):
        head = (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {alice.headers['Authorization']}\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(head + body[:sent])
    eventually(lambda: server.stored_files() == before, 10, "files of broken uploads remain")
    assert rows(server, alice.user["id"]) == 0 and alice.get("/health").status_code == 200


def test_parallel_uploads(server: Server, alice: Client) -> None:
    def upload(n: int) -> tuple[int, int]:
        with Client(server, headers=dict(alice.headers)) as client:
            content = pdf_files.pdf_file(*(Page([f"document {n} page {p}"]) for p in range(3)))
            while True:
                answer = client.post("/upload-pdf" if n % 2 else f"{API}/documents", **stateless(content, f"{n}.pdf", "file" if n % 2 else "files"))
                if answer.status_code != 503:   # a full queue is a good answer, if it says when to come again
                    break
                assert "retry-after" in answer.headers
            assert answer.status_code in (200, 201), answer.text
            body = answer.json()
            return n, body["document_id"] if n % 2 else body["documents"][0]["id"]

    with ThreadPoolExecutor(8) as pool:
        documents = dict(pool.map(upload, range(24)))
    assert len(set(documents.values())) == 24
    for n, document in documents.items():
        assert alice.get(f"/documents/{document}/text").json()["text"] == "".join(f"document {n} page {p}\n\n" for p in range(3))


def test_the_same_file_twice_is_two_documents(alice: Client) -> None:
    first, second = alice.upload(), alice.upload()
    assert first["id"] != second["id"]
    assert alice.delete(f"{API}/documents/{first['id']}").status_code == 204
    assert alice.get(f"{API}/documents/{second['id']}/file").content == REPORT


def test_size_limits(own_database_url: str, tmp_path: Path) -> None:
    server = Server(own_database_url, tmp_path, UPLOAD_MAX_BYTES="100000", UPLOAD_MAX_FILES="3").start()
    try:
        with Client(server) as client:
            client.register()
            before = server.stored_files()
            big = REPORT + b"%" * 200_000
            for path, field in (("/upload-pdf", "file"), (f"{API}/documents", "files"), (f"{API}/pdf/info", "file")):
                assert client.post(path, **stateless(big, field=field)).status_code == 413, path
                chunks = iter([form(part(big, name=field))[n:n + 5000] for n in range(0, 210_000, 5000)])
                try:
                    assert client.post(path, content=chunks, headers=MULTIPART).status_code == 413, path
                except Exception as error:  # refused while it still sends: the answer may be lost with the connection
                    assert "httpx" in type(error).__module__ or isinstance(error, OSError), error
            assert client.post(f"{API}/documents", files=[("files", (f"{n}.pdf", REPORT, "application/pdf")) for n in range(4)]).status_code in (413, 422)
            assert client.post(f"{API}/documents", files=[("files", (f"{n}.pdf", REPORT, "application/pdf")) for n in range(3)]).status_code == 201
            eventually(lambda: len(server.stored_files()) == len(before) + 3)
            assert rows(server, client.user["id"]) == 3
    finally:
        server.close()


def test_page_limit(own_database_url: str, tmp_path: Path) -> None:
    server = Server(own_database_url, tmp_path, PDF_MAX_PAGES="5").start()
    try:
        with Client(server) as client:
            client.register()
            assert client.post("/upload-pdf", **stateless(pdf_files.pdf_file(*[Page(["x"])] * 5))).status_code == 200
            assert client.post("/upload-pdf", **stateless(pdf_files.pdf_file(*[Page(["x"])] * 6))).status_code in (400, 422)
            assert client.post(f"{API}/documents", **stateless(pdf_files.pdf_file(*[Page(["x"])] * 6), field="files")).status_code == 422
            assert rows(server, client.user["id"]) == 1
    finally:
        server.close()


# ---- a folder of PDFs -------------------------------------------------------------------------------

#: file name -> what is known to differ from pdfplumber there; to be emptied
ENGINE_GAPS: dict[str, str] = {
    "issue-297-example.pdf": "its table has two wrong offsets: pdfplumber finds no page, QPDF repairs it and finds one",
}
LONG_FILE_BYTES = 150_000


def corpus() -> list[Any]:
    folder = os.environ.get("PDF_CORPUS")
    files = sorted(Path(folder).rglob("*.pdf")) if folder else []
    return [pytest.param(file, id=file.name, marks=[pytest.mark.long] if file.stat().st_size > LONG_FILE_BYTES else []) for file in files]


@cache
def pdfplumber_reads(file: Path) -> tuple[list[str], int] | None:
    """The pages' texts and the number of tables; None if pdfplumber cannot read the file."""
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(file.read_bytes())) as pdf:
            texts, tables = [], 0
            for page in pdf.pages:
                texts.append(page.extract_text() or "")
                tables += len(page.extract_tables())
                page.close()
        return texts, tables
    except Exception:
        return None


@pytest.mark.parametrize("file", corpus() or [pytest.param(None, marks=pytest.mark.skip("PDF_CORPUS is not set"))])
def test_corpus_agrees_with_pdfplumber(server: Server, alice: Client, file: Path) -> None:
    content, expected = file.read_bytes(), pdfplumber_reads(file)
    compat = alice.post("/upload-pdf", **stateless(content, file.name))
    canonical = alice.post(f"{API}/documents", **stateless(content, file.name, "files"))
    assert alice.get("/health").json() == {"status": "OK"} and server.running
    if expected is None:
        assert (compat.status_code, canonical.status_code) == (400, 422), (compat.text, canonical.text)
        return
    if file.name in ENGINE_GAPS:
        assert compat.status_code in (200, 400) and canonical.status_code in (201, 422)
        return
    texts, tables = expected
    assert (compat.status_code, canonical.status_code) == (200, 201), (compat.text, canonical.text)
    answer, document = compat.json(), canonical.json()["documents"][0]
    assert (answer["page_count"], document["page_count"]) == (len(texts), len(texts))
    assert answer["file_size"] == document["file_size"] == len(content)
    whole = "".join(text + "\n\n" for text in texts)
    assert answer["text_preview"] == (whole[:500] + "..." if len(whole) > 500 else whole)
    assert alice.get(f"/documents/{answer['document_id']}/text").json()["text"] == whole
    assert alice.get(f"{API}/documents/{document['id']}/text").json()["text"] == whole
    assert answer["tables_found"] == tables == len(alice.get(f"{API}/documents/{document['id']}/tables").json()["tables"])
    assert alice.get(f"{API}/documents/{document['id']}/file").content == content
