"""Keep what a background thread prints apart from the cell that happens to run.

A notebook has one output. A print from a thread lands under whatever cell runs at that moment, so two runs of one
lesson print different things. Here each second terminal has a *screen* of its own: prints from its threads are kept
and shown together, in order, when the terminal ends.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any


class Screen:
    """The text printed by the threads of one second terminal."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._before = {thread.ident for thread in threading.enumerate()}

    def write(self, text: str) -> None:
        """Add `text`. One list append, so that threads need no lock."""
        self._parts.append(text)

    def take(self) -> str:
        """Return what was printed since the last call."""
        parts, self._parts = self._parts, []
        return "".join(parts)

    def show(self, name: str) -> None:
        """Print what is kept, each line behind `name |`, in the thread that calls."""
        for line in self.take().splitlines():
            print(f"{name} | {line}")

    def is_mine(self, ident: int) -> bool:
        """Tell whether thread `ident` began after this screen was opened."""
        return ident not in self._before


class _Router:
    """Stands in for `sys.stdout` while a screen is open, and passes all else on to it.

    There is one, and it lives as long as the module: `print` holds `sys.stdout` without counting it (CPython before
    3.14), so an object that another thread takes away and frees in mid-print crashes the process.
    """

    def __init__(self) -> None:
        self.stdout: IO[str] = sys.stdout
        self.screens: list[Screen] = []
        self.owners: dict[int, Screen] = {}

    def write(self, text: str) -> int:
        ident = threading.get_ident()
        screen = self.owners.get(ident)
        if screen is None:
            # A thread that a server started for itself: it belongs to the newest terminal opened before it.
            screen = next((one for one in reversed(self.screens) if one.is_mine(ident)), None)
        if screen is None:
            return self.stdout.write(text)
        screen.write(text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stdout, name)


_router = _Router()
_lock = threading.RLock()


def open_screen() -> Screen:
    """Return a new screen; prints from threads that begin from now on go to it, until `close_screen`."""
    with _lock:
        screen = Screen()
        if sys.stdout is not _router:
            _router.stdout, sys.stdout = sys.stdout, _router
        _router.screens.append(screen)
        return screen


def close_screen(screen: Screen) -> None:
    """Take `screen` away again; with the last one, `sys.stdout` is what it was."""
    with _lock:
        _router.screens.remove(screen)
        if not _router.screens and sys.stdout is _router:
            sys.stdout = _router.stdout


@contextmanager
def printing_to(screen: Screen) -> Iterator[None]:
    """Send what the calling thread prints in the block to `screen`."""
    ident = threading.get_ident()
    _router.owners[ident] = screen
    try:
        yield
    finally:
        _router.owners.pop(ident, None)
