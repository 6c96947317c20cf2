"""Records the reference application's answers: `python tests/http/record_compat.py`, with REFERENCE_APP and TEST_POSTGRES_URL
set as conftest.py explains. Writes compat_answers.json beside it; commit it."""
from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RECORDING = HERE / "compat_answers.json"
sys.path[:0] = [str(HERE), str(HERE.parent)]


def versions() -> dict[str, str]:
    """What the reference's answers depend on."""
    found = {name: version(name) for name in ("fastapi", "starlette", "pydantic", "email-validator", "python-multipart", "pdfplumber")}
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}"} | found


def load() -> dict[str, dict[str, Any]]:
    """Case -> answer, and "versions" of what gave them."""
    return json.loads(RECORDING.read_text(encoding="utf-8"))


def save(answers: dict[str, dict[str, Any]]) -> None:
    entries = {"versions": versions()} | answers
    lines = (f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items())
    RECORDING.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    from compat_cases import Replay
    from servers import Database, Reference

    with tempfile.TemporaryDirectory() as folder, Database(os.environ["TEST_POSTGRES_URL"]) as database:
        application = Reference(database.url, Path(folder)).start()
        try:
            save(Replay(application.url).run())
        finally:
            application.stop()


if __name__ == "__main__":
    main()
