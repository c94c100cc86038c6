"""What a trace remembers: sockets and the calls made on them, as plain values that outlive the sockets.

Nothing here holds a socket, a buffer or a frame, so a record can be kept, sent to another process as JSON and
drawn there. Offsets count the bytes of one direction of one stream from the first byte traced.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

Address = tuple[str, int]
"""Host and port as the kernel gives them; for AF_UNIX the path and 0."""

HEAD = 48
"""How many bytes of each payload are kept, for showing."""

SENDS = frozenset({"send", "sendall", "sendto", "sendmsg", "sendfile"})
RECEIVES = frozenset({"recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into"})
CONNECTS = frozenset({"connect", "connect_ex"})


@dataclass(slots=True)
class Sock:
    """One socket of the kernel, however many Python objects stand for it."""

    number: int
    family: str  # "IPv4", "IPv6" or "UNIX"
    stream: bool
    me: Address | None = None
    you: Address | None = None
    names: dict[int, str] = field(default_factory=dict)  # thread -> the variable that held it there
    fallback: str = ""  # the name to show when no variable was found
    listening: bool = False
    accepted_by: int | None = None
    twin: int | None = None  # the other end, for a socketpair
    tls: bool = False


@dataclass(slots=True)
class Call:
    """One call of one method. `start` and `end` are seconds of `time.perf_counter`."""

    sock: int
    thread: int  # 0 is the thread that began the trace
    name: str
    args: str = ""  # as shown, without the payload; no port but 0
    start: float = 0.0
    end: float | None = None  # None: had not returned when the trace ended
    number: int = 0
    error: str = ""  # the exception's class, or errno's name
    words: str = ""  # what the error means
    result: str = ""
    asked: int = 0  # bytes that a sending call was given
    size: int = 0  # bytes sent or received
    head: bytes = b""
    digest: int = 0  # crc32 of a datagram
    at: int = 0  # offset in the stream
    address: Address | None = None  # a datagram's other end; where connect() went
    other: int | None = None  # the socket that accept() returned
    sends: str = ""  # "FIN" or "RST" where the kernel sends one because of this call
    peek: bool = False  # took no bytes away
    quiet: bool = False  # not drawn: an event loop asked and there was nothing

    @property
    def upto(self) -> int:
        """The offset after the last byte."""
        return self.at + self.size

    @property
    def closes(self) -> bool:
        """Whether this is the close that ended the socket."""
        return self.name == "close" and self.ok and not self.result

    @property
    def ok(self) -> bool:
        """Whether the call returned and raised nothing."""
        return self.end is not None and not self.error


@dataclass(slots=True)
class Record:
    """The calls of one trace in the order in which they began, and the sockets they were made on."""

    sockets: dict[int, Sock]
    calls: list[Call]

    def to_json(self) -> str:
        """Return the record as one line of JSON; bytes are written as Latin-1 text."""
        value = {"sockets": [asdict(s) for s in self.sockets.values()], "calls": [asdict(c) for c in self.calls]}
        return json.dumps(value, default=lambda data: data.decode("latin-1"))

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read what `to_json` wrote.

        Raises:
            ValueError: the text is not such a record.
        """
        try:
            value = json.loads(text)
            sockets = [Sock(**_restored(s)) for s in value["sockets"]]
            calls = [Call(**_restored(c)) for c in value["calls"]]
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"this is not a record of a trace: {text[:40]!r} ({error!r})") from error
        return cls({s.number: s for s in sockets}, calls)


def _restored(value: dict[str, Any]) -> dict[str, Any]:
    """Undo what JSON cannot say: tuples, bytes, and numbers as keys."""
    for name in ("me", "you", "address"):
        if value.get(name) is not None:
            value[name] = (str(value[name][0]), int(value[name][1]))
    if "head" in value:
        value["head"] = value["head"].encode("latin-1")
    if "names" in value:
        value["names"] = {int(thread): name for thread, name in value["names"].items()}
    return value


def merged(records: list[Record]) -> Record:
    """Put the records of several processes into one; sockets find their other end by address and offset."""
    sockets: dict[int, Sock] = {}
    calls: list[Call] = []
    for record in records:
        first = max(sockets, default=-1) + 1
        thread = max((c.thread for c in calls), default=-1) + 1

        def moved(number: int | None, first: int = first) -> int | None:
            return None if number is None else number + first

        for s in record.sockets.values():
            names = {t + thread: name for t, name in s.names.items()}
            new = replace(s, number=s.number + first, names=names, twin=moved(s.twin))
            new.accepted_by = moved(s.accepted_by)
            sockets[new.number] = new
        for c in record.calls:
            call = replace(c, sock=c.sock + first, thread=c.thread + thread, other=moved(c.other))
            call.number = len(calls)
            calls.append(call)
    return Record(sockets, calls)
