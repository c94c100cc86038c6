"""This process's own sockets: which they are, and a record of each."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sockscope.kernel import portable, sock_diag
from sockscope.kernel.record import Record


def own_sockets() -> list[socket.socket]:
    """Return the open sockets that Python code of this process has made, by file descriptor.

    Those of libraries in C are left out: a Jupyter kernel has some twenty, for its own talk with the browser.
    So is the pair with which each asyncio loop wakes itself.
    """
    # The garbage collector knows every object that can hold others; a socket is one, an event loop too.
    # By type(), not isinstance(), which asks the object, and a dead weakref.proxy answers with an exception.
    things = gc.get_objects()
    wakers = set()
    if asyncio := sys.modules.get("asyncio"):
        loops = [thing for thing in things if issubclass(type(thing), asyncio.BaseEventLoop)]
        wakers = {getattr(loop, end, None) for loop in loops for end in ("_ssock", "_csock")}
    found = (thing for thing in things if issubclass(type(thing), socket.socket))
    return sorted((sock for sock in found if sock.fileno() != -1 and sock not in wakers), key=socket.socket.fileno)


def records_of(sockets: Sequence[socket.socket]) -> list[Record]:
    """Return a record of each of these sockets of this process, from one look at the kernel's tables."""
    wanted = {(sock.family, sock.type) for sock in sockets if sock.fileno() != -1}
    try:
        dumped = (record for family, type in sorted(wanted) for record in sock_diag.dump(family, type))
        known = {record.inode: record for record in dumped if record.inode}
        return [_record(sock, known) for sock in sockets]
    except (OSError, AttributeError):  # AttributeError: no AF_NETLINK in `socket`, so this is not Linux
        return portable.records_of(sockets)


def named(
    sockets: Sequence[socket.socket], records: Sequence[Record], names: Mapping[socket.socket, str]
) -> list[Record]:
    """Return the records with the names of the variables, or the file descriptors, that hold the sockets."""
    by_inode = {os.fstat(sock.fileno()).st_ino: name for sock, name in names.items() if sock.fileno() != -1}
    return [
        replace(
            record,
            name=names.get(sock, f"fd={sock.fileno()}"),
            peer_name=by_inode.get(record.peer, "") if record.peer else "",
        )
        for sock, record in zip(sockets, records, strict=True)
    ]


def _record(sock: socket.socket, known: Mapping[int, Record]) -> Record:
    if sock.fileno() == -1:
        return Record(sock.family, sock.type, "closed", "", "")
    record = known.get(os.fstat(sock.fileno()).st_ino)
    if record is None:  # no port, or no connection any more: the kernel's tables list neither
        return Record(sock.family, sock.type, _state(sock), *portable.addresses(sock)[:2])
    if sock.type == socket.SOCK_DGRAM:
        return replace(record, recv_queue=portable.readable_bytes(sock))
    if record.peer in known:  # an AF_UNIX stream: what was sent lies in the peer's queue until it is read
        peer = known[record.peer]
        return replace(record, send_queue=peer.recv_queue, remote=peer.local)
    return record


def _state(sock: socket.socket) -> str:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
        # Right even if the tables are another network namespace's. tcpi_state is the first byte.
        return sock_diag.STATES[sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]
    return "UNBOUND"
