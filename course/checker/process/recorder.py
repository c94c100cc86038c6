"""What the answer's sockets did: recorded in its process by wrapping methods on the class `socket.socket`.

Methods are wrapped, the class is never replaced: a replaced class would break `accept`, `isinstance` and
`SSLSocket`. Every socket is kept alive on purpose: an answer that loses its last reference must not be taken
for one that closes, because with another interpreter, or with a kept exception, that socket stays open.
"""

from __future__ import annotations

import _thread
import errno
import itertools
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from course.checker.process.encoding import safe_repr

RECORDED = (
    *("bind", "listen", "accept", "connect", "connect_ex", "shutdown", "close", "settimeout", "setblocking"),
    *("send", "sendall", "sendto", "sendmsg", "sendfile"),
    *("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"),
)
KEPT_CALLS, KEPT_SOCKETS = 300, 400

Facts = dict[str, Any]


@dataclass(eq=False)
class Record:
    """One socket of the answer: its role and what was called on it."""

    number: int
    sock: socket.socket
    role: str = ""
    received: int = 0
    sent: int = 0
    ends_seen: int = 0
    peer: str = ""
    made: bool = False

    def facts(self) -> Facts:
        """Return this socket as plain JSON values."""
        is_open = self.sock.fileno() != -1
        return {
            "number": self.number,
            "role": self.role or (_listens(self.sock) if is_open else ""),
            "open": is_open,
            "received": self.received,
            "sent": self.sent,
            "ends_seen": self.ends_seen,
            "peer": self.peer or (_address(self.sock) if is_open else ""),
            "made": self.made,
            "datagram": self.sock.type == socket.SOCK_DGRAM,
        }


@dataclass
class Recorder:
    """All sockets that the answer touched, the calls it made, and the calls that are still under way."""

    records: dict[int, Record] = field(default_factory=dict)
    calls: deque[tuple[str, int, int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    under_way: dict[int, tuple[str, Record]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def install(self) -> None:
        """Wrap the methods for the rest of this process's life."""
        original = socket.socket.__init__

        def __init__(sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            original(sock, *args, **kwargs)
            self.record(sock).made = True

        setattr(socket.socket, __init__.__name__, __init__)
        for name in RECORDED:
            method = getattr(socket.socket, name, None)
            if method is not None:
                setattr(socket.socket, name, self._wrapped(name, method))

    def forget(self) -> None:
        """Forget everything: another call begins."""
        self.records.clear()
        self.calls.clear()
        self.under_way.clear()

    def record(self, sock: socket.socket) -> Record:
        """Return the record of `sock`, made when it is first seen."""
        known = self.records.get(id(sock))
        if known is None:
            if len(self.records) >= KEPT_SOCKETS:
                self._drop_closed()
            known = self.records[id(sock)] = Record(next(self._numbers), sock)
        return known

    def _drop_closed(self) -> None:
        """Forget the older half of the sockets, but for those still open: a loop may make them without end."""
        for key, record in list(self.records.items())[: KEPT_SOCKETS // 2]:
            if record.sock.fileno() == -1:
                del self.records[key]

    def _wrapped(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
            record = self.records.get(id(sock)) or self.record(sock)
            thread = _thread.get_ident()
            outer = self.under_way.get(thread)
            self.under_way[thread] = (name, record)
            try:
                result = method(sock, *args, **kwargs)
            except BaseException as error:
                self.calls.append((name, record.number, 0, _error_name(error, args)))
                raise
            else:
                self.calls.append((name, record.number, self._done(name, record, args, result), ""))
                return result
            finally:
                if outer is None:
                    self.under_way.pop(thread, None)
                else:
                    self.under_way[thread] = outer

        wrapper.__name__ = name
        wrapper.__doc__ = method.__doc__
        return wrapper

    def _done(self, name: str, record: Record, args: tuple[Any, ...], result: Any) -> int:
        """Note what a call did; return the bytes it moved (or the listener's backlog)."""
        if name == "accept":
            conn = self.record(result[0])
            conn.role, conn.peer = "conn", _text(result[1])
            record.role = record.role or "listener"
        elif name == "listen":
            record.role = "listener"
        elif name in ("connect", "connect_ex"):
            record.role, record.peer = "client", _text(args[0])
            return int(result or 0)
        elif name in ("send", "sendall", "sendto", "sendmsg", "sendfile"):
            count = len(memoryview(args[0]).cast("B")) if result is None else int(result)
            record.sent += count
            return count
        elif name.startswith("recv"):
            data = result[0] if isinstance(result, tuple) else result
            count = data if isinstance(data, int) else len(data)
            record.received += count
            record.ends_seen += count == 0
            return int(count)
        return 0

    def facts(self) -> Facts:
        """Return everything recorded as plain JSON values."""
        return {
            "sockets": [record.facts() for record in self.all()],
            "calls": [list(call) for call in list(self.calls)],
        }

    def all(self) -> list[Record]:
        """Return the records in the order in which the answer met its sockets."""
        return list(self.records.values())

    def left_open(self, returned: object) -> list[str]:
        """Name each socket that the answer made, did not return and left open."""
        kept = {id(returned)} | ({id(item) for item in returned} if isinstance(returned, list | tuple) else set())
        return [
            NAMES.get(record.role, "a socket")
            for record in self.all()
            if record.made and record.sock.fileno() != -1 and id(record.sock) not in kept
        ]


NAMES = {
    "listener": "a listening socket",
    "conn": "a connection that accept returned",
    "client": "a connected socket",
}


def _error_name(error: BaseException, args: tuple[Any, ...]) -> str:
    """Return the errno's name, else the exception's; a TypeError with the type of the first argument."""
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return errno.errorcode.get(number, type(error).__name__)
    given = f":{type(args[0]).__name__}" if isinstance(error, TypeError) and args else ""
    return type(error).__name__ + given


def _listens(sock: socket.socket) -> str:
    try:
        return "listener" if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) else ""
    except OSError:
        return ""


def _address(sock: socket.socket) -> str:
    try:
        return _text(sock.getpeername())
    except OSError:
        return ""


def _text(address: object) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else safe_repr(address)
