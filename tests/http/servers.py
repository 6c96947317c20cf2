"""Processes that the tests talk to: backend-server, the reference application, a PostgreSQL database, a proxy before it."""
from __future__ import annotations

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SECRET_KEY = "test-secret-key-0123456789abcdef0123456789abcdef"
#: Every password and message of these tests holds it, so that a log which shows one is caught.
CANARY = "kanarienvogel"
PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 40
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|UndefinedBehaviorSanitizer")
_SECRETS = {
    "an access token": re.compile(r"eyJ[\w-]{8,}\.[\w-]+"),
    "a password hash": re.compile(r"\$2[aby]\$\d\d\$|\$argon2"),
    "the canary": re.compile(re.escape(CANARY)),
    "the secret key": re.compile(re.escape(SECRET_KEY)),
}


class Process:
    """A child process whose output is kept and can be waited for, line by line."""

    def __init__(self, command: list[str], environment: dict[str, str], directory: Path, log: Path):
        self.log = log
        self._asked = False
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(command, env=environment, cwd=directory, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with open(self.log, "ab") as out:
            for line in self.process.stdout:
                out.write(line)
                out.flush()
                self._lines.put(line.decode(errors="replace"))
        self._lines.put(None)

    def wait_for_port(self) -> int:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.kill()
                raise AssertionError(f"no address within {START_SECONDS} s:\n{self.output()}") from None
            if line is None:
                raise AssertionError(f"ended with {self.process.wait()} before it listened:\n{self.output()}")
            if found := _ADDRESS.search(line):
                return int(found[1])

    def output(self) -> str:
        return self.log.read_text(errors="replace")[-20000:] if self.log.exists() else ""

    def ask_to_stop(self) -> None:
        """One SIGTERM: a second one may end a process at once."""
        if not self._asked and self.process.poll() is None:
            self._asked = True
            self.process.send_signal(signal.SIGTERM)

    def terminate(self) -> int:
        """SIGTERM; the exit status."""
        self.ask_to_stop()
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOP_SECONDS} s after SIGTERM:\n{self.output()}") from None
        self._reader.join(5)
        return status

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5)


class Server:
    """backend-server on a free port. start() and stop() may be called again, on the same data and port."""

    def __init__(self, database_url: str, directory: Path, **settings: str):
        self.binary = Path(os.environ.get("BACKEND_SERVER") or PROJECT / "build/release/bin/backend-server")
        if not self.binary.is_file():
            raise AssertionError(f"there is no server at {self.binary}: build it, or name it in BACKEND_SERVER")
        self.database_url, self.directory, self.settings = database_url, directory, settings
        self.data_dir, self.log = directory / "data", directory / "server.log"
        self.secrets: set[str] = set()
        self.port = 0
        self._process: Process | None = None

    def start(self) -> "Server":
        environment = {name: os.environ[name] for name in
                       ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")
                       if name in os.environ}
        environment |= {"SECRET_KEY": SECRET_KEY, "BCRYPT_COST": "4", "UPLOAD_DIR": str(self.directory / "uploads")}
        environment |= self.settings
        self._process = Process(
            [str(self.binary.absolute()), "serve", "--host", "127.0.0.1", "--port", str(self.port),
             "--data-dir", str(self.data_dir), "--database-url", self.database_url], environment, self.directory, self.log)
        self.port = self._process.wait_for_port()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.process.pid

    def stop(self) -> None:
        """SIGTERM; checks the exit status and the log."""
        status = self._process.terminate()
        self.check_log()
        assert status == 0, f"exit status {status} on SIGTERM:\n{self._process.output()}"

    def kill(self) -> None:
        self._process.kill()

    def start_and_fail(self) -> str:
        """The output of a start that must end before the server listens."""
        try:
            self.start()
        except AssertionError as error:
            assert "before it listened" in str(error), error
            status, self._process = self._process.process.wait(), None
            assert status > 0, f"died of signal {-status}" if status else "exit status 0"
            return self.log.read_text(errors="replace")
        self.stop()
        raise AssertionError("the server started")

    def ask_to_stop(self) -> None:
        """SIGTERM, and no waiting."""
        self._process.ask_to_stop()

    def close(self) -> None:
        """End of a test: stops it if it runs; a server that died by itself is a failure."""
        if self._process is None:
            return
        if self._process.process.returncode == -signal.SIGKILL:
            self.check_log()
            return
        assert self.running, f"the server died ({self._process.process.poll()}):\n{self._process.output()}"
        self.stop()

    def check_log(self) -> None:
        log = self.log.read_text(errors="replace")
        assert not (found := _SANITIZER.search(log)), f"sanitizer report:\n{log[max(0, found.start() - 200):][:4000]}"
        shown = [what for what, pattern in _SECRETS.items() if pattern.search(log)]
        shown += [f"a secret of the test ({secret[:6]}...)" for secret in self.secrets if secret in log]
        assert not shown, f"the log {self.log} shows {', '.join(shown)}"

    def stored_files(self) -> list[Path]:
        """Files under the data folder that are neither a database nor a generated secret: what uploads left."""
        mine = re.compile(r"\.(db|sqlite3?)(-wal|-shm|-journal)?$|secret|\.lock$|\.pid$")
        return sorted(p for p in self.data_dir.rglob("*") if p.is_file() and not mine.search(p.name))


class Reference:
    """The FastAPI application named by REFERENCE_APP, run by uvicorn on a PostgreSQL database of its own."""

    def __init__(self, database_url: str, directory: Path, bcrypt_cost: int = 4):
        self.application = Path(os.environ["REFERENCE_APP"]).resolve()
        self.database_url, self.directory, self.bcrypt_cost = database_url, directory, bcrypt_cost
        self.port = 0
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def upload_dir(self) -> Path:
        return self.directory / "uploads"

    def start(self) -> "Reference":
        self.directory.mkdir(parents=True, exist_ok=True)
        parts = urlsplit(self.database_url)
        environment = os.environ | {
            "SECRET_KEY": SECRET_KEY, "DB_HOST": parts.hostname, "DB_PORT": str(parts.port or 5432), "DB_NAME": parts.path[1:],
            "DB_USER": parts.username or "postgres", "DB_PASSWORD": parts.password or "", "PYTHONDONTWRITEBYTECODE": "1"}
        # The application asks for bcrypt's default cost, which takes a quarter of a second a call.
        program = (f"import sys, bcrypt; sys.path.insert(0, {str(self.application.parent)!r}); salt = bcrypt.gensalt; "
                   f"bcrypt.gensalt = lambda *a: salt({self.bcrypt_cost}); import uvicorn; "
                   f"uvicorn.run({self.application.stem + ':app'!r}, host='127.0.0.1', port=0, ws='none')")
        self._process = Process([sys.executable, "-W", "ignore", "-c", program], environment, self.directory,
                                self.directory / "reference.log")
        self.port = self._process.wait_for_port()
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()


class Database:
    """A PostgreSQL database of its own on the cluster that TEST_POSTGRES_URL names."""

    def __init__(self, cluster_url: str):
        self.cluster_url = cluster_url
        self.name = f"test_{uuid.uuid4().hex[:16]}"
        self.url = urlunsplit(urlsplit(cluster_url)._replace(path=f"/{self.name}"))

    def __enter__(self) -> "Database":
        self._run(f"CREATE DATABASE {self.name}", f"ALTER DATABASE {self.name} SET timezone = 'UTC'")
        return self

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _run(self, *statements: str) -> None:
        import psycopg2

        connection = psycopg2.connect(self.cluster_url)
        connection.autocommit = True
        try:
            for statement in statements:
                connection.cursor().execute(statement)
        finally:
            connection.close()

    def query(self, sql: str, *args: object) -> list[tuple]:
        return query(self.url, sql, *args)


def query(database_url: str, sql: str, *args: object) -> list[tuple]:
    """Rows of a SELECT, straight from a test's database; parameters are written %s."""
    if database_url.startswith("sqlite:///"):
        import sqlite3

        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=10)
        try:
            return connection.execute(sql.replace("%s", "?"), args).fetchall()
        finally:
            connection.close()
    import psycopg2

    connection = psycopg2.connect(database_url)
    try:
        cursor = connection.cursor()
        cursor.execute(sql, args)
        return cursor.fetchall()
    finally:
        connection.close()


class Proxy:
    """A TCP relay to another address that can be cut and mended: what a database that goes away looks like."""

    def __init__(self, host: str, port: int):
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._cut = self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._cut:
                    client.close()
                    continue
                try:
                    upstream = socket.create_connection(self._target)
                except OSError:
                    client.close()
                    continue
                self._pairs.append((client, upstream))
            for source, sink in ((client, upstream), (upstream, client)):
                threading.Thread(target=self._relay, args=(source, sink), daemon=True).start()

    @staticmethod
    def _relay(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self) -> None:
        """Ends every connection and refuses new ones."""
        with self._lock:
            self._cut = True
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def mend(self) -> None:
        with self._lock:
            self._cut = False

    def close(self) -> None:
        self._closed = True
        self.cut()
        self._listener.close()
