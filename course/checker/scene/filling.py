"""A peer that does not read: when has everything arrived that there is room for?"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

from netlib.patience import patience

if TYPE_CHECKING:
    from course.checker.scene.case import Case
    from course.checker.scene.peers import Peer

SETTLED_SECONDS = 0.05  # loopback has moved what can be moved after a fraction of a millisecond


def until_full(case: Case, peer: Peer) -> None:
    """Wait until the peer's buffer has got no more for a while. No event tells that nothing comes any more."""
    before, since = -1, time.monotonic()

    def settled() -> bool:
        nonlocal before, since
        now = readable(peer.sock)
        if now != before:
            before, since = now, time.monotonic()
        return now > 0 and time.monotonic() - since > patience(SETTLED_SECONDS)

    case.clock.until(settled)


def readable(sock: socket.socket) -> int:
    """Return how many bytes can be read from `sock` now (0 after a reset too)."""
    with contextlib.suppress(OSError):
        return len(sock.recv(1 << 20, socket.MSG_PEEK))
    return 0
