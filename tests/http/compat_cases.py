"""The table of requests that the compat face and the reference application are both asked, in this order, and the form in
which their answers are compared: ids, times and tokens replaced by what they stand for."""
from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from servers import CANARY, SECRET_KEY
from support import pdf_files
from support.pdf_files import Page

ALLOWED, DISALLOWED = "http://localhost:3000", "http://evil.example"
JSON = {"Content-Type": "application/json"}
PASSWORD = f"{CANARY}-secret"


@dataclass(frozen=True)
class Id:
    """Stands for an id that the server under test gave: Id("user:alice")."""

    name: str


@dataclass
class Case:
    name: str
    method: str
    target: str                               # "{user:alice}" stands for an id
    json: Any = None                          # a body, with Id in it; dumped
    body: bytes | None = None                 # or the bytes themselves
    headers: dict[str, str] = field(default_factory=dict)
    user: str | None = None                   # signed in as
    token: Callable[["Replay"], str] | None = None   # or with this token
    keep: str | None = None                   # the name for the id in the answer


# ---- tokens -----------------------------------------------------------------------------------------


def segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(signed: str, key: str = SECRET_KEY, digest: Any = hashlib.sha256) -> str:
    return segment(hmac.new(key.encode(), signed.encode(), digest).digest())


def mint(claims: dict[str, Any], key: str = SECRET_KEY, algorithm: str = "HS256", **header: Any) -> str:
    """A JSON Web Token (RFC 7519) as anybody with `key` could make it."""
    head = {name: value for name, value in ({"alg": algorithm, "typ": "JWT"} | header).items() if value is not None}
    signed = ".".join(segment(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm)
    return f"{signed}.{sign(signed, key, digest) if digest else ''}"


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token signed with our key; AssertionError if it is not one."""
    head, body, signature = token.split(".")
    assert sign(f"{head}.{body}") == signature, "not signed with SECRET_KEY"
    pad = lambda s: base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
    assert json.loads(pad(head)) == {"alg": "HS256", "typ": "JWT"}, pad(head)
    return json.loads(pad(body))


def _claims(replay: "Replay", **more: Any) -> dict[str, Any]:
    claims = {"user_id": replay.ids["user:alice"], "email": "alice@example.com", "exp": int(time.time()) + 600} | more
    return {name: value for name, value in claims.items() if value is not ...}


def _spoiled(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{('A' if signature[5] != 'A' else 'B').join((signature[:5], signature[6:]))}"


BAD_TOKENS: dict[str, Callable[["Replay"], str]] = {
    "expired": lambda r: mint(_claims(r, exp=int(time.time()) - 3600)),
    "none algorithm": lambda r: mint(_claims(r), algorithm="none"),
    "None algorithm in capitals": lambda r: mint(_claims(r), algorithm="NONE"),
    "another key": lambda r: mint(_claims(r), key="another-key-0123456789abcdef0123456789"),
    "HS512": lambda r: mint(_claims(r), algorithm="HS512"),
    "spoiled signature": lambda r: _spoiled(mint(_claims(r))),
    "no signature": lambda r: mint(_claims(r)).rsplit(".", 1)[0] + ".",
    "two parts": lambda r: mint(_claims(r)).rsplit(".", 1)[0],
    "four parts": lambda r: mint(_claims(r)) + ".x",
    "padded": lambda r: mint(_claims(r)) + "==",
    "garbage": lambda r: "garbage",
    "dots": lambda r: "..",
    "no user": lambda r: mint(_claims(r, user_id=...)),
    "null user": lambda r: mint(_claims(r, user_id=None)),
    "claims not an object": lambda r: mint([1]),
    "not yet valid": lambda r: mint(_claims(r, nbf=int(time.time()) + 3600)),
    "expiry not a number": lambda r: mint(_claims(r, exp="soon")),
    "critical extension": lambda r: mint(_claims(r), crit=["x"], x=1),
    "9 KiB": lambda r: mint(_claims(r, pad="x" * 9000)),
}
GOOD_TOKENS: dict[str, Callable[["Replay"], str]] = {
    "only the seed's claims": lambda r: mint(_claims(r)),
    "no e-mail": lambda r: mint(_claims(r, email=...)),
    "no typ": lambda r: mint(_claims(r), typ=None),
    "unknown claims": lambda r: mint(_claims(r, role="admin", x=[1])),
    "expires in fractions": lambda r: mint(_claims(r, exp=time.time() + 600.5)),
}
HEADERS = {
    "no token": None,
    "Basic scheme": "Basic YTpi",
    "scheme alone": "Bearer",
    "scheme and blank": "Bearer ",
    "empty": "",
    "token without scheme": "abc.def.ghi",
    "two words": "Bearer abc def",
}

# ---- requests with files ----------------------------------------------------------------------------

BOUNDARY = "tests-boundary-7f3a"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(content: bytes, name: str | None = "file", filename: str | None = "report.pdf", kind: str | None = "application/pdf") -> bytes:
    head = b"Content-Disposition: form-data"
    if name is not None:
        head += f'; name="{name}"'.encode()
    if filename is not None:
        head += f'; filename="{filename}"'.encode()
    if kind:
        head += f"\r\nContent-Type: {kind}".encode()
    return b"--" + BOUNDARY.encode() + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


REPORT = pdf_files.report()
SHORT = pdf_files.hello()
SEARCHED = pdf_files.pdf_file(
    Page(["aaaa banana BANANA baNaNa anana", "Stra\u00dfe STRASSE stra\u00dfe", "\u0130stanbul istanbul ISTANBUL", "a.b a*b (c) [d] %s \\d"]),
    Page(["nothing here"]),
    Page(["\u00c9clair \u00e9clair banana " + "x" * 60, "y" * 80 + " banana"]))
EMPTY_PAGE = pdf_files.pdf_file(Page([]))
FILES: dict[str, bytes] = {
    "report": REPORT,
    "one line": SHORT,
    "empty page": EMPTY_PAGE,
    "letters outside ASCII": SEARCHED,
    "text of 500": pdf_files.pdf_file(Page(["z" * 70] * 7 + ["z"])),   # 7 * 71 + 1 + 2 = 500 code points
    "text of 501": pdf_files.pdf_file(Page(["z" * 70] * 7 + ["zz"])),
    "two tables on a page": pdf_files.pdf_file(Page(["t"], [["a", "b"], ["c", "d"]]), Page([], [["only"]])),
    "encrypted, empty password": pdf_files.encrypted_rc4(SHORT, ""),
    "junk before the header": b"junk\n" + SHORT,
    "junk after the end": SHORT + b"\n" * 50 + b"junk",
}
BAD_FILES: dict[str, bytes] = {
    "empty": b"",
    "not a PDF": b"this is no PDF file at all",
    "only a header": b"%PDF-1.4\n",
    "a third": REPORT[: len(REPORT) // 3],
    "nine tenths": REPORT[: len(REPORT) * 9 // 10],
    "encrypted": pdf_files.encrypted_rc4(SHORT, "secret"),
    "zip": b"PK\x03\x04" + bytes(100),
}
UPLOADS = ["/upload-pdf", "/extract-tables", "/pdf-info", "/search-pdf"]
#: name of the case -> (body, headers)
BROKEN_FORMS: dict[str, tuple[bytes | None, dict[str, str]]] = {
    "no body": (None, {}),
    "empty form": (form(), MULTIPART),
    "part of another name": (form(part(SHORT, name="document")), MULTIPART),
    "name in capitals": (form(part(SHORT, name="FILE")), MULTIPART),
    "text instead of a file": (form(part(b"abc", filename=None, kind=None)), MULTIPART),
    "empty file name": (form(part(SHORT, filename="")), MULTIPART),
    "urlencoded": (b"file=abc", {"Content-Type": "application/x-www-form-urlencoded"}),
    "JSON": (b'{"file":"abc"}', JSON),
    "PDF as the body": (SHORT, {"Content-Type": "application/pdf"}),
    "no boundary": (form(part(SHORT)), {"Content-Type": "multipart/form-data"}),
    "another boundary": (form(part(SHORT)), {"Content-Type": "multipart/form-data; boundary=other"}),
    "no end": (part(SHORT)[:-2], MULTIPART),
    "no disposition": (b"--" + BOUNDARY.encode() + b"\r\nContent-Type: text/plain\r\n\r\nx\r\n--" + BOUNDARY.encode() + b"--\r\n", MULTIPART),
    "no name": (form(part(SHORT, name=None)), MULTIPART),
    "bad header": (b"--" + BOUNDARY.encode() + b"\r\nContent Disposition: form-data\r\n\r\nx\r\n--" + BOUNDARY.encode() + b"--\r\n", MULTIPART),
    "garbage": (b"\x00\x01garbage", MULTIPART),
}
#: forms that carry a good file in an unusual way
ODD_FORMS: dict[str, tuple[bytes, dict[str, str]]] = {
    "file name in capitals": (form(part(SHORT, filename="REPORT.PDF")), MULTIPART),
    "mixed extension": (form(part(SHORT, filename="a.b.PdF")), MULTIPART),
    "text file name": (form(part(SHORT, filename="report.txt")), MULTIPART),
    "no extension": (form(part(SHORT, filename="report")), MULTIPART),
    "pdf without dot": (form(part(SHORT, filename="reportpdf")), MULTIPART),
    "only extension": (form(part(SHORT, filename=".pdf")), MULTIPART),
    "blank after extension": (form(part(SHORT, filename="report.pdf ")), MULTIPART),
    "unicode file name": (form(part(SHORT, filename="Z\u00fcrich \u65e5\u672c \U0001f4c4.pdf")), MULTIPART),
    "percent in file name": (form(part(SHORT, filename="100%25 a+b.pdf")), MULTIPART),
    "another content type": (form(part(SHORT, kind="text/plain")), MULTIPART),
    "no content type": (form(part(SHORT, kind=None)), MULTIPART),
    "two files": (form(part(SHORT, filename="first.pdf"), part(REPORT, filename="second.pdf")), MULTIPART),
    "further fields": (form(part(b"x", name="note", filename=None, kind=None), part(SHORT)), MULTIPART),
    "preamble and epilogue": (b"preamble\r\n" + form(part(SHORT)) + b"epilogue", MULTIPART),
    "quoted boundary": (form(part(SHORT)), {"Content-Type": f'multipart/form-data; boundary="{BOUNDARY}"'}),
    "content type in capitals": (form(part(SHORT)), {"Content-Type": f"Multipart/Form-Data; BOUNDARY={BOUNDARY}"}),
}
PATH_NAMES = {"Unix path": "../../etc/report.pdf", "Windows path": "C:\\\\docs\\\\report.pdf", "control characters": "re\x01port\x7f.pdf"}

# ---- JSON ---------------------------------------------------------------------------------------------

GOOD_LOGIN = {"email": "alice@example.com", "password": PASSWORD}
JSON_FAULTS: dict[str, bytes] = {
    text.decode("latin-1"): text
    for text in (
        b"{", b'{"', b'{"a', b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,}', b'{"a" 1}', b"{a:1}", b"{'a':1}", b'{"a":1 "b":2}',
        b"[1,]", b"[1 2]", b"[", b"[1", b"nul", b"tru", b"nulll", b"01", b"1.", b"-", b"1e", b"+1", b".5", b"0x10", b"1 2", b"{} x", b"{}}", b'"', b'"abc',
        b'"\\x"', b'"\\u12"', b'"\\', b"//", b"{}//", b",", b":", b"}", b"]", b" ", b"\n", b"abc", b"<a/>", b'{"email": "a@example.com", "password": }')
} | {
    "control character in a string": b'{"email":"a\x01b"}',
    "tab in a string": b'{"email":"a\tb"}',
    "newline in a string": b'{"email":"a\nb"}',
    "position counts characters": '{"\u00e9\u65e5\U0001f600": }'.encode(),
    "fault on the third line": b'{\n  "email": "a@example.com",\n  "password" "x"\n}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "invalid UTF-8": b'{"email":"\xff\xfe"}',
    "truncated UTF-8": b'{"email":"\xc3"}',
    "overlong UTF-8": b'{"email":"\xc0\xaf"}',
    "surrogate in UTF-8": b'{"email":"\xed\xa0\x80"}',
    "100,000 brackets": b"[" * 100_000,
}
JSON_ODDITIES: dict[str, bytes] = {
    "array": b"[]", "array of objects": b"[{}]", "string": b'"abc"', "number": b"1", "fraction": b"1.5", "true": b"true", "null": b"null", "empty object": b"{}",
    "NaN": b"NaN", "Infinity": b"-Infinity", "1e400": b"1e400", "large integer": b"123456789012345678901234567890",
    "twice the same key": json.dumps(GOOD_LOGIN).replace("{", '{"password":"wrong",', 1).encode(),
    "escaped key": json.dumps(GOOD_LOGIN).replace('"email"', '"e\\u006dail"').encode(),
    "blanks around": b" \r\n\t" + json.dumps(GOOD_LOGIN).encode() + b" \n",
    "unknown fields": json.dumps(GOOD_LOGIN | {"more": [1, {"x": None}]}).encode(),
    "keys in capitals": b'{"Email":"alice@example.com","PASSWORD":"x"}',
    "UTF-16": json.dumps(GOOD_LOGIN).encode("utf-16"),
    "60 brackets": b"[" * 60 + b"]" * 60,
}
CONTENT_TYPES = {
    "with charset": "application/json; charset=utf-8", "in capitals": "APPLICATION/JSON", "problem+json": "application/problem+json",
    "text": "text/plain", "form": "application/x-www-form-urlencoded", "none": None, "xml": "application/xml", "empty": "", "junk": "json",
    "json with blank": " application/json ",
}
STRINGS = {"null": None, "integer": 1, "fraction": 1.5, "true": True, "array": [], "array of strings": ["a"], "object": {}}
INTEGERS = {
    "null": "null", "string 1": '"1"', "string abc": '"abc"', "empty string": '""', "1.0": "1.0", "1.5": "1.5", "true": "true", "array": "[]",
    "object": "{}", "-1": "-1", "0": "0", "2^31": "2147483648", "2^63-1": "9223372036854775807", "2^63": "9223372036854775808",
    "2^64": "18446744073709551616", "-2^63-1": "-9223372036854775809", "1e400": "1e400", "1e3": "1e3", "string 1.0": '"1.0"', "string 1.5": '"1.5"',
    "string with blanks": '" 1 "', "string +1": '"+1"', "string 1_000": '"1_000"', "string 01": '"01"', "string 1e3": '"1e3"', "string 0x1": '"0x1"',
    "string of 5000 digits": '"' + "9" * 5000 + '"', "string -0": '"-0"', "Arabic digits": '"\u0661"',
}
QUERY_INTEGERS = ["0", "-1", "1", "2", "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "abc", "1.5", "1.0", "1e400", "1e1",
                  "", "%20", "%201%20", "+1", "%2B1", "-0", "01", "1_0", "0x10", "null", "true", "%00", "%D9%A1", "9" * 400, "nan", "inf", "1%002", "%FF"]
EMAILS = [
    "plain", "@example.com", "a@", "a@@example.com", "a b@example.com", "a@b@example.com", "a@example", "a@localhost", "a@example.com.", ".a@example.com",
    "a.@example.com", "a..b@example.com", "a@-example.com", "a@example-.com", "a@exam_ple.com", "a@.com", "a@example..com", "a@[127.0.0.1]", "a@127.0.0.1",
    '"quoted"@example.com', "a@example.com\n", " a@example.com", "a@example.com ", "Name <a@example.com>", "<a@example.com>", "a@exam ple.com",
    "a(comment)@example.com", "a,b@example.com", "a\\b@example.com", "x" * 64 + "@example.com", "x" * 65 + "@example.com", "a@" + "x" * 63 + ".com",
    "a@" + "x" * 64 + ".com", "a@" + ("x" * 60 + ".") * 4 + "com", "a@test", "a@foo.test", "a@foo.invalid", "a@foo.local", "a@foo.localhost", "a@foo.onion",
    "a@foo.arpa", "a@example.c", "a@example.123", "a@xn--bcher-kva.example.com", "a@b\u00fccher.example.com", "\u00fcser@example.com", "a@\u4f8b\u5b50.com",
    "a+tag@example.com", "a/b=c!{}|~^%&'*$#?`@example.com", "a\u0000@example.com", "a\u200b@example.com", "e\u0301@example.com", "a\u2028@example.com",
    "\U0001f600@example.com", "a@\U0001f600.com", "a@xn--a.com", "a;b@example.com", "a:b@example.com", "a@example.com,b@example.com", "", "mailto:a@example.com",
    "a@EXAMPLE.com", "a\uff20example.com", "a@example\u3002com", "a@\u00df.com", "a\u0301\u0301@example.com", "a@a-b.com", "a@ab--cd.com",
]


def _raw(field_name: str, text: str, rest: dict[str, Any]) -> bytes:
    """A JSON object with one value written as `text`."""
    return json.dumps(rest | {field_name: "@@"}).replace('"@@"', text).encode()


def _quoted(**fields: Any) -> str:
    return "?" + urlencode(fields, quote_via=quote)


def cases() -> Iterator[Case]:
    yield from _accounts()
    yield from _access()
    yield from _json()
    yield from _emails()
    yield from _messages()
    yield from _documents()
    yield from _stateless()
    yield from _paths()
    yield from _cors()
    yield from _notification()
    yield from _rules()


def _accounts() -> Iterator[Case]:
    yield Case("root", "GET", "/")
    for name, full in (("alice", "Alice"), ("bob", "Bob O'Neil"), ("carol", "\u5361\u7f57\u5c14 \u00c7a\u0306rol \U0001f469\u200d\U0001f4bb")):
        yield Case(f"register {name}", "POST", "/register", json={"email": f"{name}@example.com", "password": PASSWORD, "name": full}, keep=f"user:{name}")
    yield Case("register with further fields", "POST", "/register", json={"email": "dave@example.com", "password": PASSWORD, "name": "Dave", "id": 77, "is_admin": True}, keep="user:dave")
    yield Case("register with an empty name", "POST", "/register", json={"email": "noname@example.com", "password": PASSWORD, "name": ""}, keep="user:noname")
    yield Case("register with an empty password", "POST", "/register", json={"email": "nopass@example.com", "password": "", "name": "N"}, keep="user:nopass")
    yield Case("login with an empty password", "POST", "/login", json={"email": "nopass@example.com", "password": ""})
    yield Case("register with a short password", "POST", "/register", json={"email": "short@example.com", "password": "x", "name": "S"}, keep="user:short")
    yield Case("register with a unicode password", "POST", "/register", json={"email": "uni@example.com", "password": f"{CANARY} \u00e9\u65e5\u672c", "name": "U"}, keep="user:uni")
    yield Case("login with a unicode password", "POST", "/login", json={"email": "uni@example.com", "password": f"{CANARY} \u00e9\u65e5\u672c"})
    yield Case("register with markup in the name", "POST", "/register", json={"email": "markup@example.com", "password": PASSWORD, "name": "<b>\"'; DROP TABLE users;--</b>\u2028\t"}, keep="user:markup")
    yield Case("register with a name of 255", "POST", "/register", json={"email": "long@example.com", "password": PASSWORD, "name": "n" * 255}, keep="user:long")
    yield Case("register with a domain in capitals", "POST", "/register", json={"email": "domain@EXAMPLE.ORG", "password": PASSWORD, "name": "D"}, keep="user:domain")
    yield Case("login with the domain in small letters", "POST", "/login", json={"email": "domain@example.org", "password": PASSWORD})
    yield Case("register with a unicode e-mail", "POST", "/register", json={"email": "j\u00f6rg@b\u00fccher.example.com", "password": PASSWORD, "name": "J"}, keep="user:joerg")
    yield Case("me with a unicode e-mail", "GET", "/me", user="joerg")
    yield Case("register twice", "POST", "/register", json={"email": "alice@example.com", "password": "other", "name": "Other"})
    yield Case("register twice, domain in capitals", "POST", "/register", json={"email": "alice@EXAMPLE.com", "password": "other", "name": "Other"})
    yield Case("login", "POST", "/login", json=GOOD_LOGIN)
    yield Case("login with a wrong password", "POST", "/login", json={"email": "alice@example.com", "password": "wrong"})
    yield Case("login with an unknown e-mail", "POST", "/login", json={"email": "nobody@example.com", "password": PASSWORD})
    yield Case("login with a password in capitals", "POST", "/login", json={"email": "alice@example.com", "password": PASSWORD.upper()})
    yield Case("login with a longer password", "POST", "/login", json={"email": "alice@example.com", "password": PASSWORD + " "})
    yield Case("login with SQL", "POST", "/login", json={"email": "alice@example.com", "password": "' OR '1'='1"})
    for name in ("alice", "carol", "dave", "noname", "markup", "long", "domain"):
        yield Case(f"me as {name}", "GET", "/me", user=name)
    yield Case("protected as alice", "GET", "/protected", user="alice")
    yield Case("users as alice", "GET", "/users", user="alice")
    yield Case("users with a query", "GET", "/users?skip=1&limit=1&x=%00", user="bob")
    yield Case("GET with a body", "GET", "/me", user="alice", body=b'{"x":1}', headers=JSON)


def _protected() -> list[tuple[str, str, dict[str, Any]]]:
    file = {"body": form(part(SHORT)), "headers": MULTIPART}
    return [("GET", "/protected", {}), ("GET", "/me", {}), ("GET", "/users", {}), ("POST", "/messages", {"json": {"content": "x", "recipient_id": Id("user:bob")}}),
            ("GET", "/messages/{user:bob}", {}), ("GET", "/messages?page=1&limit=2", {}), ("POST", "/upload-pdf", file), ("GET", "/documents", {}),
            ("GET", "/documents/1/text", {}), ("POST", "/extract-tables", file), ("POST", "/pdf-info", file), ("POST", "/search-pdf?search_term=x", file)]


def _access() -> Iterator[Case]:
    for method, target, rest in _protected():
        headers = rest.get("headers", {})
        for what, value in HEADERS.items():
            extra = {} if value is None else {"Authorization": value}
            yield Case(f"{method} {target}: {what}", method, target, **rest | {"headers": headers | extra})
        few = ("expired", "none algorithm", "another key", "garbage", "no user")
        for what, token in BAD_TOKENS.items():
            if target == "/protected" or what in few:
                yield Case(f"{method} {target}: token {what}", method, target, token=token, **rest)
    for what, token in GOOD_TOKENS.items():
        yield Case(f"protected: token with {what}", "GET", "/protected", token=token)
    yield Case("protected: scheme in small letters", "GET", "/protected", token=GOOD_TOKENS["only the seed's claims"], headers={"X-Scheme": "bearer"})
    yield Case("protected: scheme in capitals", "GET", "/protected", token=GOOD_TOKENS["only the seed's claims"], headers={"X-Scheme": "BEARER"})
    yield Case("protected: token without expiry", "GET", "/protected", token=lambda r: mint(_claims(r, exp=...)))
    gone = lambda r: mint(_claims(r, user_id=999_999))
    yield Case("me: user gone", "GET", "/me", token=gone)
    yield Case("protected: user gone", "GET", "/protected", token=gone)
    yield Case("users: user gone", "GET", "/users", token=gone)
    yield Case("documents: user gone", "GET", "/documents", token=gone)
    yield Case("send message: user gone", "POST", "/messages", token=gone, json={"content": "x", "recipient_id": Id("user:bob")})
    # What is read before the token: JSON and form syntax. What is not: fields and parameters.
    yield Case("no token, JSON fault", "POST", "/messages", body=b"{", headers=JSON)
    yield Case("no token, field fault", "POST", "/messages", json={})
    yield Case("no token, path fault", "GET", "/messages/abc")
    yield Case("no token, query fault", "GET", "/messages?page=abc")
    yield Case("no token, broken form", "POST", "/upload-pdf", body=form(part(SHORT)), headers={"Content-Type": "multipart/form-data"})
    yield Case("no token, missing part", "POST", "/upload-pdf", body=form(), headers=MULTIPART)


def _json() -> Iterator[Case]:
    for what, body in (JSON_FAULTS | JSON_ODDITIES).items():
        yield Case(f"login: JSON {what}", "POST", "/login", body=body, headers=JSON)
    yield Case("login: no body", "POST", "/login")
    yield Case("login: no body, JSON type", "POST", "/login", headers=JSON)
    yield Case("login: empty body", "POST", "/login", body=b"", headers=JSON)
    for what, value in CONTENT_TYPES.items():
        yield Case(f"login: content type {what}", "POST", "/login", body=json.dumps(GOOD_LOGIN).encode(), headers={} if value is None else {"Content-Type": value})
    yield Case("login: form", "POST", "/login", body=urlencode(GOOD_LOGIN).encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})
    yield Case("login: multipart", "POST", "/login", body=form(part(b"x", name="email", filename=None, kind=None)), headers=MULTIPART)
    yield Case("send message: JSON fault", "POST", "/messages", body=b'{"content":"x",}', headers=JSON, user="alice")
    whole = {"email": "x@example.com", "password": "p", "name": "n"}
    for name in whole:
        yield Case(f"register without {name}", "POST", "/register", json={k: v for k, v in whole.items() if k != name})
        for what, value in STRINGS.items():
            yield Case(f"register: {name} {what}", "POST", "/register", json=whole | {name: value})
    yield Case("register: empty object", "POST", "/register", json={})
    yield Case("register: all wrong", "POST", "/register", json={"email": 1, "password": [], "name": {"a": [1.5, "\u00e9", None]}})
    yield Case("register: null", "POST", "/register", body=b"null", headers=JSON)
    yield Case("register: two objects", "POST", "/register", body=b"[{},{}]", headers=JSON)
    yield Case("register: lone surrogate", "POST", "/register", body=b'{"email":"s@example.com","password":"p","name":"\\ud800"}', headers=JSON)
    yield Case("register: surrogate pair in the e-mail", "POST", "/register", body=b'{"email":"\\ud83d\\ude00","password":"p","name":"n"}', headers=JSON)
    yield Case("register: NUL in the name", "POST", "/register", json=whole | {"name": "a\0b"})
    yield Case("register: name of 256", "POST", "/register", json=whole | {"name": "n" * 256})
    for name in GOOD_LOGIN:
        yield Case(f"login without {name}", "POST", "/login", json={k: v for k, v in GOOD_LOGIN.items() if k != name})
        for what, value in STRINGS.items():
            yield Case(f"login: {name} {what}", "POST", "/login", json=GOOD_LOGIN | {name: value})


def _emails() -> Iterator[Case]:
    for email in EMAILS:
        # A body without a password, so that a good address makes no account.
        yield Case(f"register: e-mail {json.dumps(email)}", "POST", "/register", json={"email": email, "name": "n"})
    for email in ("alice", "a@b", "\u00fcser@example.com", "alice@example.com "):
        yield Case(f"login: e-mail {json.dumps(email)}", "POST", "/login", json={"email": email, "password": "x"})


def _messages() -> Iterator[Case]:
    yield Case("conversation before any message", "GET", "/messages/{user:bob}", user="alice")
    yield Case("page before any message", "GET", "/messages", user="alice")
    for number, (sender, recipient, content) in enumerate((
            ("alice", "bob", "first"), ("bob", "alice", "second"), ("alice", "bob", "\u65e5\u672c\u8a9e \U0001f600 \u0645\u0631\u062d\u0628\u0627\u200e"), ("alice", "carol", "to carol"),
            ("carol", "alice", "from carol"), ("alice", "alice", "to myself"), ("bob", "alice", " \t\n\"quotes\" \\ / <b>\u2028"), ("alice", "bob", "x" * 10000),
            ("bob", "carol", "not alice's"))):
        yield Case(f"send message {number}", "POST", "/messages", user=sender, json={"content": f"{CANARY} {content}"[:10000], "recipient_id": Id(f"user:{recipient}")}, keep=f"message:{number}")
    yield Case("send message with further fields", "POST", "/messages", user="alice", json={"content": CANARY, "recipient_id": Id("user:bob"), "sender_id": Id("user:carol"), "id": 1}, keep="message:more")
    for user, peer in (("alice", "bob"), ("bob", "alice"), ("alice", "carol"), ("alice", "alice"), ("bob", "carol"), ("carol", "dave")):
        yield Case(f"conversation of {user} and {peer}", "GET", f"/messages/{{user:{peer}}}", user=user)
    for query in ("", "?page=1", "?limit=3", "?page=2&limit=3", "?page=3&limit=3", "?page=99", "?limit=0", "?limit=1000", "?page=1&page=2&limit=2", "?Page=2", "?page=2&limit=3&x=1"):
        yield Case(f"page{query}", "GET", f"/messages{query}", user="alice")
    for value in QUERY_INTEGERS:
        shown = value if len(value) < 30 else f"{len(value)} digits"
        yield Case(f"page={shown}", "GET", f"/messages?page={value}", user="alice")
        yield Case(f"limit={shown}", "GET", f"/messages?limit={value}", user="alice")
        if value and value not in ("1", "2", "+1", "01", "1.0", "%201%20", "%2B1", "%D9%A1", "1_0"):   # no user has a number that they can mean
            yield Case(f"conversation with {shown}", "GET", f"/messages/{value}", user="alice")
    yield Case("page and limit wrong", "GET", "/messages?page=x&limit=y", user="alice")
    yield Case("page and limit 0", "GET", "/messages?page=0&limit=0", user="alice")
    yield Case("page and limit too large", "GET", "/messages?page=3037000500&limit=3037000500", user="alice")
    for what, text in INTEGERS.items():
        if what not in ("string 1", "1.0", "string 1.0", "string with blanks", "string +1", "string 01", "1e3", "string 1_000", "Arabic digits"):
            yield Case(f"send message: recipient {what}", "POST", "/messages", user="alice", body=_raw("recipient_id", text, {"content": "x"}), headers=JSON)
    for what, value in STRINGS.items():
        yield Case(f"send message: content {what}", "POST", "/messages", user="alice", json={"content": value, "recipient_id": Id("user:bob")})
    for form_of_integer in ("1.5", '"x1"', '"1.5"', '"1 1"', '"1__0"', '"_1"', '"--1"', '"1e0"', '"\\u0000"', '"0b1"', '" "', "1E-2", "-1.5", "[1]"):
        yield Case(f"send message: recipient written {form_of_integer}", "POST", "/messages", user="alice", body=_raw("recipient_id", form_of_integer, {"content": "x"}), headers=JSON)
    yield Case("send message: nothing", "POST", "/messages", user="alice", json={})
    yield Case("send message: no recipient", "POST", "/messages", user="alice", json={"content": "x"})
    yield Case("send message: no content", "POST", "/messages", user="alice", json={"recipient_id": Id("user:bob")})
    yield Case("send message: array", "POST", "/messages", user="alice", json=[1])
    yield Case("send message: both wrong", "POST", "/messages", user="alice", json={"content": 5, "recipient_id": "x"})
    yield Case("send message: unknown recipient", "POST", "/messages", user="alice", json={"content": "x", "recipient_id": 999_999})
    yield Case("send message: NUL in content", "POST", "/messages", user="alice", json={"content": "a\0b", "recipient_id": Id("user:bob")})
    yield Case("send message: lone surrogate", "POST", "/messages", user="alice", body=b'{"content":"\\udfff","recipient_id":999999}', headers=JSON)
    for what, template in {"as a string": '"{}"', "as a fraction": "{}.0", "as a string with .0": '"{}.0"', "with blanks": '" {} "', "with a plus": '"+{}"', "with zeros": '"00{}"'}.items():
        yield Case(f"send message: recipient {what}", "POST", "/messages", user="alice", json={"content": f"{CANARY} {what}", "recipient_id": (template, Id("user:bob"))}, keep=f"message:{what}")
    yield Case("conversation at the end", "GET", "/messages/{user:bob}", user="alice")


def _documents() -> Iterator[Case]:
    yield Case("no documents", "GET", "/documents", user="alice")
    for what, content in FILES.items():
        yield Case(f"upload {what}", "POST", "/upload-pdf", user="alice", body=form(part(content, filename=f"{what}.pdf")), headers=MULTIPART, keep=f"document:{what}")
    for what, content in FILES.items():
        yield Case(f"text of {what}", "GET", f"/documents/{{document:{what}}}/text", user="alice")
    for what, (body, headers) in ODD_FORMS.items():
        yield Case(f"upload: {what}", "POST", "/upload-pdf", user="alice", body=body, headers=headers, keep=f"document:{what}")
    for what, filename in PATH_NAMES.items():
        yield Case(f"upload: {what} as file name", "POST", "/upload-pdf", user="dave", body=form(part(SHORT, filename=filename)), headers=MULTIPART, keep=f"document:{what}")
    for what, (body, headers) in BROKEN_FORMS.items():
        yield Case(f"upload: {what}", "POST", "/upload-pdf", user="alice", body=body, headers=headers)
    for what, content in BAD_FILES.items():
        yield Case(f"upload: bad file, {what}", "POST", "/upload-pdf", user="alice", body=form(part(content)), headers=MULTIPART)
    yield Case("upload: file name of 255", "POST", "/upload-pdf", user="bob", body=form(part(SHORT, filename="f" * 251 + ".pdf")), headers=MULTIPART, keep="document:255")
    yield Case("documents", "GET", "/documents", user="alice")
    yield Case("documents of another", "GET", "/documents", user="bob")
    yield Case("documents with a query", "GET", "/documents?q=x&limit=1", user="alice")
    yield Case("text of another's document", "GET", "/documents/{document:report}/text", user="bob")
    for value in QUERY_INTEGERS:
        if value and value not in ("1", "2", "+1", "01", "1.0", "%201%20", "%2B1", "%D9%A1", "1_0"):
            yield Case(f"text of document {value if len(value) < 30 else f'{len(value)} digits'}", "GET", f"/documents/{value}/text", user="alice")
    yield Case("upload: file name of 300", "POST", "/upload-pdf", user="long", body=form(part(SHORT, filename="f" * 296 + ".pdf")), headers=MULTIPART)


def _stateless() -> Iterator[Case]:
    for path in ("/extract-tables", "/pdf-info", "/search-pdf?search_term=banana"):
        short = path.split("?")[0]
        for what, content in FILES.items():
            yield Case(f"{short}: {what}", "POST", path, user="alice", body=form(part(content, filename=f"{what}.pdf")), headers=MULTIPART)
        for what, (body, headers) in (ODD_FORMS | BROKEN_FORMS).items():
            if what in ("file name in capitals", "text file name", "two files", "unicode file name") or what in BROKEN_FORMS:
                yield Case(f"{short}: {what}", "POST", path, user="alice", body=body, headers=headers)
        for what, content in BAD_FILES.items():
            yield Case(f"{short}: bad file, {what}", "POST", path, user="alice", body=form(part(content)), headers=MULTIPART)
    body = form(part(SEARCHED, filename="searched.pdf"))
    for term in ("aa", "ana", "ANA", "stra\u00dfe", "STRASSE", "ss", "\u0130stanbul", "i\u0307", "istanbul", "\u00e9clair", "\u00c9CLAIR", "e\u0301clair", " ", "\n", "a.b", "a*b", ".", "(c)", "%s", "\\d", "%",
                 "nothing here", "absent", "y" * 80, "yy", "a b", "\0", "banana\nx", "x\u2028y"):
        yield Case(f"search {json.dumps(term)[:40]}", "POST", "/search-pdf" + _quoted(search_term=term), user="alice", body=body, headers=MULTIPART)
    for query in ("", "?search_term=", "?search_term", "?term=x", "?search_term=a&search_term=ana", "?SEARCH_TERM=x", "?search_term=%FF", "?search_term=%E9", "?search_term=%", "?search_term=a+b", "?search_term=%zz", "?search_term=ana;x=1"):
        yield Case(f"search with query {query or 'none'}", "POST", f"/search-pdf{query}", user="alice", body=body, headers=MULTIPART)
    yield Case("search: term in the form", "POST", "/search-pdf", user="alice", body=form(part(SEARCHED), part(b"ana", name="search_term", filename=None, kind=None)), headers=MULTIPART)
    yield Case("search: no term and not a PDF name", "POST", "/search-pdf", user="alice", body=form(part(SHORT, filename="a.txt")), headers=MULTIPART)
    yield Case("search: no term and a bad file", "POST", "/search-pdf", user="alice", body=form(part(b"x")), headers=MULTIPART)


ROUTES = [("GET", "/"), ("POST", "/register"), ("POST", "/login"), ("GET", "/protected"), ("GET", "/me"), ("GET", "/users"), ("GET", "/messages"), ("GET", "/messages/1"),
          ("POST", "/upload-pdf"), ("GET", "/documents"), ("GET", "/documents/1/text"), ("POST", "/extract-tables"), ("POST", "/pdf-info"), ("POST", "/search-pdf"), ("POST", "/send-notification")]


def _paths() -> Iterator[Case]:
    for _, path in ROUTES:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"):
            allowed = [m for m, p in ROUTES if p == path] + (["POST"] if path == "/messages" else [])
            if method not in allowed:
                yield Case(f"{method} {path}", method, path, user="alice")
        if path != "/":
            yield Case(f"{path}/", "GET", f"{path}/", user="alice")
            yield Case(f"POST {path}/", "POST", f"{path}/?a=b%20c&d", user="alice", json={})
    for target in ("/nope", "/nope/", "/nope?x=1", "/api", "/me/x", "/Me", "/ME", "//me", "/me//", "/messages/1/2", "/messages//", "/documents//text", "/documents/1", "/documents/1/text/x",
                   "/documents/1/texts", "/./me", "/x/../me", "/%6De", "/%2Fme", "/me%2F", "/me%00", "/me;x=1", "/%FF", "/%zz", "/%", "/\u00e9".encode().decode("latin-1"), "/messages/1%2F2",
                   "/favicon.ico", "/ws/1", "/index.html", "/.env", "/uploads/x.pdf"):
        yield Case(f"GET {json.dumps(target)}", "GET", quote(target, safe="/%?=;.&") if not target.isascii() else target, user="alice")
    for method in ("POST", "DELETE", "OPTIONS", "HEAD"):
        yield Case(f"{method} /nope", method, "/nope")


def _cors() -> Iterator[Case]:
    for _, path in ROUTES + [("GET", "/nope")]:
        for origin in (ALLOWED, DISALLOWED):
            yield Case(f"preflight {path} from {origin}", "OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"})
    preflight = {"Origin": ALLOWED, "Access-Control-Request-Method": "DELETE"}
    yield Case("preflight without headers", "OPTIONS", "/me", headers=preflight)
    yield Case("preflight with an unusual header", "OPTIONS", "/me", headers=preflight | {"Access-Control-Request-Headers": "X-Anything"})
    yield Case("preflight with an unknown method", "OPTIONS", "/me", headers=preflight | {"Access-Control-Request-Method": "BREW"})
    yield Case("preflight with a small method", "OPTIONS", "/me", headers=preflight | {"Access-Control-Request-Method": "get"})
    yield Case("preflight without a method", "OPTIONS", "/me", headers={"Origin": ALLOWED})
    yield Case("preflight without an origin", "OPTIONS", "/me", headers={"Access-Control-Request-Method": "GET"})
    for origin in (ALLOWED, DISALLOWED, "null", "http://localhost:3000/", "http://localhost", "https://localhost:3000", "HTTP://LOCALHOST:3000", "http://localhost:30000", "http://localhost:3000.evil.example", "*", ""):
        yield Case(f"root from origin {origin}", "GET", "/", headers={"Origin": origin})
    for what, method, target in (("not found", "GET", "/nope"), ("wrong method", "DELETE", "/me"), ("no token", "GET", "/me"), ("redirect", "GET", "/me/")):
        yield Case(f"{what} from the allowed origin", method, target, headers={"Origin": ALLOWED})
    yield Case("faults from the allowed origin", "POST", "/login", json={}, headers={"Origin": ALLOWED})
    yield Case("me from the allowed origin", "GET", "/me", user="alice", headers={"Origin": ALLOWED})


def _notification() -> Iterator[Case]:
    yield Case("notification signed in", "POST", "/send-notification" + _quoted(email="x@example.com", message=f"{CANARY} h\u00e9"), user="alice")
    yield Case("notification not signed in", "POST", "/send-notification" + _quoted(email="x@example.com", message="hi"))
    for query in ("", "?email=x@example.com", "?message=x", "?email=&message=", "?email=plain&message=x", "?email=x@example.com&message=" + "m" * 2000):
        yield Case(f"notification {query[:40] or 'without a query'}", "POST", f"/send-notification{query}", user="alice")
    yield Case("notification with a JSON body", "POST", "/send-notification", user="alice", json={"email": "x@example.com", "message": "x"})


def _rules() -> Iterator[Case]:
    """Where the faces' common rules differ from the reference in what they store: last, so that nothing else sees it."""
    yield Case("send message: empty content", "POST", "/messages", user="alice", json={"content": "", "recipient_id": Id("user:bob")})
    yield Case("send message: content of 10001", "POST", "/messages", user="alice", json={"content": "x" * 10001, "recipient_id": Id("user:bob")})
    yield Case("register with a password of 80 bytes", "POST", "/register", json={"email": "eighty@example.com", "password": "p" * 80, "name": "E"})
    yield Case("login with a password of 80 bytes", "POST", "/login", json={"email": "eighty@example.com", "password": "p" * 80})
    yield Case("register twice, local part in capitals", "POST", "/register", json={"email": "Alice@example.com", "password": PASSWORD, "name": "A"})
    yield Case("login, local part in capitals", "POST", "/login", json={"email": "BOB@example.com", "password": PASSWORD})
    yield Case("register with NUL in the password", "POST", "/register", json={"email": "nul@example.com", "password": "a\0b", "name": "N"})


CASES = list(cases())

# ---- asking -----------------------------------------------------------------------------------------

_NAIVE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?")
_PROCESSING = re.compile(r"^((?:Error processing file: 400: )?Error (?:processing|extracting|reading|searching) (?:PDF|tables|PDF info)): .*", re.S)
#: Headers that a client can see a difference by.
COMPARED = ["content-type", "www-authenticate", "allow", "location", "access-control-allow-origin", "access-control-allow-credentials",
            "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"]


class Replay:
    """Asks one server all cases in order."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.url = url
        self.ids: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._connection = http.client.HTTPConnection(self.host, self.port, timeout=60)

    def run(self) -> dict[str, dict[str, Any]]:
        for case in CASES:
            assert case.name not in self.answers, f"two cases are called {case.name}"
            self.answers[case.name] = self._ask(case)
        self._connection.close()
        return self.answers

    def _ask(self, case: Case) -> dict[str, Any]:
        headers = dict(case.headers)
        scheme = headers.pop("X-Scheme", "Bearer")
        token = case.token(self) if case.token else self.tokens.get(case.user, "unknown") if case.user else None
        if token is not None:
            headers["Authorization"] = f"{scheme} {token}"
        body = case.body
        if case.json is not None:
            body = json.dumps(self._resolve(case.json)).encode()
            headers.setdefault("Content-Type", "application/json")
        target = re.sub(r"\{([^{}]+)\}", lambda m: str(self.ids.get(m[1], 0)), case.target)
        status, fields, content = self._exchange(case.method, target, headers, body)
        return self._normalised(case, status, fields, content)

    def _exchange(self, method: str, target: str, headers: dict[str, str], body: bytes | None) -> tuple[int, dict[str, str], bytes]:
        for attempt in (1, 2):
            try:
                self._connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in headers.items():
                    self._connection.putheader(name, value)
                if body is not None or method in ("POST", "PUT", "PATCH"):
                    self._connection.putheader("Content-Length", str(len(body or b"")))
                self._connection.endheaders(body)
                answer = self._connection.getresponse()
                content = answer.read()
                return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content
            except (http.client.HTTPException, OSError) as error:
                self._connection.close()   # a server may end a connection after an error; ask once more on a new one
                if attempt == 2:
                    return 0, {}, f"no answer: {type(error).__name__}".encode()
        raise AssertionError

    def _resolve(self, value: Any) -> Any:
        match value:
            case Id(name):
                return self.ids.get(name, 0)
            case (str(template), Id(name)):
                return json.loads(template.format(self.ids.get(name, 0)))
            case dict():
                return {k: self._resolve(v) for k, v in value.items()}
            case list():
                return [self._resolve(v) for v in value]
        return value

    # -- into the form that is compared

    def _normalised(self, case: Case, status: int, fields: dict[str, str], content: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = {"status": status}
        headers = {name: fields[name] for name in COMPARED if name in fields}
        if "access-control-allow-origin" not in headers:   # without it the browser refuses, whatever the others say
            headers = {k: v for k, v in headers.items() if not k.startswith("access-control-")}
        if "location" in headers:
            headers["location"] = headers["location"].replace(self.url, "")
        if "allow" in headers:   # HEAD and OPTIONS are the framework's business
            headers["allow"] = ", ".join(sorted({m.strip() for m in headers["allow"].split(",")} - {"HEAD", "OPTIONS"}))
        if "access-control-allow-methods" in headers:   # newer versions of the framework add QUERY
            headers["access-control-allow-methods"] = ", ".join(sorted({m.strip() for m in headers["access-control-allow-methods"].split(",")} - {"QUERY"}))
        if "access-control-allow-headers" in headers:
            headers["access-control-allow-headers"] = ", ".join(sorted({h.strip().lower() for h in headers["access-control-allow-headers"].split(",")}))
        if "Origin" in case.headers and "origin" in fields.get("vary", "").lower():
            headers["vary"] = "Origin"
        if headers:
            answer["headers"] = headers
        text = content.decode("utf-8", "backslashreplace")
        try:
            value = json.loads(text)
        except ValueError:
            answer["text"] = text
            return answer
        if json.dumps(value, separators=(",", ":"), ensure_ascii=False) != text:
            answer["form"] = "not the compact JSON that the reference writes"
        self._keep(case, value)
        answer["body"] = self._walk(value)
        return answer

    def _keep(self, case: Case, value: Any) -> None:
        if not case.keep or not isinstance(value, dict):
            return
        kind, name = case.keep.split(":", 1)
        try:
            if kind == "user":
                self.tokens[name] = value["access_token"]
                self.ids[case.keep] = claims_of(value["access_token"])["user_id"]
            else:
                self.ids[case.keep] = value["document_id" if kind == "document" else "id"]
            self._names[kind, self.ids[case.keep]] = f"<{name}>"
        except (KeyError, AssertionError, ValueError):
            pass   # the comparison shows it

    def _symbol(self, kind: str, number: Any) -> Any:
        """What the case that made it is called, whatever its number."""
        if not isinstance(number, int) or isinstance(number, bool):
            return number
        return self._names.get((kind, number), f"<another {kind}>")

    def _walk(self, value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [self._walk(v) for v in value]
        if isinstance(value, str):
            return self._walk_string(key, value)
        if not isinstance(value, dict):
            return value
        if "loc" in value:   # a fault: its input is the request's, its text must not name Python
            return value | {"msg": re.sub(r"<class '\w+'>", "<class>", value["msg"])} | ({"input": self._input(value["input"])} if "input" in value else {})
        kind = "user" if "email" in value else "document" if "filename" in value else "message"
        return {k: self._symbol({"id": kind, "document_id": "document"}.get(k, "user"), v) if k in ("id", "document_id", "sender_id", "recipient_id") else self._walk(v, k)
                for k, v in value.items()}

    def _input(self, value: Any) -> Any:
        """The request's own ids differ between servers."""
        if isinstance(value, dict):
            return {k: self._symbol("user", v) if k in ("recipient_id", "sender_id") and v in self.ids.values() else v for k, v in value.items()}
        return value if not isinstance(value, str) or len(value) < 300 else f"{value[:100]}... ({len(value)})"

    def _walk_string(self, key: str, value: str) -> str:
        if key == "access_token":
            try:
                claims = claims_of(value)
                if abs(claims["exp"] - time.time() - 1800) > 60:
                    return "<token that does not expire in 30 minutes>"
                return f"<token of {self._symbol('user', claims['user_id'])} {claims['email']}>"
            except (AssertionError, KeyError, ValueError) as error:
                return f"<bad token: {error}>"
        if key == "created_at":
            return "<time>" if _NAIVE_TIME.fullmatch(value) else value
        if key == "message" and (greeting := re.fullmatch(r"Hello user (\d+)", value)):
            return f"Hello user {self._symbol('user', int(greeting[1]))}"
        if key == "detail":
            return _PROCESSING.sub(r"\1: ...", value)
        return value if len(value) < 1000 else f"{value[:60]}... ({len(value)} characters, {hashlib.sha256(value.encode()).hexdigest()[:16]})"
