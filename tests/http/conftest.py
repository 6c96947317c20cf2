"""Tests of backend-server over HTTP. `./dev test` runs them; by hand: `python -m pytest tests/http`.

What they need from the environment:

BACKEND_SERVER      the server's binary (default build/release/bin/backend-server). Missing: the tests fail.
TEST_POSTGRES_URL   postgresql://USER[:PASSWORD]@HOST:PORT/DATABASE of a throwaway cluster, as a user who may create
                    databases; every fixture makes and drops its own. Unset: what needs PostgreSQL is skipped.
REFERENCE_APP       the file of the FastAPI application that the root paths reproduce. Set (with TEST_POSTGRES_URL): it is
                    run beside the server and asked the same. Unset: the server is compared with its recorded answers,
                    compat_answers.json (made by record_compat.py), and test_adoption.py is skipped.
PDF_CORPUS          a folder of PDF files to upload and compare with pdfplumber. Unset: those tests are skipped.
BACKEND_LONG_TESTS  set: tests marked `long` run too (also with -m long).
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from client import Client
from servers import Database, Reference, Server


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("-m") or os.environ.get("BACKEND_LONG_TESTS"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def cluster_url() -> str:
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        pytest.skip("TEST_POSTGRES_URL is not set")
    return url


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A fresh PostgreSQL database."""
    with Database(cluster_url()) as database:
        yield database.url


@pytest.fixture(params=["sqlite", "postgres"], scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def database_url(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh database of either engine, for one module."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/app.db"
        return
    with Database(cluster_url()) as database:
        yield database.url


@pytest.fixture(scope="module")
def server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server, one for a module and engine. At the end it must exit 0 on SIGTERM with a clean log."""
    server = Server(database_url, tmp_path_factory.mktemp("server")).start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def own_database_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """A fresh database of either engine, for one test."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/app.db"
        return
    with Database(cluster_url()) as database:
        yield database.url


@pytest.fixture
def own_server(own_database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server for one test, which may kill and start it."""
    server = Server(own_database_url, tmp_path).start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def api(server: Server) -> Iterator[Client]:
    """A client without an account."""
    with Client(server) as client:
        yield client


@pytest.fixture
def alice(server: Server) -> Iterator[Client]:
    """A client signed in as a new user."""
    with Client(server) as client:
        yield client.register("Alice Ädams")


@pytest.fixture
def bob(server: Server) -> Iterator[Client]:
    with Client(server) as client:
        yield client.register("Bob Brown")


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference | None]:
    """The reference application on an empty database, or None when it is not at hand."""
    if not os.environ.get("REFERENCE_APP") or not os.environ.get("TEST_POSTGRES_URL"):
        yield None
        return
    with Database(os.environ["TEST_POSTGRES_URL"]) as database:
        application = Reference(database.url, tmp_path_factory.mktemp("reference")).start()
        try:
            yield application
        finally:
            application.stop()
