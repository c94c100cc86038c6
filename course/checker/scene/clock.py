"""How a check waits: for a peer's socket and for the answer's process at once, within the case's deadline."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from course.checker.drawn.transcript import Transcript
from course.checker.process.runner import wait
from course.checker.scene.failure import Failed

GRACE_SECONDS = 0.1  # between an answer's closing a connection by dying and its report of the exception
PAUSE_SECONDS = 0.0002  # between looks at a queue in another process, of which no kernel sends an event


class Awaited(Protocol):
    """What the clock asks of a call: `course.checker.scene.calls` has the ones there are."""

    @property
    def running(self) -> bool:
        """Whether the function has not ended."""

    @property
    def over(self) -> bool:
        """Whether nothing of it can still act."""

    def pump(self) -> None:
        """Take in news without waiting."""

    def fds(self) -> list[int]:
        """Return the file descriptors that announce news."""

    def rest(self) -> None:
        """Wait a moment, until what it did by now is not chance."""

    def stop(self) -> None:
        """End it, and everything it started."""


@dataclass
class Clock:
    """The deadline of one case, and the calls that can still change something before it.

    Beside them what has been done: `wire` in words, `talk` to be drawn; `called` for a function without peers.
    """

    deadline: float
    calls: list[Awaited] = field(default_factory=list)
    wire: list[str] = field(default_factory=list)
    called: str = ""
    talk: Transcript = field(default_factory=Transcript)

    def left(self) -> float:
        """Return the seconds until the deadline; never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def log(self, line: str) -> None:
        """Add a line to the wire log."""
        self.wire.append(line)

    def pump(self) -> None:
        """Take in what the answer's processes have said, without waiting."""
        for call in self.calls:
            call.pump()

    def until_ready(self, sock: socket.socket, write: bool = False, read: bool = False) -> bool:
        """Wait until `sock` is readable; with `write`, until it is writable (or readable too, with `read`).

        Returns:
            True when it is; False when no call of the answer is left that could make it so.

        Raises:
            Failed: `hung` when the deadline passed.
        """
        reading = [sock.fileno()] if read or not write else []
        writing = sock.fileno() if write else None
        while not wait(reading, 0, writing):
            if self._over():  # what it did before its end may have come since
                return bool(wait(reading, 0, writing))
            self._wait(reading, writing)
        return True

    def ready_within(self, sock: socket.socket, seconds: float) -> bool:
        """Return whether `sock` becomes readable in `seconds`."""
        self._wait([sock.fileno()], None, seconds)
        return bool(wait([sock.fileno()], 0))

    def until(self, done: Callable[[], bool]) -> bool:
        """Wait until `done()`, which nothing announces: look again and again, with a tiny pause."""
        while not done():
            if self._over():
                return done()
            self._wait([], None, PAUSE_SECONDS)
        return True

    def until_call(self, call: Awaited) -> None:
        """Wait until `call` has ended, one way or another."""
        while call.running:
            self._wait([], None)

    def settle(self) -> None:
        """Give the answer a moment to report its own death: the cause, where a peer sees only the effect."""
        end = time.monotonic() + GRACE_SECONDS
        while (left := end - time.monotonic()) > 0 and any(call.running for call in self.calls):
            wait(self._fds(), left)
            self.pump()

    def rest(self) -> None:
        """Wait until the answer waits too: all that it did because of what was sent has then come."""
        for call in self.calls:
            call.rest()

    def _fds(self) -> list[int]:
        return [fd for call in self.calls for fd in call.fds()]

    def _wait(self, fds: list[int], write: int | None, longest: float = 3600.0) -> None:
        if not self.left():
            raise Failed("hung")
        wait(fds + self._fds(), min(self.left(), longest), write)
        self.pump()

    def _over(self) -> bool:
        """True when every call has ended and nothing of the answer still runs beside them."""
        self.pump()
        return bool(self.calls) and all(call.over for call in self.calls)
