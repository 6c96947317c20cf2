"""A PostgreSQL database that the reference application made, with what its users put there, is taken over without loss."""
from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from client import API, Client, detail
from compat_cases import mint
from servers import CANARY, Database, Reference, Server, query
from support import pdf_files
from support.pdf_files import Page

FILES = {
    "report.pdf": pdf_files.report(),
    "Zürich 日本.pdf": pdf_files.hello("Grüße aus Zürich"),
    "empty.pdf": pdf_files.pdf_file(Page([])),
    "n" * 251 + ".pdf": pdf_files.hello("long name"),
}
PEOPLE = {
    "ada@example.com": ("Ada Lovelace", f"{CANARY}-ada"),
    "zoe@example.com": ("Zoë 日本 O'Neil \U0001f600", f"{CANARY} pässwörd"),
    "Case.Sensitive@Example.com": ("N" * 255, f"{CANARY}-x"),
    "jörg@bücher.example": ("", f"{CANARY}-j"),
}


@dataclass
class Adopted:
    server: Server
    tokens: dict[str, str] = field(default_factory=dict)              # by address, minted by the reference
    said: dict[tuple[str, str], Any] = field(default_factory=dict)    # (address, path) -> what the reference answered
    contents: dict[int, bytes] = field(default_factory=dict)          # of documents
    owners: dict[int, str] = field(default_factory=dict)

    def client(self, address: str) -> Client:
        return Client(self.server, headers={"Authorization": f"Bearer {self.tokens[address]}"})


def fill(url: str, adopted: Adopted) -> None:
    with httpx.Client(base_url=url, timeout=60, verify=False, trust_env=False) as client:
        def call(method: str, path: str, address: str, **more: Any) -> Any:
            answer = client.request(method, path, headers={"Authorization": f"Bearer {adopted.tokens[address]}"}, **more)
            assert answer.status_code == 200, answer.text
            return answer.json()

        for address, (name, password) in PEOPLE.items():
            answer = client.post("/register", json={"email": address, "password": password, "name": name})
            assert answer.status_code == 200, answer.text
            adopted.tokens[address] = answer.json()["access_token"]
        ids = {address: call("GET", "/me", address)["id"] for address in PEOPLE}
        for n, (sender, recipient) in enumerate((a, b) for a in PEOPLE for b in PEOPLE):
            call("POST", "/messages", sender, json={"recipient_id": ids[recipient], "content": f"{CANARY} {n} “hé” 日本 \U0001f600\n\t\\'\";--"})
        call("POST", "/messages", "ada@example.com", json={"recipient_id": ids["zoe@example.com"], "content": ""})
        call("POST", "/messages", "ada@example.com", json={"recipient_id": ids["zoe@example.com"], "content": f"{CANARY} " + "x" * 20_000})
        for address in ("ada@example.com", "zoe@example.com"):
            for filename, content in FILES.items():
                document = call("POST", "/upload-pdf", address, files={"file": (filename, content, "application/pdf")})["document_id"]
                adopted.contents[document], adopted.owners[document] = content, address
        for address in PEOPLE:
            paths = ["/me", "/protected", "/users", "/messages", "/messages?page=2&limit=3", "/documents"] + [f"/messages/{peer}" for peer in ids.values()]
            paths += [f"/documents/{d}/text" for d, owner in adopted.owners.items() if owner == address]
            for path in paths:
                adopted.said[address, path] = call("GET", path, address)


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adopted]:
    if not os.environ.get("REFERENCE_APP") or not os.environ.get("TEST_POSTGRES_URL"):
        pytest.skip("REFERENCE_APP or TEST_POSTGRES_URL is not set")
    folder = tmp_path_factory.mktemp("adoption")
    with Database(os.environ["TEST_POSTGRES_URL"]) as database:
        application = Reference(database.url, folder / "reference").start()
        adopted = Adopted(Server(database.url, folder, UPLOAD_DIR=str(application.upload_dir)))
        try:
            fill(application.url, adopted)
        finally:
            application.stop()
        adopted.server.secrets.update(adopted.tokens.values())
        adopted.server.start()
        try:
            yield adopted
        finally:
            adopted.server.close()


def by_id(answer: Any) -> Any:
    """GET /users and pages of GET /messages come in the order in which the reference's database happens to give them."""
    if isinstance(answer, dict) and isinstance(answer.get("messages"), list):
        return answer | {"messages": sorted(answer["messages"], key=lambda m: m["id"])}
    return sorted(answer, key=lambda entry: entry["id"]) if isinstance(answer, list) else answer


def test_everybody_reads_what_they_read_before(adopted: Adopted) -> None:
    """With the tokens that the reference minted, through the root paths."""
    for (address, path), before in adopted.said.items():
        with adopted.client(address) as client:
            answer = client.get(path)
            assert answer.status_code == 200, (address, path, answer.text)
            assert by_id(answer.json()) == by_id(before), (address, path)


@pytest.mark.parametrize("face", ["/login", f"{API}/auth/login"])
def test_everybody_can_log_in(adopted: Adopted, face: str) -> None:
    for address, (name, password) in PEOPLE.items():
        with Client(adopted.server) as client:
            answer = client.post(face, json={"email": address, "password": password})
            assert answer.status_code == 200, (address, answer.text)
            client.keep(answer.json())
            assert client.get("/me").json() == adopted.said[address, "/me"]
            me = client.get(f"{API}/users/me").json()
            before = adopted.said[address, "/me"]
            assert (me["id"], me["email"], me["full_name"], me["is_active"], me["role"]) == (before["id"], before["email"], before["name"], True, "user")
            assert me["created_at"][:19] == before["created_at"][:19]
            assert client.post(face, json={"email": address, "password": password + "x"}).status_code == 401


def test_addresses_compare_without_case(adopted: Adopted) -> None:
    with Client(adopted.server) as client:
        answer = client.post("/login", json={"email": "case.sensitive@example.com", "password": PEOPLE["Case.Sensitive@Example.com"][1]})
        assert answer.status_code == 200
        client.keep(answer.json())
        assert client.post("/register", json={"email": "ADA@example.com", "password": "x", "name": "x"}).status_code == 400


def test_messages_on_the_api(adopted: Adopted) -> None:
    for address in PEOPLE:
        with adopted.client(address) as client:
            before = {m["id"]: m["content"] for m in adopted.said[address, "/messages"]["messages"]}
            found = {m["id"]: m["content"] for m in client.get(f"{API}/messages?limit=100").json()["messages"]}
            assert before.items() <= found.items(), address


def test_documents_on_the_api(adopted: Adopted) -> None:
    for address in PEOPLE:
        with adopted.client(address) as client:
            documents = {d["id"]: d for d in client.get(f"{API}/documents?limit=100").json()["documents"]}
            for before in adopted.said[address, "/documents"]["documents"]:
                document = documents[before["id"]]
                assert (document["filename"], document["page_count"], document["file_size"], document["status"]) == (before["filename"], before["page_count"], before["file_size"], "ready")
                text = client.get(f"{API}/documents/{before['id']}/text")
                assert text.status_code == 200 and text.json()["text"] == adopted.said[address, f"/documents/{before['id']}/text"]["text"]


def test_the_files_themselves(adopted: Adopted) -> None:
    for document, content in adopted.contents.items():
        with adopted.client(adopted.owners[document]) as client:
            answer = client.get(f"{API}/documents/{document}/file")
            assert answer.status_code == 200 and answer.content == content, document
            assert client.get(f"{API}/documents/{document}/pages/1").status_code == 200


def test_documents_are_found_by_their_text(adopted: Adopted) -> None:
    with adopted.client("ada@example.com") as client:
        found = client.get(f"{API}/documents", params={"q": "GRÜSSE AUS ZÜRICH".replace("SS", "ß")}).json()["documents"]
        assert [d["filename"] for d in found] == ["Zürich 日本.pdf"]


def test_life_goes_on(adopted: Adopted) -> None:
    """New rows get new numbers, and others' things stay theirs."""
    with adopted.client("ada@example.com") as ada, Client(adopted.server) as new:
        new.register("Newcomer")
        assert new.user["id"] > max(m["id"] for m in adopted.said["ada@example.com", "/users"])
        message = new.send_message(adopted.said["ada@example.com", "/me"]["id"])
        assert message["id"] not in {m["id"] for m in adopted.said["ada@example.com", "/messages"]["messages"]}
        document = ada.upload()
        assert document["id"] > max(adopted.contents)
        assert detail(new.get(f"{API}/documents/{min(adopted.contents)}"), 404)


def test_a_restart_adopts_nothing_twice(adopted: Adopted) -> None:
    counts = [query(adopted.server.database_url, f"SELECT count(*) FROM {table}") for table in ("users", "messages", "documents")]
    adopted.server.stop()
    adopted.server.start()
    assert counts == [query(adopted.server.database_url, f"SELECT count(*) FROM {table}") for table in ("users", "messages", "documents")]
    test_the_files_themselves(adopted)


def test_expired_and_foreign_tokens_are_refused(adopted: Adopted) -> None:
    me = adopted.said["ada@example.com", "/me"]
    claims = {"user_id": me["id"], "email": me["email"]}
    with Client(adopted.server) as client:
        assert detail(client.get("/me", headers={"Authorization": f"Bearer {mint(claims | {'exp': 1})}"}), 401) == "Token expired"
        assert detail(client.get("/me", headers={"Authorization": f"Bearer {mint(claims | {'exp': 9e9}, key='k' * 40)}"}), 401) == "Invalid token"


def test_a_missing_file_does_not_stop_the_adoption(tmp_path: Path) -> None:
    if not os.environ.get("REFERENCE_APP") or not os.environ.get("TEST_POSTGRES_URL"):
        pytest.skip("REFERENCE_APP or TEST_POSTGRES_URL is not set")
    with Database(os.environ["TEST_POSTGRES_URL"]) as database:
        application = Reference(database.url, tmp_path / "reference").start()
        adopted = Adopted(Server(database.url, tmp_path, UPLOAD_DIR=str(application.upload_dir)))
        try:
            fill(application.url, adopted)
        finally:
            application.stop()
        for file in application.upload_dir.iterdir():
            file.unlink()
        adopted.server.secrets.update(adopted.tokens.values())
        adopted.server.start()
        try:
            document = min(adopted.contents)
            with adopted.client(adopted.owners[document]) as client:
                assert client.get(f"/documents/{document}/text").json()["text"] == adopted.said[adopted.owners[document], f"/documents/{document}/text"]["text"]
                assert client.get(f"{API}/documents/{document}/file").status_code in (404, 410)
        finally:
            adopted.server.close()
