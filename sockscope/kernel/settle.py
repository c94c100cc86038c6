"""Look again while a state is a passing one, so that two runs of the same program show the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from netlib.patience import patience
from sockscope.kernel.record import Record

PASSING = {"SYN-RECEIVED", "FIN-WAIT-1", "CLOSING", "LAST-ACK"}


def settled(take: Callable[[], Sequence[Record]], seconds: float) -> Sequence[Record]:
    """Return what `take` gives once no socket in it waits for an acknowledgement alone, or after `seconds`.

    A peer's kernel may put an acknowledgement off for 40 to 200 ms (TCP_DELACK_MIN and TCP_DELACK_MAX in
    include/net/tcp.h of Linux). Whether it has come yet says nothing about the program.
    """
    deadline = time.monotonic() + patience(seconds)
    while True:
        records = take()
        if time.monotonic() >= deadline or not any(map(_is_passing, records)):
            return records
        time.sleep(0.002)  # the kernel tells nobody when an acknowledgement arrives


def _is_passing(record: Record) -> bool:
    if record.retransmissions or record.exceeds_room:  # that is not soon over
        return False
    return record.state in PASSING or bool(record.send_queue and record.timer == "retransmit")
