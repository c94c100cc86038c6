"""The peers of a check: real sockets on loopback, one statement a line, everything on the wire log.

A peer runs in the checker's own thread of control. Each statement waits for its event within the case's
deadline; nothing sleeps to synchronise. Pacing is exact: while the answer has unread bytes, the next piece is
not sent, so that pieces are never glued by chance.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time

from course.checker.scene.clock import Clock
from course.checker.scene.failure import Failed, Kind, show
from course.checker.scene.queues import unread
from netlib.patience import patience

CHUNK = 65536
OVER = "the connection was over"  # by an end or by a reset: with bytes on their way that is chance


class Peer:
    """One end of a stream connection, the checker's; the answer has the other one."""

    def __init__(self, sock: socket.socket, name: str, clock: Clock) -> None:
        self.sock, self.name, self._clock = sock, name, clock
        self.ended = self.closed = self.sent = False
        self.reads = True
        self._inbox = bytearray()
        self.awaits = ""
        clock.talk.meets(sock, name)
        sock.setblocking(False)
        if sock.family != getattr(socket, "AF_UNIX", None):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a piece leaves when it is sent

    @property
    def address(self) -> tuple[str, int]:
        """This end's address, as the answer sees it."""
        address: tuple[str, int] = self.sock.getsockname()
        return address

    # ------------------------------------------------------------------ what the peer does
    def sends(self, *pieces: bytes) -> None:
        """Send each piece when the answer has taken all that came before."""
        for piece in pieces:
            self.awaits = "you to read it"
            self._clock.until(lambda: not unread(self.sock))
            self.awaits = ""
            self.sends_at_once(piece)

    def sends_at_once(self, data: bytes) -> None:
        """Send all of `data` without waiting for anybody to read."""
        self._log(f"sends {show(data)}")
        self._clock.talk.sends(self.sock, data)
        self._send(data)

    def ends(self) -> None:
        """Say that nothing more will come (SHUT_WR), and keep listening."""
        self._log("ends its side")
        self._clock.talk.ends(self.sock)
        self.ended = True
        with contextlib.suppress(OSError):  # the answer closed first: whoever listens next will notice
            self.sock.shutdown(socket.SHUT_WR)

    def leaves(self) -> None:
        """Close the connection."""
        self._log("closes the connection")
        self._clock.talk.closes(self.sock, self.ended)
        self.close()

    def resets(self) -> None:
        """Close with a reset (SO_LINGER with zero seconds), as a program that crashed does."""
        self._log("resets the connection")
        self._clock.talk.closes(self.sock, self.ended, reset=True)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def stops_reading(self) -> None:
        """From now on read only when a statement here asks for it, and not while sending."""
        self._log("does not read")
        self.reads = False

    # ------------------------------------------------------------------ what the peer expects
    def hears(self, expected: bytes) -> None:
        """Exactly these bytes come, in whatever pieces."""
        self._has_heard(self._hear(len(expected), expected))

    def hears_until(self, end: bytes) -> bytes:
        """Bytes come up to and with `end`; return them."""
        got = b""
        while not got.endswith(end):
            got += self._hear(1, wanted=f"an answer up to {show(end)}", sofar=got)
        self._has_heard(got)
        return got

    def hears_all(self) -> bytes:
        """Return everything that comes until the end of the stream."""
        got = bytearray()
        while piece := self._some(f"the {self.name} reads to the end of the stream", got, ended=True):
            got += piece
        self._log(f"hears {show(bytes(got))} and the end" if got else "hears the end")
        self._draw(got, b"")
        return bytes(got)

    def hears_end(self) -> None:
        """The stream ends here: the answer has closed its side."""
        wanted = f"the {self.name} hears the end of the connection"
        got = self._some(wanted, b"", ended=True)
        if got:
            self._draw(got)
            raise self._fail("wrong bytes", wanted, f"it heard {show(got)}")
        self._log("hears the end")
        self._draw(b"", b"")

    def hears_nothing(self, seconds: float = 0.1) -> None:
        """Nothing comes for so long. No event tells that nothing will: this is the one place that waits for time."""
        end = time.monotonic() + patience(seconds)
        wanted = f"the {self.name} hears nothing yet"
        while not self._inbox and (left := end - time.monotonic()) > 0:
            if self._clock.ready_within(self.sock, left):
                break
        got = self._rest()
        if got:
            self._draw(got)
            raise self._fail("wrong bytes", wanted, _heard(got))
        self._log("hears nothing yet")

    def gone(self) -> None:
        """The connection is over, by an end or by a reset: either will do."""
        try:
            self.hears_all()
        except Failed as failure:
            if failure.kind != "reset":
                raise

    # ------------------------------------------------------------------ underneath
    def close(self) -> None:
        """Close without a word on the wire log."""
        self.closed = True
        self.sock.close()

    def _hear(self, count: int, expected: bytes = b"", wanted: str = "", sofar: bytes = b"") -> bytes:
        got = b""
        wanted = f"the {self.name} hears {wanted or show(expected)}"
        while len(got) < count:
            piece = self._some(wanted, sofar + got, size=count - len(got))
            if not piece:
                self._draw(sofar + got, b"")
                raise self._fail("ended early", wanted, f"{_heard(sofar + got)} and then {OVER}")
            got += piece
            if expected and not expected.startswith(got):
                self._clock.rest()
                got += self._rest()
                self._draw(got)
                raise self._fail("wrong bytes", wanted, _heard(got))
        return got

    def _some(self, wanted: str, sofar: bytes | bytearray, size: int = CHUNK, ended: bool = False) -> bytes:
        """Return the next bytes, b'' at the end of the stream."""
        self.awaits = "you to close the connection" if ended else "your answer"
        try:
            data = self._from_inbox(size)
            if not data:
                if not self._clock.until_ready(self.sock):
                    raise Failed("no end" if ended else "returned early")
                data = self.sock.recv(size)
        except ConnectionResetError:
            met = "a reset" if ended else OVER
            self._draw(sofar)
            self._clock.talk.is_reset(self.sock)
            raise self._fail("reset", wanted, f"{_heard(sofar)} and then {met}") from None
        except Failed as failure:
            self._log(f"waits for {self.awaits}, in vain" if not sofar else f"{_heard(sofar, 'hears')}, no more")
            self._draw(sofar)
            self._clock.talk.waits(self.sock)
            failure.expected = failure.expected or wanted
            failure.got = failure.got or _heard(sofar) + (" and nothing more" if sofar else "")
            raise
        if data or ended:
            self.awaits = ""
        return data

    def state(self) -> str:
        """Say in words what this peer does at the moment: the reason why a call of the answer waits."""
        if self.closed:
            return f"the {self.name} has closed the connection"
        if not self.reads:
            return f"the {self.name} does not read what you send"
        done = "has ended its side" if self.ended else "has sent all it will" if self.sent else "is connected"
        return f"the {self.name} {done}" + (f" and is waiting for {self.awaits}" if self.awaits else "")

    def _from_inbox(self, size: int) -> bytes:
        data = bytes(self._inbox[:size])
        del self._inbox[:size]
        return data

    def _rest(self) -> bytes:
        """Return what has come already; b'' also at the end and after a reset."""
        with contextlib.suppress(OSError):
            self._inbox += self.sock.recv(CHUNK)
        return bytes(self._inbox)

    def _take_in(self) -> None:
        """While sending: keep what comes for later statements. At its end a socket is readable for ever: stop."""
        with contextlib.suppress(OSError):
            if self.reads:
                data = self.sock.recv(CHUNK)
                self.reads = bool(data)
                self._inbox += data

    def _send(self, data: bytes) -> None:
        """Send all of it, and meanwhile take in what comes: a peer that did not would deadlock with an echo."""
        self.sent = True
        view = memoryview(data)
        while view:
            try:
                view = view[self.sock.send(view) :]
            except BlockingIOError:
                self.awaits = "you to read"
                if not self._clock.until_ready(self.sock, write=True, read=self.reads):
                    raise self._fail("returned early", f"the {self.name} can send all it has") from None
                self._take_in()
            except (BrokenPipeError, ConnectionResetError):
                return  # the answer hung up: whether it did so before or after this is chance; listening tells
        self.awaits = ""

    def _fail(self, kind: Kind, expected: str, got: str = "") -> Failed:
        """Return the failure to raise; the answer first gets a moment to report that it died."""
        self._log(got.removeprefix("it ").replace("heard", "hears", 1))
        self._clock.settle()
        return Failed(kind, expected, got)

    def _has_heard(self, got: bytes) -> None:
        self._log(f"hears {show(got)}")
        self._draw(got)

    def _draw(self, got: bytes | bytearray, *end: bytes) -> None:
        """Draw what was heard, if anything was, and then the end, if it came."""
        for data in ([got] if got else []) + [*end]:
            self._clock.talk.hears(self.sock, bytes(data))

    def _log(self, what: str) -> None:
        self._clock.log(f"{self.name} {what}")


def _heard(got: bytes | bytearray, verb: str = "it heard") -> str:
    return f"{verb} {show(bytes(got)) if got else 'nothing'}"
