"""The logic of the backlog lab: a listener, its callers, and where the kernel has put each of them."""

from __future__ import annotations

import errno
import os
import select
import socket
from dataclasses import dataclass

from course.labs.backlog_picture import Row, draw
from course.labs.drawing import Picture
from course.labs.watch import Waits
from sockscope.kernel import Record
from sockscope.kernel.own import records_of

MOST_CALLERS = 9


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
        """Where it is: 0 outside, 1 in the queue, 2 accepted."""
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
            return f"no room: this lab takes {MOST_CALLERS} callers; let one hang up"
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
            return "nobody is there"
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
        return draw([_row(*one) for one in zip(self.callers, records, strict=True)], listener)


def _row(caller: Caller, record: Record) -> Row:
    failed = type(caller.failed).__name__ if caller.failed else ""
    return Row(caller.number, caller.column, record, caller.has_left, failed)
