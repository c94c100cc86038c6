"""Pieces for an answer that may look before it takes: exact as `Peer.sends`, and never stuck.

`Peer.sends` waits until the piece before was read. An answer that looks with MSG_PEEK, or asks how many bytes wait,
until all of them are there reads nothing until then, and is right. So here the wait ends after a moment. For who reads
each piece as it comes the pieces are as exact as ever; on a machine so slow that the moment passes, two may be glued,
which a right answer does not mind.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from course.checker.scene.case import Case
from course.checker.scene.peers import Peer
from course.checker.scene.queues import unread
from netlib.patience import patience

MOMENT = 0.1  # a thousand times what it takes to read a piece on loopback


def paced(case: Case, peer: Peer, *pieces: bytes) -> None:
    """Let `peer` send each piece when the answer has taken the last one, or has left it for a moment."""
    for piece in pieces:
        case.clock.until(_taken_or_left(peer))
        peer.sends_at_once(piece)


def _taken_or_left(peer: Peer) -> Callable[[], bool]:
    end = time.monotonic() + patience(MOMENT)
    return lambda: not unread(peer.sock) or time.monotonic() > end
