"""Threads that a cell has left behind: started by the notebook's code, still running, and held by no variable.

A lesson opens things in one cell and closes them in a later one, so what a variable holds is nobody's mistake and is
never spoken of. What no variable holds cannot be ended by hand any more. That happens when a cell is run again
(`server = background(…)` drops the first server, which goes on), and to `Thread(target=f).start()`. A listening
socket needs no rule of its own: one that nothing holds is closed by Python, and one that such a thread holds is named
with it.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any

from course.waiting.spots import find_spot
from netlib.patience import patience
from sockscope.kernel import look
from sockscope.kernel.names import names_of, variables_of

GRACE = 0.3  # seconds in which a thread that is ending anyway may end
SHOWN = 3  # threads that are named; the others are counted
HINT = "`from course.waiting import stop_left; stop_left()` ends what is left."


class Leftovers:
    """Tells at the end of each cell which threads it has left behind, each once."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._before = weakref.WeakSet(threading.enumerate())  # the kernel's own
        self._known = weakref.WeakSet(self._before)
        self._held: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._left: weakref.WeakSet[threading.Thread] = weakref.WeakSet()

    def end_of_cell(self) -> list[str]:
        """Return the lines to show, mostly none."""
        alive = set(threading.enumerate()) - set(self._before)
        if not alive:  # the usual case
            return []
        held = {thread for thread in names_of(threading.Thread, self._namespace) if thread in alive}
        suspects = [thread for thread in alive - held if thread not in self._left]
        dropped = [thread for thread in suspects if thread in self._held]
        # A thread that a thread started, such as a handler for each client of a server, is that one's business.
        nameless = [] if held else [thread for thread in suspects if thread not in self._known]
        self._known.update(alive)
        self._held = weakref.WeakSet(held)
        left = [thread for thread in {*dropped, *nameless} if self._is_left(thread)]
        self._left.update(left)
        return self._lines(sorted(left, key=lambda thread: thread.name))

    def stop(self) -> list[str]:
        """Shut down what the threads that were left wait on, which ends their waiting; say what became of them."""
        names, said = names_of(socket.socket, self._namespace), []
        for thread in sorted(self._left, key=lambda thread: thread.name):
            sockets = _sockets(thread)
            for sock in set(sockets) - set(names):
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            thread.join(patience(1.0))
            if not thread.is_alive():
                self._left.discard(thread)
                said.append(f"thread {thread.name} has ended")
            elif yours := [names[sock] for sock in sockets if sock in names]:
                said.append(
                    f"thread {thread.name} goes on with {yours[0]}, which you hold; close its peer, or shut it down"
                )
            else:
                said.append(f"thread {thread.name} goes on; restart the kernel to end it")
        return said

    def _is_left(self, thread: threading.Thread) -> bool:
        if find_spot(thread.ident or 0, self._namespace) is None:
            return False  # of a library, or not of the notebook's code any more
        thread.join(patience(GRACE))
        return thread.is_alive()

    def _lines(self, left: list[threading.Thread]) -> list[str]:
        if not left:
            return []
        lines = [self._line(thread) for thread in left[:SHOWN]]
        more = [f"… and {len(left) - SHOWN} more."] if len(left) > SHOWN else []
        return [*lines, *more, HINT]

    def _line(self, thread: threading.Thread) -> str:
        spot = find_spot(thread.ident or 0, self._namespace)
        listeners = [record for record in look(*_sockets(thread), settle=0) if record.state == "LISTEN"]
        on = f", listening at {listeners[0].addresses}" if listeners else ""
        return f"left running, held by no variable: thread {thread.name}, in {spot}{on}."


def _sockets(thread: threading.Thread) -> list[socket.socket]:
    """Return the open sockets in the variables of the thread's functions."""
    return [
        sock
        for frame in _frames(thread)
        for sock in names_of(socket.socket, variables_of(frame))
        if sock.fileno() != -1
    ]


def _frames(thread: threading.Thread) -> Iterator[Any]:
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        yield frame
        frame = frame.f_back
