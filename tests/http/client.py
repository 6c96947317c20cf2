"""A client for the /api/v1 face, with the few things that most tests do."""
from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
from servers import CANARY, Server
from support import pdf_files

API = "/api/v1"
PASSWORD = f"{CANARY}-Passw0rd!"
_numbers = itertools.count(1)


class Client(httpx.Client):
    """Paths are relative to the server's root. Tokens that it receives must not turn up in the server's log."""

    def __init__(self, server: Server, **options: Any):
        # No TLS here: loading the certificates that httpx trusts would take longer than most tests.
        super().__init__(base_url=server.url, timeout=30, verify=False, trust_env=False, **options)
        self.server = server
        self.user: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}

    def keep(self, tokens: dict[str, Any]) -> dict[str, Any]:
        self.tokens = tokens
        self.server.secrets.update(tokens[k] for k in ("access_token", "refresh_token") if tokens.get(k))
        self.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return tokens

    def register(self, name: str = "Somebody", email: str | None = None, password: str = PASSWORD) -> "Client":
        """Makes an account and signs in."""
        email = email or f"user{next(_numbers)}@example.com"
        answer = self.post(f"{API}/auth/register", json={"email": email, "password": password, "full_name": name})
        assert answer.status_code == 201, answer.text
        self.user = answer.json()
        return self.sign_in(email, password)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Client":
        answer = self.post(f"{API}/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        self.keep(answer.json())
        return self

    def send_message(self, to: "Client | int", content: str = "hello", **more: Any) -> dict[str, Any]:
        recipient = to if isinstance(to, int) else to.user["id"]
        answer = self.post(f"{API}/messages", json={"recipient_id": recipient, "content": f"{CANARY} {content}", **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def upload(self, pdf: bytes | None = None, name: str = "report.pdf") -> dict[str, Any]:
        """Uploads one document and returns its entry."""
        content = pdf_files.report() if pdf is None else pdf
        answer = self.post(f"{API}/documents", files={"files": (name, content, "application/pdf")})
        assert answer.status_code == 201, answer.text
        (document,) = answer.json()["documents"]
        return document


def new_email() -> str:
    return f"user{next(_numbers)}@example.com"


def faults(answer: httpx.Response) -> list[tuple[str, tuple[Any, ...]]]:
    """(type, loc) of each fault of a 422 answer, whose form is checked."""
    assert answer.status_code == 422, answer.text
    detail = answer.json()["detail"]
    assert isinstance(detail, list) and detail, answer.text
    for fault in detail:
        assert {"type", "loc", "msg"} <= set(fault) <= {"type", "loc", "msg", "input", "ctx"}, fault
        assert isinstance(fault["loc"], list) and isinstance(fault["msg"], str), fault
        assert "<class" not in fault["msg"], fault
    return [(fault["type"], tuple(fault["loc"])) for fault in detail]


def json_body(text: str | bytes) -> dict[str, Any]:
    """Arguments for a request whose JSON body is written by hand."""
    return {"content": text, "headers": {"Content-Type": "application/json"}}


def detail(answer: httpx.Response, status: int) -> Any:
    """The detail of an error answer of the given status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.headers["content-type"] == "application/json", answer.headers
    body = json.loads(answer.text)
    assert "detail" in body, body
    return body["detail"]
