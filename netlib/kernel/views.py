"""Two views of what the kernel knows: `look(listener)`, `netstat()`."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from netlib.kernel import sock_diag
from netlib.kernel.names import names_in
from netlib.kernel.own import named, own_sockets, records_of
from netlib.kernel.record import Record
from netlib.kernel.settle import settled
from netlib.kernel.table import Table, steady

ORDER = ("LISTEN", "BOUND", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CONNECTED")  # then the ways to the end
TIME_WAIT_SECONDS = 60  # TCP_TIMEWAIT_LEN in include/net/tcp.h of Linux
IMPORTED = time.monotonic()


def look(*sockets: socket.socket, settle: float = 0.25) -> Table:
    """Return what the kernel knows of these sockets: state, addresses, what waits in the queues, in words.

    As the last line of a cell it is shown. Its items are records, in the order given: `look(conn)[0].state`.

    Args:
        sockets: of any family, open or closed.
        settle: seconds for which to look again while a state is a passing one; 0: what is so now.

    Raises:
        TypeError: an argument is not a socket.
    """
    for sock in sockets:
        if not isinstance(sock, socket.socket):
            raise TypeError(f"look() takes sockets, as in look(listener), not {type(sock).__name__}: {sock!r}")
    names = names_in(sys._getframe(1))
    return Table(settled(lambda: named(sockets, records_of(sockets), names), settle), when_empty="no sockets")


def netstat(*addresses: tuple[str, int], all: bool = False, settle: float = 0.25) -> Table:
    """Return the sockets of this process, with what waits in their queues, in words.

    Beside them stand those that they left behind and that no process holds: connections not accepted yet, and
    those that are closed but not over, mostly in TIME-WAIT. A Jupyter kernel's own sockets are left out.

    Args:
        addresses: as from getsockname(). Then: all TCP and UDP sockets with such a port at either end, whoever
            holds them. So you can see what a closed socket leaves behind.
        all: then: all TCP and UDP sockets of the machine (of this network namespace).
        settle: seconds for which to look again while a state is a passing one; 0: what is so now.
    """
    names = names_in(sys._getframe(1))
    mine = own_sockets()

    def take() -> list[Record]:
        own = [r for r in named(mine, records_of(mine), names) if r.ports[0] or r.state not in ("UNBOUND", "CLOSED")]
        held = {record.inode for record in own if record.inode}
        others = [record for record in _kernels_tables() if record.inode not in held]
        if addresses:
            ports = {address[1] for address in addresses}
            own = [record for record in own if ports.intersection(record.ports)]
            others = [record for record in others if ports.intersection(record.ports)]
        elif not all:
            others = [record for record in others if not record.inode and _left_behind(record, own)]
        return own + [replace(record, name=_holder(record)) for record in others]

    return Table(sorted(settled(take, settle), key=_rank), when_empty="no sockets")


def _left_behind(record: Record, own: Sequence[Record]) -> bool:
    """Whether a socket that no process holds was, as far as can be known, one of this process's.

    Its own port is a listener's, or it is the other end of one of ours. Where it is a client's, only the port at
    the other end can tell, and that port may have been another program's within the last minute: so nothing
    older than the import of this module counts.
    """
    listening = {r.ports[0] for r in own if r.state == "LISTEN"}
    if record.ports[0] in listening or any((record.remote, record.local) == (r.local, r.remote) for r in own):
        return True
    age = TIME_WAIT_SECONDS - record.expires
    return record.ports[1] in listening and time.monotonic() - age > IMPORTED


def _kernels_tables() -> list[Record]:
    """Return every TCP and UDP socket of the network namespace; none where the kernel does not answer."""
    families, types = (socket.AF_INET, socket.AF_INET6), (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    try:
        return [record for family in families for type in types for record in sock_diag.dump(family, type)]
    except (OSError, AttributeError):
        return []


def _holder(record: Record) -> str:
    if record.inode:
        return "(another process)"
    return "(not accepted)" if record.state in ("ESTABLISHED", "CLOSE-WAIT") else "(closed)"


def _rank(record: Record) -> tuple[object, ...]:
    """Order rows by what is the same in each run: two that differ in their ports alone may stand either way."""
    rank = ORDER.index(record.state) if record.state in ORDER else len(ORDER)
    return record.kind, record.family, rank, steady(f"{record.name} {record.state} {record.addresses} {record.notes}")
