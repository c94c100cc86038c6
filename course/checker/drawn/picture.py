"""The picture of a failing case: the calls of the answer, from its process, and those of its peers, in one record."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from course.checker.process.tracing import goes_on, going_on
from sockscope.trace import Record, draw
from sockscope.trace.describe import error_words
from sockscope.trace.match import Matched
from sockscope.trace.record import RECEIVES, SENDS

CTIME = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")

Mask = Callable[[bytes], bytes]
"""Takes out of a payload what differs on each run, and keeps its length."""


def timeless(data: bytes) -> bytes:
    """Return `data` with letters in place of a time as `time.ctime()` writes it."""
    return CTIME.sub(b"Www Mmm dd hh:mm:ss yyyy", data)


def joined(answers: Sequence[str], peers: Record, mask: Mask = timeless) -> str:
    """Return one record as JSON, to be drawn; empty if the answer made no call on any socket.

    Args:
        answers: what each of the answer's processes recorded, as `FirstCalls.json` gives it.
        peers: what the peers did.
        mask: is applied to every payload.

    Raises:
        ValueError: what a process sent is no record.
    """
    records = [Record.from_json(text) for text in answers if text]
    if not records:
        return ""
    whole = draw(*records, peers).record
    _one_listener(whole)
    _lost_addresses(whole)
    _unread_resets(whole)
    whole.calls[:] = [replace(call, head=mask(call.head)) for call in whole.calls]
    text = whole.to_json()
    return going_on(text) if any(map(goes_on, answers)) else text


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


def _lost_addresses(record: Record) -> None:
    """Tell a socket who its other end was, if that end had reset before anybody asked (getpeername(2), ENOTCONN)."""
    sockets = [s for s in record.sockets.values() if s.stream and s.me and not s.listening]
    known = {(s.me, s.you) for s in sockets}
    for lost in (s for s in sockets if not s.you):
        others = [s for s in sockets if s.you == lost.me and (s.you, s.me) not in known]
        if len(others) == 1:
            lost.you = others[0].me


def _unread_resets(record: Record) -> None:
    """Let a close with bytes on their way be a reset, whichever of both was first: bytes that nobody will read get RST.

    Whether they came before the close or after it is chance, and then so is what the peer met, an end or a reset.
    """
    matched = Matched(record)
    for mine, peer in matched.peers.items():
        close = next((c for c in matched.by_socket[mine] if c.closes), None)
        sent = sum(c.size for c in matched.by_socket[peer] if c.name in SENDS)
        read = sum(c.size for c in matched.done(mine, RECEIVES) if not c.peek)
        ended_before = any(c.sends for c in matched.by_socket[mine] if c is not close)
        if close is None or read >= sent or ended_before or not record.sockets[mine].stream:
            continue
        close.sends = "RST"
        last = matched.by_socket[peer][-1]
        if last.name == "recv" and (last.error or (last.ok and not last.size)):
            last.error, last.words = error_words("recv", ConnectionResetError(errno.ECONNRESET, ""))
