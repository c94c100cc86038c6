"""What the peers of a case did, as a record that is drawn beside the answer's own calls.

One call for one statement: a peer that is to hear five bytes makes one `recv` of them, in however many pieces they
came. So the picture shows the case as it is written, and is the same on each run.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import socket
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sockscope.trace.describe import address_text, error_words
from sockscope.trace.live import FAMILIES, address_of
from sockscope.trace.record import HEAD, Call, Record, Sock

ANY_SIZE = "…"  # a peer's argument to recv says nothing of the answer


@dataclass
class Transcript:
    """The record of all peers of one case. `sock` is always a socket of the checker's, open, that was met before."""

    record: Record = field(default_factory=lambda: Record({}, []))
    _known: dict[int, Sock] = field(default_factory=dict)  # by id(): the case keeps its sockets
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _sent: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    _heard: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def meets(self, sock: socket.socket, name: str, listening: bool = False) -> None:
        """From now on `sock` is called `name`."""
        made = Sock(next(self._numbers), FAMILIES.get(sock.family, ""), sock.type == socket.SOCK_STREAM)
        made.names, made.listening = {0: name}, listening
        with contextlib.suppress(OSError):
            made.me = address_of(sock.getsockname())
            made.you = address_of(sock.getpeername())
        self._known[id(sock)] = made

    def connects(self, sock: socket.socket, address: Any, error: OSError | None = None) -> None:
        """`sock` connected, or could not."""
        call = self._call(sock, "connect", address_text(address), address=address_of(address))
        if error is not None:
            call.error, call.words = error_words("connect", error)

    def accepts(self, listener: socket.socket, conn: socket.socket) -> None:
        """`listener` accepted `conn`; both have been met."""
        known = self._known[id(conn)]
        known.accepted_by = self._known[id(listener)].number
        self._call(listener, "accept", other=known.number)

    def sends(self, sock: socket.socket, data: bytes, to: Any = None) -> None:
        """`sock` sends `data`: a piece of its stream, or a datagram to the address `to`."""
        number, target = self._known[id(sock)].number, address_of(to)
        call = self._call(sock, "sendto" if target else "sendall", address_text(to) if target else "", data)
        call.asked, call.at, call.address = len(data), self._sent[number], target
        self._sent[number] += len(data)

    def hears(self, sock: socket.socket, data: bytes, sender: Any = None) -> None:
        """`sock` receives `data`; b'' is the end of the stream. What comes in a row from a stream is one piece."""
        known, last = self._known[id(sock)], self.record.calls[-1] if self.record.calls else None
        if last and data and (last.sock, last.name, last.ok) == (known.number, "recv", True) and last.size:
            last.head, last.size = (last.head + data)[:HEAD], last.size + len(data)
        else:
            call = self._call(sock, "recvfrom" if sender else "recv", ANY_SIZE, data)
            call.at, call.address = self._heard[known.number], address_of(sender)
        self._heard[known.number] += len(data)

    def waits(self, sock: socket.socket, name: str = "recv") -> None:
        """`sock` waits until the case is over."""
        self._call(sock, name, "" if name == "accept" else ANY_SIZE).end = None

    def is_reset(self, sock: socket.socket) -> None:
        """`sock` meets a reset where it wants to hear."""
        call = self._call(sock, "recv", ANY_SIZE)
        call.error, call.words = error_words("recv", ConnectionResetError(errno.ECONNRESET, ""))

    def ends(self, sock: socket.socket, how: str = "SHUT_WR") -> None:
        """`sock` is shut down."""
        listens = self._known[id(sock)].listening
        self._call(sock, "shutdown", how).sends = "" if listens else "FIN"

    def closes(self, sock: socket.socket, ended: bool, reset: bool = False) -> None:
        """`sock` is closed; that sends RST, or FIN unless its side had `ended`."""
        self._call(sock, "close").sends = "RST" if reset else "" if ended else "FIN"

    def _call(self, sock: socket.socket, name: str, args: str = "", data: bytes = b"", **more: Any) -> Call:
        known, now = self._known[id(sock)], perf_counter()
        call = Call(known.number, 0, name, args, now, now, len(self.record.calls), size=len(data), **more)
        call.head, call.digest = data[:HEAD], 0 if known.stream else zlib.crc32(data)
        self.record.calls.append(call)
        self.record.sockets[known.number] = known
        if call.other is not None:
            self.record.sockets[call.other] = next(s for s in self._known.values() if s.number == call.other)
        return call
