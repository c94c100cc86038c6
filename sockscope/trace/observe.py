"""What one call did: its payload, its offset in the stream, what the kernel sends because of it."""

from __future__ import annotations

import errno
import socket
import zlib
from collections.abc import Sequence
from types import FrameType
from typing import Any

from sockscope.trace import live
from sockscope.trace.describe import arguments, error_words
from sockscope.trace.names import is_machinery
from sockscope.trace.record import CONNECTS, HEAD, RECEIVES, SENDS, Call

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
            call.args = _not_the_learners_size(call.name, frame) or arguments(call.name, args, kwargs)
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
        try:
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
            else:
                self.known.look_up_addresses(self.socket)
                self.known.sock.listening |= name == "listen"
        except Exception:
            self.call.result = self.call.result or "?"
        self.call.end = now

    def raised(self, error: BaseException, now: float) -> None:
        """Note what was raised, and when. Never raises."""
        try:
            self.call.error, self.call.words = error_words(self.call.name, error)
            if isinstance(error, ConnectionResetError) or (isinstance(error, BrokenPipeError) and not self.known.ended):
                self.known.ended = self.known.reset = True
            if isinstance(error, OSError) and error.errno in {errno.EAGAIN, errno.ENOTCONN}:
                self.call.quiet = is_machinery(self.frame)  # an event loop, or ssl, only tried
            if self.call.name != "sendall":
                self.call.size = 0
        except Exception:
            self.call.error = type(error).__name__
        self.call.end = now

    def _sends(self) -> None:
        """Note the payload before it is sent: the learner may change the buffer afterwards."""
        call, known = self.call, self.known
        if call.name != "sendfile":
            buffers = self.args[0] if call.name == "sendmsg" else self.args[:1]
            call.asked, call.head, call.digest = _payload(buffers, None, not known.sock.stream)
        call.at = known.sent
        if call.name == "sendall":
            call.size = call.asked  # at most: how much of it went out is unknown until it returns
        if not known.sock.stream:
            named = self.args[-1] if call.name == "sendto" else self.args[3] if len(self.args) > 3 else None
            call.address = live.address_of(named) or known.sock.you

    def _sent(self, size: int) -> None:
        known = self.known
        if known.unsure:
            known.look_up_addresses(self.socket)  # the kernel has chosen a port; a connect has succeeded
            known.unsure = False
        with live.lock:
            self.call.at, self.call.size = known.sent, size
            known.sent += size - self._has_flag(socket.MSG_OOB)

    def _received(self, result: Any) -> None:
        call, known = self.call, self.known
        first, *_, address = result if isinstance(result, tuple) else (result, None)
        if isinstance(first, bytes):
            buffers, size = (first,), len(first)
        else:
            buffer, size = self.args[0] if self.args else self.kwargs["buffer"], first
            buffers = buffer if call.name == "recvmsg_into" else (buffer,)
            call.result = str(size)
        call.size, call.head, call.digest = _payload(buffers, size, not known.sock.stream)
        if known.unsure:
            known.look_up_addresses(self.socket)
            known.unsure = False
        if not known.sock.stream:
            call.address = live.address_of(address) or known.sock.you
        call.peek = self._has_flag(LEAVES_BYTES)
        with live.lock:
            call.at = known.got
            known.got += 0 if call.peek else size

    def _has_flag(self, flags: int) -> bool:
        return len(self.args) > 1 and any(isinstance(a, socket.MsgFlag) and a & flags for a in self.args[1:])

    def _accepted(self, conn: socket.socket) -> None:
        new = live.find(conn, self.frame)
        if new is not None:
            new.sock.accepted_by, self.call.other = self.known.sock.number, new.sock.number
            self.known.sock.listening = True

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


def _not_the_learners_size(name: str, frame: FrameType) -> str:
    """Return what to show in place of a size that the standard library chose, or "" where the learner named it.

    How much the file of `makefile` and the streams of asyncio ask for is theirs, and changes: `io.DEFAULT_BUFFER_SIZE`
    was 8192, and is 131072 from Python 3.14 on. A picture shows the same on each. Such a reader never asks for nothing.
    """
    if name not in RECEIVES or frame.f_globals.get("__name__", "").partition(".")[0] not in {"socket", "asyncio"}:
        return ""
    return "buffer" if name.endswith("_into") else "…"


def _payload(buffers: Sequence[Any], size: int | None, whole: bool) -> tuple[int, bytes, int]:
    """Return the length, the first bytes and (for a datagram, which is told from others by it) the crc32."""
    if len(buffers) == 1:
        data = buffers[0] if type(buffers[0]) is bytes else memoryview(buffers[0]).cast("B")
        length = len(data) if size is None else size
    else:
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        length = sum(map(len, views)) if size is None else size
        data = b"".join(views if whole else (view[:HEAD] for view in views))
    return length, bytes(data[: min(length, HEAD)]), zlib.crc32(data[:length]) if whole else 0
