r"""Put messages into bytes, and take them out again: lines of text, and frames with their length in front.

TCP is a stream of bytes (RFC 9293, section 1). It marks no boundaries in them, so whoever reads one has to find the
messages. That work needs no socket. Bytes go in here, messages come out, and nothing waits:

    lines = Lines()
    while not lines.ended:
        for line in lines.feed(conn.recv(65536)):
            conn.sendall(pack_line("you said " + line))
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, TypeVar

Message = TypeVar("Message", str, bytes)

LIMIT = 65536  # bytes: more than anybody types, and a thousand peers at the limit take no more than 64 MiB
LENGTH = struct.Struct("!I")  # four bytes, the most significant first: the order of the Internet (RFC 1700)


class PeerError(Exception):
    """The peer broke the rules. The messages before that are good; nothing after it can be understood."""


class TooLong(PeerError, ValueError):
    """The peer sent, or announced, a message above the limit."""


class CutShort(PeerError, EOFError):
    """The peer's stream ended inside a message."""


class NotText(PeerError, ValueError):
    """The peer sent a line that is not UTF-8."""


class Reader(ABC, Generic[Message]):
    """Takes the bytes of one stream in whatever pieces they come, and gives the messages in them.

    However the bytes are cut, the messages are the same, and so is the error if there is one. A message has at most
    `limit` bytes, its end or its length not counted. Kept meanwhile: one unfinished message and the last piece.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.ended = False
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take what `recv` gave, `b""` for the end of the stream; return an iterator over the messages now complete.

        Those that you do not take from it come first at the next call.

        Raises:
            PeerError: while you iterate, in place of the message that broke a rule, and at every call after that.
            ValueError: your program fed bytes after the end.
        """
        if self.ended and data:
            raise ValueError(
                f"{data[:20]!r} was fed after b'', the end: each stream needs a {type(self).__name__} of its own"
            )
        self.ended = not data
        self._buffer += data
        return iter(self._take, None)

    @abstractmethod
    def _take(self) -> Message | None:
        """Remove the first message from the buffer and return it; None while it is not complete."""


class Lines(Reader[str]):
    r"""Lines of UTF-8, ended by `\n` or `\r\n` and by nothing else. The end of the stream ends a last line too."""

    _searched = 0  # no newline in so many bytes: a line that comes byte by byte is not searched again for each byte

    def _take(self) -> str | None:
        newline = self._buffer.find(b"\n", self._searched)
        size = len(self._buffer) if newline < 0 else newline
        may_be_end = not (newline < 0 and self.ended) and self._buffer[size - 1 : size] == b"\r"
        if size - may_be_end > self.limit:
            begin = bytes(self._buffer[: min(20, self.limit)])
            raise TooLong(f"the peer's line goes on after {self.limit} bytes, the limit; it begins {begin!r}")
        if newline < 0 and not (self.ended and size):
            self._searched = size
            return None
        line = bytes(self._buffer[:size])
        try:
            text = (line if newline < 0 else line.removesuffix(b"\r")).decode()
        except UnicodeDecodeError as error:
            wrong = line[error.start : error.start + 20]
            raise NotText(f"the peer's line is not UTF-8 ({error.reason} at byte {error.start}): {wrong!r}") from None
        del self._buffer[: size + 1]
        self._searched = 0
        return text


class Frames(Reader[bytes]):
    """Frames: four bytes that tell a length, then so many bytes of anything, none perhaps."""

    def _take(self) -> bytes | None:
        have = len(self._buffer)
        if have >= LENGTH.size:
            (size,) = LENGTH.unpack_from(self._buffer)
            if size > self.limit:
                raise TooLong(f"the peer announced {size} bytes; the limit is {self.limit}")
            if have >= LENGTH.size + size:
                payload = bytes(self._buffer[LENGTH.size : LENGTH.size + size])
                del self._buffer[: LENGTH.size + size]
                return payload
        if self.ended and have:
            raise CutShort(f"the peer's stream ended inside a frame, after {bytes(self._buffer[:20])!r} ({have} bytes)")
        return None


def pack_line(text: str) -> bytes:
    r"""Return `text` as the bytes of one line.

    Raises:
        ValueError: your text would not arrive as it is: it holds `\n`, ends in `\r`, or cannot be written as UTF-8.
    """
    if "\n" in text or text.endswith("\r"):
        raise ValueError(f"a line cannot hold a newline or end in '\\r': {text[:60]!r}. Send several lines, or a frame")
    return text.encode() + b"\n"


def pack_frame(payload: bytes) -> bytes:
    """Return `payload` with its length in front.

    Raises:
        ValueError: your payload is longer than four bytes can tell.
    """
    if len(payload) >= 1 << 32:
        raise ValueError(f"a frame holds at most 4294967295 bytes, not {len(payload)}: send it in several")
    return LENGTH.pack(len(payload)) + payload
