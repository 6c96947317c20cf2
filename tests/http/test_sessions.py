"""Refresh tokens and the end of sessions."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
from client import API, PASSWORD, Client, detail, faults
from compat_cases import claims_of
from servers import Server, query


def refresh(client: Client, token: str) -> httpx.Response:
    answer = client.post(f"{API}/auth/refresh", json={"refresh_token": token})
    if answer.status_code == 200:
        client.server.secrets.update((answer.json()["access_token"], answer.json()["refresh_token"]))
    return answer


def test_refresh_rotates(alice: Client) -> None:
    first = alice.tokens["refresh_token"]
    answer = refresh(alice, first)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    second = answer.json()
    assert set(second) == {"access_token", "refresh_token", "token_type", "expires_in"} and second["refresh_token"] != first
    assert claims_of(second["access_token"])["user_id"] == alice.user["id"]
    assert alice.get(f"{API}/users/me", headers={"Authorization": f"Bearer {second['access_token']}"}).status_code == 200
    assert refresh(alice, second["refresh_token"]).status_code == 200


def test_a_spent_refresh_token_is_refused(alice: Client) -> None:
    first = alice.tokens["refresh_token"]
    assert refresh(alice, first).status_code == 200
    detail(refresh(alice, first), 401)


def test_refresh_tokens_are_opaque_and_stored_hashed(server: Server, alice: Client) -> None:
    token = alice.tokens["refresh_token"]
    assert re.fullmatch(r"[\w-]{43,}", token), token
    assert all(token not in str(row) for row in query(server.database_url, "SELECT * FROM sessions"))


def test_what_is_no_refresh_token(alice: Client) -> None:
    for token in ("", "x", "x" * 43, alice.tokens["access_token"], alice.tokens["refresh_token"] + "x", alice.tokens["refresh_token"].swapcase(), "\u00e9" * 43, "a\0b", "x" * 100_000):
        assert refresh(alice, token).status_code in (401, 422), token[:50]
    assert faults(alice.post(f"{API}/auth/refresh", json={})) == [("missing", ("body", "refresh_token"))]
    assert faults(alice.post(f"{API}/auth/refresh", json={"refresh_token": 5})) == [("string_type", ("body", "refresh_token"))]
    assert faults(alice.post(f"{API}/auth/refresh", json={"refresh_token": "x", "more": 1})) == [("extra_forbidden", ("body", "more"))]


def test_a_refresh_token_is_no_access_token(alice: Client) -> None:
    assert detail(alice.get(f"{API}/users/me", headers={"Authorization": f"Bearer {alice.tokens['refresh_token']}"}), 401) == "Invalid token"


def test_logout_by_refresh_token(alice: Client) -> None:
    answer = alice.post(f"{API}/auth/logout", json={"refresh_token": alice.tokens["refresh_token"]})
    assert (answer.status_code, answer.content) == (204, b"")
    detail(refresh(alice, alice.tokens["refresh_token"]), 401)
    assert detail(alice.get(f"{API}/users/me"), 401) == "Invalid token"
    assert alice.get("/protected").status_code == 401


def test_logout_of_the_callers_session(server: Server, alice: Client) -> None:
    with Client(server) as other:
        other.sign_in(alice.user["email"])
        assert alice.post(f"{API}/auth/logout").status_code == 204
        assert detail(alice.get(f"{API}/users/me"), 401) == "Invalid token"
        detail(refresh(alice, alice.tokens["refresh_token"]), 401)
        assert other.get(f"{API}/users/me").status_code == 200, "another session of the user goes on"
        assert refresh(other, other.tokens["refresh_token"]).status_code == 200


def test_logout_with_an_unknown_token_tells_nothing(alice: Client) -> None:
    assert alice.post(f"{API}/auth/logout", json={"refresh_token": "x" * 43}).status_code in (204, 401)
    assert alice.get(f"{API}/users/me").status_code == 200


def test_one_of_parallel_refreshes_succeeds(server: Server, alice: Client) -> None:
    token = alice.tokens["refresh_token"]

    def one(_: int) -> int:
        with Client(server) as client:
            return refresh(client, token).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(one, range(8)))
    assert set(statuses) <= {200, 401, 503} and statuses.count(200) == 1, statuses


def test_sessions_outlive_a_restart(own_server: Server) -> None:
    with Client(own_server) as client:
        client.register("Restarted")
        own_server.stop()
        own_server.start()
        assert client.get(f"{API}/users/me").status_code == 200
        assert refresh(client, client.tokens["refresh_token"]).status_code == 200
        client.sign_in(client.user["email"], PASSWORD)


def test_an_inactive_user_is_refused(server: Server, alice: Client) -> None:
    _execute(server.database_url, "UPDATE users SET is_active = 0 WHERE id = %s", alice.user["id"])
    assert detail(alice.get(f"{API}/users/me"), 403) == "Inactive user"
    assert detail(alice.post(f"{API}/auth/login", json={"email": alice.user["email"], "password": PASSWORD}), 403) == "Inactive user"
    detail(alice.post(f"{API}/auth/login", json={"email": alice.user["email"], "password": "wrong"}), 401)
    assert refresh(alice, alice.tokens["refresh_token"]).status_code in (401, 403)


def _execute(database_url: str, sql: str, *args: object) -> None:
    if database_url.startswith("sqlite:///"):
        import sqlite3

        with sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=10) as connection:
            connection.execute(sql.replace("%s", "?"), args)
        connection.close()
        return
    import psycopg2

    with psycopg2.connect(database_url) as connection:
        connection.cursor().execute(sql, args)
    connection.close()
