"""All sockets of this process, or of the machine, as a table: `netstat()`."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace

from netlib.kernel import sock_diag
from netlib.kernel.names import names_in
from netlib.kernel.own import named, own_sockets, records_of
from netlib.kernel.record import Record
from netlib.kernel.settle import settled
from netlib.kernel.table import Table, steady

ORDER = ("LISTEN", "BOUND", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CONNECTED")  # then the ways to the end


def netstat(*addresses: tuple[str, int], all: bool = False, settle: float = 0.25) -> Table:
    """Return the sockets of this process, with what waits in their queues, in words.

    Beside them stand those that no process holds, where the port is one of yours: connections not accepted yet,
    and those in TIME-WAIT. A Jupyter kernel's own sockets are left out.

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
        ports = {address[1] for address in addresses} or {record.ports[0] for record in own}
        held = {record.inode for record in own if record.inode}
        others = [record for record in _kernels_tables() if record.inode not in held]
        if not all:
            others = [r for r in others if _touches(r, ports) and (addresses or not r.inode)]
        if addresses and not all:
            own = [record for record in own if _touches(record, ports)]
        return own + [replace(record, name=_holder(record)) for record in others]

    return Table(sorted(settled(take, settle), key=_rank), when_empty="no sockets")


def _kernels_tables() -> list[Record]:
    """Return every TCP and UDP socket of the network namespace; none where the kernel does not answer."""
    families, types = (socket.AF_INET, socket.AF_INET6), (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    try:
        return [record for family in families for type in types for record in sock_diag.dump(family, type)]
    except (OSError, AttributeError):
        return []


def _touches(record: Record, ports: set[int]) -> bool:
    return bool(ports.intersection(record.ports) - {0})


def _holder(record: Record) -> str:
    if record.inode:
        return "(another process)"
    return "(not accepted)" if record.state in ("ESTABLISHED", "CLOSE-WAIT") else "(closed)"


def _rank(record: Record) -> tuple[object, ...]:
    """Order rows by what is the same in each run: two that differ in their ports alone may stand either way."""
    rank = ORDER.index(record.state) if record.state in ORDER else len(ORDER)
    return record.kind, record.family, rank, steady(f"{record.name} {record.state} {record.addresses} {record.notes}")
