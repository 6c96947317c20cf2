"""The root paths answer as the reference application does: the same requests to both, in the same order, compared in status,
body (order of keys included) and headers. Without the application, its recorded answers take its place (see conftest.py)."""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest
import record_compat
from compat_cases import CASES, Replay
from servers import Reference, Server

Answer = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """Cases (shell patterns) in which the contract asks for another answer than the reference's, and the sentence that does."""

    cases: list[str]
    why: str
    status: tuple[int, ...] = (422,)
    body: Any = None                                    # the body, if it is fixed
    faults: list[tuple[str | None, list[Any]]] | None = None   # type (None: any) and loc of each
    or_as_reference: bool = False

    def covers(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.cases)

    def allows(self, answer: Answer) -> bool:
        if answer["status"] not in self.status or "form" in answer:
            return False
        if self.body is not None and answer.get("body") != self.body:
            return False
        if self.faults is not None and answer["status"] == 422:
            found = [(fault.get("type"), fault.get("loc")) for fault in answer.get("body", {}).get("detail", [])]
            return len(found) == len(self.faults) and all(t in (None, f[0]) and loc == f[1] for (t, loc), f in zip(self.faults, found))
        return True


SEEDS_500 = "(the seed's 500 is a fault, not a contract)"
RANGE = "integers range-checked: 0, -1, 2^31, 2^63, 2^64, 1e400"
RULES = "Where the two faces differ it is only in paths, status codes and envelope: never in rules."
ANY_TYPE = "JSON is accepted on compat with any or no Content-Type as FastAPI does"
GONE = "A token whose user is gone: compat GET /me 404 as the seed, everything else and /api/v1 401."
NOT_FOUND = {"detail": "Recipient not found"}
LABEL = "File names: up to 255 code points kept, control characters and path parts removed, longer 422 (compat: kept to 255, as its column allows)."

DEVIATIONS = [
    Deviation(["send message: unknown recipient", "send message: recipient -1", "send message: recipient 0", "send message: recipient string -0",
               "send message: recipient 2?31", "send message: recipient 2?63-1"], f"unknown recipient 404 {SEEDS_500}", (404,), NOT_FOUND),
    Deviation(["send message: recipient 2?63", "send message: recipient 2?64", "send message: recipient -2?63-1"],
              f"{RANGE}; unknown recipient 404", (404, 422), faults=[(None, ["body", "recipient_id"])]),
    Deviation(["send message: recipient 1e400"], RANGE),
    Deviation(["page=0", "page=-1", "page=-0", "page and limit 0"], "Compat paging with page < 1 or limit < 0: here 422.", faults=[("greater_than_equal", ["query", "page"])]),
    Deviation(["limit=-1"], "Compat paging with page < 1 or limit < 0: here 422.", faults=[("greater_than_equal", ["query", "limit"])]),
    Deviation(["page=9223372036854775807", "page=9223372036854775808", "page=18446744073709551616", "page=400 digits"], RANGE, faults=[(None, ["query", "page"])]),
    Deviation(["limit=9223372036854775808", "limit=18446744073709551616", "limit=400 digits"], RANGE, faults=[(None, ["query", "limit"])]),
    Deviation(["register: NUL in the name", "send message: NUL in content"], SEEDS_500),
    Deviation(["register: name of 256"], SEEDS_500, (200, 422)),
    Deviation(["register: lone surrogate", "send message: lone surrogate", "login: JSON surrogate in UTF-8"], "bad UTF-8, lone surrogates refused", (400, 422)),
    Deviation(["login: JSON NaN", "login: JSON Infinity", "login: JSON 1e400"], SEEDS_500),
    Deviation(["login: JSON UTF-16", "login: JSON byte order mark"], "JSON in and out, UTF-8", (400, 422), or_as_reference=True),
    Deviation(["upload: bad file, *"], 'unreadable PDF 400 "Error processing PDF: ..." and nothing kept', (400,), {"detail": "Error processing PDF: ..."}),
    Deviation(["upload: file name of 300"], LABEL, (200,)),
    Deviation(["upload: Unix path as file name", "upload: Windows path as file name", "upload: control characters as file name"], LABEL, (200,)),
    Deviation(["*: text instead of a file", "*: urlencoded"], "Texts that name Python (`<class 'str'>`) are not echoed; type and loc are.", faults=[("value_error", ["body", "file"])]),
    Deviation(["login: content type text", "login: content type form", "login: content type none", "login: content type xml", "login: content type empty",
               "login: content type junk"], ANY_TYPE, (200,), or_as_reference=True),
    Deviation(["protected: user gone", "users: user gone", "documents: user gone", "send message: user gone"], GONE, (401,), {"detail": "Invalid token"}),
    Deviation(["protected: token without expiry"], "exp nbf iat iss aud and type checked", (401,), {"detail": "Invalid token"}),
    Deviation(["GET /protected: token 9 KiB"], "strict base64url; over 8 KiB refused before any crypto", (401,), {"detail": "Invalid token"}),
    Deviation(["HEAD /", "HEAD /protected", "HEAD /me", "HEAD /users", "HEAD /messages", "HEAD /messages/1", "HEAD /documents"], "HEAD works wherever GET does.", (200,)),
    Deviation(["HEAD /documents/1/text"], "HEAD works wherever GET does.", (200, 404)),
    Deviation(["PUT /messages", "PATCH /messages", "DELETE /messages", "OPTIONS /messages", "PROPFIND /messages"], "405 with `Allow` (all methods, RFC 9110 section 15.5.6; the reference names one)",
              (405,), {"detail": "Method Not Allowed"}),
    Deviation(["notification not signed in"], "caller must be signed in", (401,), {"detail": "Not authenticated"}),
    Deviation(["notification [?]email=&message=", "notification [?]email=plain&message=x"], RULES, or_as_reference=True),
    Deviation(["send message: empty content", "send message: content of 10001"], RULES, faults=[(None, ["body", "content"])], or_as_reference=True),
    Deviation(["register with a password of 80 bytes", "login with a password of 80 bytes"], f"never truncated (bcrypt's 72 bytes included) {SEEDS_500}", (200,)),
    Deviation(["register twice, local part in capitals"], "E-mail compares case-insensitively after NFC", (400,), {"detail": "Email already registered"}),
    Deviation(["login, local part in capitals"], "E-mail compares case-insensitively after NFC", (200,)),
    Deviation(["register with NUL in the password"], "never truncated", (422,), or_as_reference=True),
]


def deviation(name: str) -> Deviation | None:
    return next((d for d in DEVIATIONS if d.covers(name)), None)


def by_contract(answer: Answer) -> Answer:
    """The reference's answer with what the contract adds everywhere: "401 carries `WWW-Authenticate: Bearer`"."""
    if answer["status"] != 401:
        return answer
    headers = {"content-type": answer["headers"]["content-type"], "www-authenticate": "Bearer"}
    return answer | {"headers": headers | {k: v for k, v in answer["headers"].items() if k not in headers}}


def same(one: Answer, other: Answer) -> bool:
    return json.dumps(one) == json.dumps(other)   # order of keys included


@pytest.fixture(scope="module")
def recorded() -> dict[str, Answer]:
    return record_compat.load()


@pytest.fixture(scope="session")
def live(reference: Reference | None) -> dict[str, Answer] | None:
    return Replay(reference.url).run() if reference else None


@pytest.fixture(scope="module")
def answers(server: Server) -> Iterator[dict[str, Answer]]:
    replay = Replay(server.url)
    yield replay.run()
    server.secrets.update(replay.tokens.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.encode("ascii", "backslashreplace").decode()[:90])
def test_answers_as_the_reference_does(case: Any, answers: dict[str, Answer], recorded: dict[str, Answer], live: dict[str, Answer] | None) -> None:
    got, expected = answers[case.name], by_contract((live or recorded)[case.name])
    if (declared := deviation(case.name)) and declared.allows(got):
        return
    if not declared or declared.or_as_reference:
        # Versions of Python and FastAPI differ in some texts: those of the recording are as good.
        if same(got, expected) or same(got, by_contract(recorded.get(case.name, expected))):
            return
    request = f"{case.method} {case.target} as {case.user}, {case.headers}"
    wanted = f"by the contract ({declared.why}): {declared}" if declared else f"as the reference: {json.dumps(expected, ensure_ascii=False)}"
    pytest.fail(f"{request}\nwanted {wanted}\ngot    {json.dumps(got, ensure_ascii=False)}", pytrace=False)


def test_deviations_are_deviations(recorded: dict[str, Answer]) -> None:
    """An entry of the table that names no case, or one in which the reference answers as the contract asks, is to be removed."""
    for entry in DEVIATIONS:
        covered = [case.name for case in CASES if deviation(case.name) is entry]
        assert covered, f"no case for {entry}"
        for pattern in entry.cases:
            assert any(fnmatchcase(name, pattern) for name in covered), f"{pattern} names no case"


def test_recording_has_every_case(recorded: dict[str, Answer]) -> None:
    assert set(recorded) - {"versions"} == {case.name for case in CASES}, "run record_compat.py"


def test_recording_is_up_to_date(recorded: dict[str, Answer], live: dict[str, Answer] | None) -> None:
    if live is None:
        pytest.skip("REFERENCE_APP or TEST_POSTGRES_URL is not set")
    if recorded["versions"] != (now := record_compat.versions()):
        pytest.skip(f"recorded with {recorded['versions']}, here are {now}")
    stale = [name for name, answer in live.items() if not same(answer, recorded[name])]
    assert not stale, f"run record_compat.py: {stale[:10]}"


def test_file_names_are_labels(answers: dict[str, Answer]) -> None:
    for what in ("Unix path", "Windows path", "control characters"):
        assert answers[f"upload: {what} as file name"].get("body", {}).get("filename") == "report.pdf", what
    name = answers["upload: file name of 300"].get("body", {}).get("filename", "")
    assert len(name) == 255 and name.startswith("f" * 250)


def test_head_says_what_get_says(answers: dict[str, Answer]) -> None:
    for path in ("/", "/protected", "/me", "/users", "/documents"):
        assert answers[f"HEAD {path}"].get("text") == "", path
        assert answers[f"HEAD {path}"]["headers"]["content-type"] == "application/json", path


def test_other_methods_are_all_named(answers: dict[str, Answer]) -> None:
    assert answers["PUT /messages"].get("headers", {}).get("allow") in ("GET, POST", "POST")
