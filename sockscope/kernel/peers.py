"""What lies unread at the other end: two questions to which only the kernel has the answer."""

from __future__ import annotations

import os
import socket

from sockscope.kernel import sock_diag


def receive_queue_of(local: tuple[str, int], remote: tuple[str, int]) -> int | None:
    """Return how many bytes wait to be read in the TCP socket with these addresses, whichever process holds it.

    None when there is no such socket (any more). What was sent a moment ago may not be in the queue yet:
    `unread_by_peer` counts that too.

    Raises:
        OSError: this kernel does not answer (Linux only).
    """
    record = sock_diag.find(local, remote)
    return None if record is None else record.recv_queue


def unread_by_peer(sock: socket.socket) -> int | None:
    """Return how many of the bytes sent on `sock` the program at the other end has not read yet.

    `sock` is TCP or an AF_UNIX stream, and its peer is on this machine, in whichever process. Bytes count from
    the moment of the send, wherever they are. None when the peer's socket is gone.

    Raises:
        OSError: `sock` is not connected, or this kernel does not answer (Linux only).
    """
    if sock.family == socket.AF_UNIX:
        own = sock_diag.find_unix(os.fstat(sock.fileno()).st_ino)
        other = sock_diag.find_unix(own.peer) if own and own.peer else None
        return None if other is None else other.recv_queue
    local, remote = sock.getsockname()[:2], sock.getpeername()[:2]
    # Not the peer's queue: a segment that arrives while the peer's program is in a call on its socket is put
    # aside until that call ends, and is in no queue (net/ipv4/tcp_ipv4.c, tcp_add_backlog).
    own, other = sock_diag.find(local, remote), sock_diag.find(remote, local)
    if own is None or other is None:
        return None
    return max(0, own.written - other.read)
