"""The logic of the backlog lab: a listener, its callers, and where the kernel has put each of them."""

from __future__ import annotations

import errno
import os
import select
import socket
from dataclasses import dataclass

from course.figures import BLUE, GREEN, GREY, ORANGE
from course.labs.drawing import INK, SOFT, Drawing, Picture, lines_of
from course.labs.watch import Waits
from netlib.kernel import Record
from netlib.kernel.own import records_of

MOST_CALLERS = 9
COLUMNS = ("no answer yet", "in the accept queue", "accepted")


@dataclass
class Caller:
    """A client, by its number. `conn` is the server's socket for it once accepted; `failed` what connect came to."""

    number: int
    sock: socket.socket
    conn: socket.socket | None = None
    failed: OSError | None = None
    connected: bool = False

    @property
    def has_left(self) -> bool:
        """Whether it has hung up."""
        return self.failed is None and self.sock.fileno() == -1

    @property
    def column(self) -> int:
        """Where it stands in COLUMNS."""
        return 2 if self.conn else 1 if self.connected else 0

    def close(self) -> None:
        """Close both ends of its connection."""
        self.sock.close()
        if self.conn:
            self.conn.close()


class Backlog:
    """A listener on loopback and up to nine callers. It opens nothing before the first call.

    Each method makes one call of the sockets API and returns what came of it, in words; what the call raises goes to
    the caller. `tries` is how often a caller's kernel repeats its SYN (TCP_SYNCNT of tcp(7); 0: the system's number).
    """

    def __init__(self, tries: int = 0) -> None:
        self._tries = tries
        self._listener: socket.socket | None = None
        self._next = 1
        self._addresses: dict[tuple[str, int], Caller] = {}
        self.callers: list[Caller] = []

    @property
    def listener(self) -> socket.socket:
        """The server's socket, bound to a port that the kernel chose; listening only after `listen`."""
        if self._listener is None:
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self._listener.setblocking(False)
        return self._listener

    def listen(self, backlog: int) -> str:
        """Begin to listen. A listener that listens already gets the new number, and keeps its queue (listen(2))."""
        self.listener.listen(backlog)
        return f"room for {backlog + 1} in the queue (Linux lets one more in)"

    def call(self) -> str:
        """Let one more client connect, and not wait for it."""
        if len(self.callers) >= MOST_CALLERS:
            raise OSError(errno.EMFILE, f"this lab has room for {MOST_CALLERS} callers; let one hang up")
        caller = Caller(self._next, socket.socket())
        if self._tries:
            caller.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, self._tries)
        caller.sock.setblocking(False)
        code = caller.sock.connect_ex(self.listener.getsockname())
        if code == errno.EINPROGRESS:  # what loopback refuses, it has refused by now
            code = caller.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            caller.close()
            raise OSError(code, os.strerror(code))
        self._next += 1
        self._addresses[caller.sock.getsockname()] = caller
        self.callers.append(caller)
        self.turn()
        return f"client {caller.number}: {'connected' if caller.connected else 'no answer yet'}"

    def accept(self) -> str:
        """Take the first connection out of the queue."""
        conn, peer = self.listener.accept()
        caller = self._addresses[peer]
        caller.conn = conn
        if not caller.has_left:
            return f"conn, from client {caller.number}"
        self._forget(caller)
        return f"conn, from client {caller.number}, who had hung up already"

    def hang_up(self) -> str:
        """Let the client that has called first leave. One that waits in the queue stays there until it is accepted."""
        caller = next((one for one in self.callers if not one.has_left), None)
        if caller is None:
            raise OSError(errno.ENOTCONN, "nobody is there to hang up")
        if caller.column == 1:
            caller.sock.close()
            return f"client {caller.number} has closed, and its connection stays in the queue"
        self._forget(caller)
        return f"client {caller.number} has gone"

    def _forget(self, caller: Caller) -> None:
        caller.close()
        self.callers.remove(caller)

    def turn(self) -> Waits:
        """Note which callers got through or gave up; wait for the others, or for their kernel's next attempt."""
        pending = [caller for caller in self.callers if caller.column == 0 and not caller.failed]
        _, done, _ = select.select([], [caller.sock for caller in pending], [], 0)
        for caller in (one for one in pending if one.sock in done):
            code = caller.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                caller.failed = OSError(code, os.strerror(code))
                caller.sock.close()
            else:
                caller.connected = True
        waiting = [caller.sock for caller in pending if caller.sock not in done]
        # A repeated SYN is no event of the socket: the kernel's own timer says when it comes.
        again = [record.expires for record in records_of(waiting) if record.expires > 0]
        return Waits(writable=tuple(sock.fileno() for sock in waiting), seconds=min(again) + 0.02 if again else None)

    def close(self) -> None:
        """Close every socket."""
        for caller in self.callers:
            caller.close()
        self.callers.clear()
        if self._listener:
            self._listener.close()

    def records(self) -> tuple[Record | None, list[Record]]:
        """Return what the kernel knows of the listener, and of each caller."""
        if self._listener is None:
            return None, []
        listener, *callers = records_of([self._listener, *(caller.sock for caller in self.callers)])
        return listener, callers

    def picture(self) -> Picture:
        """Draw the three places a caller can be in, from the kernel's figures."""
        listener, records = self.records()
        return draw(self.callers, listener, records)


def draw(callers: list[Caller], listener: Record | None, records: list[Record]) -> Picture:
    """Return the picture of these callers; `records` are the kernel's, in the same order."""
    listens = listener is not None and listener.state == "LISTEN"
    queue, backlog = (listener.accept_queue, listener.backlog) if listener and listens else (None, None)
    columns: list[list[tuple[Caller, Record]]] = [[], [], []]
    for caller, record in zip(callers, records, strict=True):
        columns[caller.column].append((caller, record))
    seats = 0 if backlog is None else backlog + 1
    rows = max(2, *(-(-max(len(column), seats if place == 1 else 0) // 2) for place, column in enumerate(columns)))
    drawing = Drawing(744, 64 + rows * 58)
    known = f"{queue} of {backlog}" if queue is not None else "not known here" if listens else "no queue"
    for place, (title, column) in enumerate(zip(COLUMNS, columns, strict=True)):
        x = 12 + place * 244
        drawing.text(x + 4, 24, title, bold=True)
        drawing.text(x + 4, 42, _below(place, known, listens), size=12, fill=SOFT)
        for seat in range(len(column), seats if place == 1 else 0):
            _seat(drawing, x, seat)
        for seat, (caller, record) in enumerate(column):
            _caller(drawing, x, seat, caller, record)
    counts = "; ".join(f"{title}: {len(column)}" for title, column in zip(COLUMNS, columns, strict=True))
    about = f"The waiting room of a listener. Waiting to be accepted, says the kernel: {known}. Callers: {counts}."
    return drawing.picture(about, _lines(callers, listener, records))


def _below(place: int, known: str, listens: bool) -> str:
    if not listens:
        return ("the server does not listen", "", "")[place]
    return ("their SYN was dropped", f"waiting to be accepted: {known}", "a socket of their own")[place]


def _place(x: float, seat: int) -> tuple[float, float]:
    return x + (seat % 2) * 116, 54 + (seat // 2) * 58


def _seat(drawing: Drawing, x: float, seat: int) -> None:
    left, top = _place(x, seat)
    drawing.box(left, top, 110, 50, stroke=GREY, dash="3 4", thick=1)
    drawing.text(left + 55, top + 30, "free", size=12, fill=SOFT, anchor="middle")


def _caller(drawing: Drawing, x: float, seat: int, caller: Caller, record: Record) -> None:
    left, top = _place(x, seat)
    stroke, dash, sign = ((ORANGE, "6 4", "…"), (BLUE, "", "●"), (GREEN, "", "✓"))[caller.column]
    if caller.failed:
        sign, said = "✕", type(caller.failed).__name__
    elif caller.has_left:
        sign, said = "○", "has hung up"
    elif caller.column == 0:
        said = f"asked {1 + record.retransmissions} ×"
    else:
        said = record.state.lower()
    drawing.box(left, top, 110, 50, fill="#ffffff", stroke=stroke, dash=dash, thick=2.5)
    drawing.text(left + 8, top + 21, f"{sign} client {caller.number}", fill=INK, bold=True)
    drawing.text(left + 8, top + 40, said, size=12, fill=INK)


def _lines(callers: list[Caller], listener: Record | None, records: list[Record]) -> str:
    """Return the kernel's words for the listener, then for each client that asks or is connected."""
    if listener is None:
        return "listener  no socket yet"
    named = [(f"client {caller.number}", record) for caller, record in zip(callers, records, strict=True)]
    return lines_of([("listener", listener), *named])
