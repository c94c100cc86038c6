"""Two views of what the kernel knows: `look(listener)`, `netstat()`."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from dataclasses import replace

from sockscope.kernel import sock_diag
from sockscope.kernel.names import names_in
from sockscope.kernel.own import named, own_sockets, records_of
from sockscope.kernel.record import Address, Record
from sockscope.kernel.settle import settled
from sockscope.kernel.table import Table, steady

ORDER = ("LISTEN", "BOUND", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CONNECTED")  # then the ways to the end
WILDCARDS = ("0.0.0.0", "::")

# The connections of this process that were shown so far, by their two addresses, each from both ends.
_shown: set[tuple[Address, Address]] = set()


def look(*sockets: socket.socket, settle: float = 1.0) -> Table:
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
    return _table(settled(lambda: named(sockets, records_of(sockets), names), settle))


def netstat(*addresses: tuple[str, int], all: bool = False, settle: float = 1.0) -> Table:
    """Return the sockets of this process, with what waits in their queues, in words.

    Beside them stand those that they left behind and that no process holds: connections not accepted yet, and
    those that are closed but not over, mostly in TIME-WAIT. A Jupyter kernel's own sockets are left out.

    Args:
        addresses: as from getsockname(). Then: all TCP and UDP sockets with such an address at either end, whoever
            holds or held them.
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
            own, others = ([r for r in some if _touches(r, addresses)] for some in (own, others))
        elif not all:
            others = [record for record in others if not record.inode and _left_behind(record, own)]
        return own + [replace(record, name=_holder(record)) for record in others]

    return _table(sorted(settled(take, settle), key=_rank))


def _table(records: Sequence[Record]) -> Table:
    for record in records:
        if record.ports[0] and record.ports[1]:
            _shown.update([(record.local, record.remote), (record.remote, record.local)])
    return Table(records, when_empty="no sockets")


def _left_behind(record: Record, own: Sequence[Record]) -> bool:
    """Whether a socket that no process holds is known to be left from what this process has open.

    It is at the address of a listener of ours, which no other program can have had within the last minute. Or it
    is the other end of one of our connections. Or it was a client of a listener of ours, and was shown before:
    for what is at the client's end of a TIME-WAIT may have been a client of an earlier program on that port.
    """
    pair = (record.local, record.remote)
    listening = [r.local for r in own if r.state == "LISTEN"]
    if any(_same(record.local, address) for address in listening) or pair in {(r.remote, r.local) for r in own}:
        return True
    return pair in _shown and any(_same(record.remote, address) for address in listening)


def _touches(record: Record, addresses: Sequence[Address]) -> bool:
    return any(_same(end, address) for end in (record.local, record.remote) for address in addresses)


def _same(one: Address, other: Address) -> bool:
    """Whether two addresses are the same; 0.0.0.0 and :: are every host's."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    hosts = {host.removeprefix("::ffff:") for host in (one[0], other[0])}
    return one[1] == other[1] != 0 and (len(hosts) == 1 or not hosts.isdisjoint(WILDCARDS))


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
