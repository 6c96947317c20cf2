"""Waiting for what a server does in its own time."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable


def eventually(check: Callable[[], bool], seconds: float = 10, what: str = "") -> None:
    """Asks until `check` holds; AssertionError after `seconds`."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what or f"did not come about in {seconds} s"
        pause.wait(0.05)
