"""The picture of a failing case: the calls of the answer, from its process, and those of its peers, in one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from netlib.trace import Record, draw
from netlib.trace.record import Call

CTIME = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")
ROUNDS, LONGEST_ROUND = 4, 6  # so many equal rounds at the end of what never ended are a loop

Mask = Callable[[bytes], bytes]
"""Takes out of a payload what differs on each run, and keeps its length."""


def timeless(data: bytes) -> bytes:
    """Return `data` with letters in place of a time as `time.ctime()` writes it."""
    return CTIME.sub(b"Www Mmm dd hh:mm:ss yyyy", data)


def joined(answers: Sequence[tuple[str, bool]], peers: Record, mask: Mask = timeless) -> str:
    """Return one record as JSON, to be drawn; empty if the answer made no call on any socket.

    Args:
        answers: what each of the answer's processes recorded, as JSON, and whether its call is still under way.
        peers: what the peers did.
        mask: is applied to every payload.

    Raises:
        ValueError: what a process sent is no record.
    """
    told = [(Record.from_json(text), running) for text, running in answers if text]
    records = [_once(record) if running else record for record, running in told]
    if not records:
        return ""
    whole = draw(*records, peers).record
    _one_listener(whole)
    whole.calls[:] = [replace(call, head=mask(call.head)) for call in whole.calls]
    return whole.to_json()


def _one_listener(record: Record) -> None:
    """Let a listener that the checker made and the answer used be one socket, not two with one address."""
    first: dict[object, int] = {}
    same = {s.number: first.setdefault(s.me, s.number) for s in record.sockets.values() if s.listening and s.me}
    for call in record.calls:
        call.sock = same.get(call.sock, call.sock)
    for sock in record.sockets.values():
        sock.accepted_by = same.get(sock.accepted_by, sock.accepted_by) if sock.accepted_by is not None else None
    for number, kept in same.items():
        if number != kept:
            del record.sockets[number]


def _once(record: Record) -> Record:
    """Keep two rounds of the loop that a call was in when its time was up: how many it made by then is chance."""
    calls = record.calls
    shapes = [(c.sock, c.thread, c.name, c.error, c.size, c.head) for c in calls]
    for period in range(1, LONGEST_ROUND + 1):
        for part in range(period + 1):
            whole = len(calls) - part
            first = whole
            while first >= period and shapes[first - period : first] == shapes[whole - period : whole]:
                first -= period
            if whole - first < ROUNDS * period:
                continue
            if all(_alike(calls[whole + n], calls[whole + n - period]) for n in range(part)):
                return Record(record.sockets, calls[: first + 2 * period])
    return record


def _alike(one: Call, other: Call) -> bool:
    return (one.sock, one.thread, one.name) == (other.sock, other.thread, other.name)
