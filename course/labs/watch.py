"""One thread for a lab: it sleeps until a socket is ready or a time has come, and then has the lab look again."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Waits:
    """What to wait for: file descriptors to become readable or writable, or `seconds` to pass (None: for ever)."""

    readable: tuple[int, ...] = ()
    writable: tuple[int, ...] = ()
    seconds: float | None = None


class Watch:
    """Calls `turn` whenever what it last returned comes true. Begins with the first `wake`, ends with `close`."""

    def __init__(self, turn: Callable[[], Waits], name: str) -> None:
        self._turn = turn
        self._name = name
        self._thread: threading.Thread | None = None
        self._closed = False
        self._pipe = (-1, -1)

    def wake(self) -> None:
        """Have the thread look again now."""
        if self._closed:
            return
        if self._thread is None:
            self._pipe = os.pipe()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        else:
            os.write(self._pipe[1], b"!")

    def close(self) -> None:
        """End the thread and wait for its end. Never call it while holding what `turn` needs."""
        self._closed = True
        if self._thread is None:
            return
        os.write(self._pipe[1], b"!")
        self._thread.join()
        self._thread = None
        for end in self._pipe:
            os.close(end)

    def _run(self) -> None:
        wake = self._pipe[0]
        while not self._closed:
            waits = self._turn()
            # EBADF: a socket was closed since `turn` named it; whoever did that wakes this thread.
            with contextlib.suppress(OSError):
                ready, _, _ = select.select([wake, *waits.readable], waits.writable, [], waits.seconds)
                if wake in ready:
                    os.read(wake, 4096)
