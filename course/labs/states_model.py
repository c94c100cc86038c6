"""The logic of the states lab: a listener, a client and the server's end, each call a method, each state the kernel's.

A socket that is not there yet is a closed one: what it answers to a call is the kernel's own `Bad file descriptor`.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from course.labs.drawing import Picture
from course.labs.states_diagram import Lit, draw
from course.labs.watch import Waits
from sockscope.kernel import Record, sock_diag
from sockscope.kernel.own import records_of
from sockscope.kernel.settle import PASSING, settled

SAID = b"hello"
ABRUPTLY = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: close() sends RST (socket(7), RFC 9293 section 3.6)
PASSING_SECONDS = 0.02
CONNECT_SECONDS = 1  # connecting to oneself takes microseconds, unless the queue is full

Pair = tuple[tuple[str, int], tuple[str, int]]


class Ends:
    """Both ends of one connection. `call("client", "connect")` makes a call and returns what it gave, in words.

    What a call raises goes to the caller. No call waits: a `recv` or `accept` that would is a BlockingIOError.
    """

    CALLS = (
        ("listener", ("socket, bind", "listen", "accept", "close")),
        ("client", ("socket", "connect", "send", "recv", "shutdown", "close", "reset")),
        ("conn", ("send", "recv", "shutdown", "close")),
    )

    def __init__(self) -> None:
        self.listener, self.client, self.conn = (_closed() for _ in range(3))
        self.address = ("127.0.0.1", 0)  # the listener's, once it is bound; nobody can listen at port 0
        self._pair: Pair | None = None  # the client's address and its peer's, of the last connection
        self._conn_pair: Pair | None = None  # the same of the last one accepted

    def call(self, who: str, what: str) -> str:
        """Make one of CALLS.

        Raises:
            OSError: what the call raised.
        """
        special: dict[tuple[str, str], Callable[[], str]] = {
            ("listener", "socket, bind"): self._bind,
            ("listener", "listen"): self._listen,
            ("listener", "accept"): self._accept,
            ("client", "socket"): self._socket,
            ("client", "connect"): self._connect,
        }
        if (who, what) in special:
            return special[who, what]()
        sock: socket.socket = getattr(self, who)
        if what == "send":
            return f"{sock.send(SAID)} bytes"
        if what == "recv":
            return repr(sock.recv(1024))
        if what == "shutdown":
            sock.shutdown(socket.SHUT_WR)
            return "this side will send no more"
        return _close(sock, abruptly=what == "reset")

    def _bind(self) -> str:
        if self.listener.fileno() == -1:
            self.listener = socket.socket()
            self.listener.setblocking(False)
        self.listener.bind(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        return "bound to {}:{}".format(*self.address)

    def _listen(self) -> str:
        self.listener.listen()
        return "the kernel answers callers from now on"

    def _accept(self) -> str:
        conn, peer = self.listener.accept()
        self.conn.close()
        conn.setblocking(False)
        self.conn, self._conn_pair = conn, (self.address, peer)
        return f"conn, from port {peer[1]}"

    def _socket(self) -> str:
        self.client.close()
        self.client, self._pair = socket.socket(), None
        self.client.setblocking(False)
        return "a new socket, with no address yet"

    def _connect(self) -> str:
        # A blocking call with the kernel's own time-out. After one with Python's time-out, Linux answers the next
        # connect() with success, and not with EISCONN (net/ipv4/af_inet.c, SS_CONNECTING).
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", CONNECT_SECONDS, 0))
        self.client.setblocking(True)
        try:
            self.client.connect(self.address)
        finally:
            self.client.setblocking(False)
        self._pair = self.client.getsockname(), self.address
        return f"connected, from port {self._pair[0][1]}"

    def turn(self) -> Waits:
        """Say when the kernel will next change a state by itself: when a timer of a closed end runs out."""
        records = [record for record in self.records().values() if record]
        timers = [record.expires + 0.05 for record in records if record.expires > 0]
        # No event tells that a passing state is over: an acknowledgement may be put off for 40 ms and more.
        passing = [PASSING_SECONDS for record in records if record.state in PASSING]
        return Waits(seconds=min([*timers, *passing], default=None))

    def records(self, settle: float = 0) -> dict[str, Record | None]:
        """Return what the kernel knows of each end, also after its program has closed it; None: nothing.

        `settle` is for how many seconds to look again while a state is a passing one.
        """

        def take() -> list[Record]:
            taken.clear()
            taken.update({who: self._record(who) for who in ("listener", "client", "conn")})
            return [record for record in taken.values() if record]

        taken: dict[str, Record | None] = {}
        settled(take, settle)
        return taken

    def _record(self, who: str) -> Record | None:
        """Return the kernel's record of one end. What is left of a connection outlives the program's socket."""
        sock: socket.socket = getattr(self, who)
        record = records_of([sock])[0] if sock.fileno() != -1 else None
        if who == "listener" or (record and record.state != "CLOSED"):
            return record
        pair = self._pair if who == "client" else self._pair[::-1] if self._waiting and self._pair else self._conn_pair
        try:
            return (sock_diag.find(*pair) if pair else None) or record
        except (OSError, AttributeError):  # not Linux: what a closed end is in, nobody tells there
            return record

    def lit(self, records: dict[str, Record | None]) -> list[Lit]:
        """Return who is in which state: what the diagram lights up."""
        shown = []
        for who, record in records.items():
            ended = bool(self._pair if who == "client" else self._conn_pair or self._pair)
            state = record.state if record else "CLOSED"
            name = "conn, not accepted" if who == "conn" and record and self._waiting else who
            if who == "client" or (who == "listener" and record) or (who == "conn" and ended):
                shown.append(Lit(name, state, ended=ended and who != "listener" and state == "CLOSED"))
        if not any(one.who == "listener" or one.who.startswith("conn") for one in shown):
            shown.append(Lit("server", "CLOSED"))
        return shown

    @property
    def _waiting(self) -> bool:
        """Whether the client's connection has not been accepted, so that only the kernel has the server's end."""
        return self._pair is not None and self.conn.fileno() == -1 and self._conn_pair != self._pair[::-1]

    def picture(self, settle: float = 0) -> Picture:
        """Draw both ends on the diagram."""
        records = self.records(settle)
        return draw(self.lit(records), [(who, record) for who, record in records.items() if record])

    def close(self) -> None:
        """Close all, and leave nothing in the kernel's books."""
        for sock in (self.client, self.conn):
            if sock.fileno() != -1:
                _close(sock, abruptly=True)
        self.listener.close()


def _closed() -> socket.socket:
    sock = socket.socket()
    sock.close()
    return sock


def _close(sock: socket.socket, abruptly: bool) -> str:
    if abruptly:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPTLY)
    elif sock.fileno() == -1:
        return "nothing: it is closed already"
    sock.close()
    return "closed, with RST" if abruptly else "closed"
