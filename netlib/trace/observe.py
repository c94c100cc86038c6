"""What one call did: its payload, its offset in the stream, what the kernel sends because of it."""

from __future__ import annotations

import errno
import socket
import zlib
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import Any

from netlib.trace import live
from netlib.trace.describe import arguments, error_words
from netlib.trace.names import is_machinery
from netlib.trace.record import CONNECTS, HEAD, RECEIVES, SENDS, Call

LEAVES_BYTES = socket.MSG_PEEK | socket.MSG_OOB  # takes none from the stream, or none of its ordinary bytes


class Observed:
    """A call under way. It holds the socket and the arguments only until the call ends."""

    def __init__(
        self,
        call: Call,
        known: live.Live,
        s: socket.socket,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        frame: FrameType,
    ) -> None:
        self.call, self.known, self.socket, self.args, self.kwargs, self.frame = call, known, s, args, kwargs, frame
        self.resets = False
        try:
            call.args = arguments(call.name, args, kwargs)
            if call.name in SENDS:
                self._sends()
            elif call.name in CONNECTS:
                call.address = live.address_of(args[0])
            elif call.name == "close" and known.sock.stream and known.sock.you is not None:
                self.resets = live.resets_on_close(s)
        except (TypeError, ValueError, LookupError, OSError):  # wrong arguments: the call itself will say so
            call.args = call.args or "…"

    def returned(self, result: Any, now: float) -> None:
        """Note what came back, and when. Never raises."""
        with suppress(Exception):
            name = self.call.name
            if name in SENDS:
                self._sent(self.call.asked if name == "sendall" else result)
            elif name in RECEIVES:
                self._received(result)
            elif name == "accept":
                self._accepted(result[0])
            elif name == "connect_ex" and result:
                self.call.error = errno.errorcode.get(result, str(result))
                self.call.words = error_words(name, OSError(result, ""))[1]
            elif name in {"shutdown", "close"}:
                self._ended()
            elif not self.call.error:
                self._addressed()
        self.call.end = now

    def raised(self, error: BaseException, now: float) -> None:
        """Note what was raised, and when. Never raises."""
        with suppress(Exception):
            self.call.error, self.call.words = error_words(self.call.name, error)
            if isinstance(error, ConnectionResetError) or (isinstance(error, BrokenPipeError) and not self.known.ended):
                self.known.ended = self.known.reset = True
            if isinstance(error, BlockingIOError):
                self.call.quiet = is_machinery(self.frame)
            if self.call.name != "sendall":
                self.call.size = 0
        self.call.end = now

    def _sends(self) -> None:
        """Note the payload before it is sent: the learner may change the buffer afterwards."""
        call, known = self.call, self.known
        buffers: Iterable[Any] = self.args[:1]
        if call.name == "sendfile":
            buffers = ()
        elif call.name == "sendmsg":
            buffers = self.args[0]
        views = [memoryview(b).cast("B") for b in buffers]
        call.asked = sum(map(len, views))
        call.head = _head(views, call.asked)
        call.at = known.sent
        if call.name == "sendall":
            call.size = call.asked  # at most: how much of it went out is unknown until it returns
        if not known.sock.stream:
            call.digest = zlib.crc32(b"".join(views))
            named = self.args[-1] if call.name == "sendto" else self.args[3] if len(self.args) > 3 else None
            call.address = live.address_of(named) or known.sock.you

    def _sent(self, size: int) -> None:
        if not self.known.sock.stream or not self.known.sock.you:
            self.known.look_up_addresses(self.socket)  # the kernel has chosen a port; a connect has succeeded
        with live.lock:
            self.call.at, self.call.size = self.known.sent, size
            self.known.sent += size - bool(_flags(self.args) & socket.MSG_OOB)

    def _received(self, result: Any) -> None:
        call, known = self.call, self.known
        first = result[0] if isinstance(result, tuple) else result
        address = result[-1] if isinstance(result, tuple) else None
        buffers: Iterable[Any] = (first,)
        if not isinstance(first, bytes):
            buffer = self.args[0] if self.args else self.kwargs["buffer"]
            buffers = buffer if call.name == "recvmsg_into" else (buffer,)
        call.size = len(first) if isinstance(first, bytes) else first
        call.result = "" if isinstance(first, bytes) else str(first)
        views = [memoryview(b).cast("B") for b in buffers]
        call.head = _head(views, call.size)
        if known.sock.you is None or known.sock.me is None:
            known.look_up_addresses(self.socket)
        if not known.sock.stream:
            call.address = live.address_of(address) or known.sock.you
            call.digest = zlib.crc32(b"".join(views)[: call.size])
        call.peek = bool(_flags(self.args) & LEAVES_BYTES)
        with live.lock:
            call.at = known.got
            known.got += 0 if call.peek else call.size

    def _accepted(self, conn: socket.socket) -> None:
        new = live.find(conn, self.frame)
        if new is not None:
            new.sock.accepted_by, self.call.other = self.known.sock.number, new.sock.number
            self.known.sock.listening = True

    def _addressed(self) -> None:
        self.known.look_up_addresses(self.socket)
        self.known.sock.listening |= self.call.name == "listen"

    def _ended(self) -> None:
        """Infer what the kernel sends: FIN once nothing more can be sent, RST if bytes were left unread."""
        call, known = self.call, self.known
        if not known.sock.stream or known.sock.listening:
            return
        if call.name == "close" and known.objects():
            call.result = "stays open: a file or a copy still uses it"
        elif self.resets and not known.reset:
            call.sends = "RST"
        elif not known.ended and (call.name == "close" or self.args[0] != socket.SHUT_RD):
            call.sends = "FIN"
        known.ended |= bool(call.sends)


def _head(views: list[memoryview], size: int) -> bytes:
    """Copy the first bytes, HEAD at most."""
    head = b""
    for view in views:
        head += bytes(view[: min(size, HEAD) - len(head)])
    return head


def _flags(args: tuple[Any, ...]) -> int:
    """Return the MSG_ flags among a call's arguments."""
    return next((int(a) for a in args[1:] if isinstance(a, socket.MsgFlag)), 0)
