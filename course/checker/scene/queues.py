"""How many bytes wait unread at the other end of a connection, when that end lives in another process.

Exact pacing needs it: the next piece is sent when the answer has taken the last one. The peer's own SIOCOUTQ
says only what was *acknowledged*, and a kernel acknowledges what nobody has read. So ask for the other end's
receive queue: over AF_NETLINK, an exact look-up by addresses (sock_diag(7), `idiag_rqueue`).
"""

from __future__ import annotations

import socket
import struct
import sys

NETLINK_SOCK_DIAG = 4  # linux/netlink.h
SOCK_DIAG_BY_FAMILY = 20  # linux/sock_diag.h
NLM_F_REQUEST = 1
RQUEUE_AT = 16 + 4 + 48 + 4  # nlmsghdr, four bytes of state, inet_diag_sockid, idiag_expires


def unread(sock: socket.socket) -> int | None:
    """Return how many bytes the other end of `sock` has not read yet; None where nothing can tell.

    0 too when the other end is gone. An AF_UNIX socket knows by itself: there SIOCOUTQ counts what the reader
    has not taken (unix(7)).
    """
    if sock.family == getattr(socket, "AF_UNIX", None):
        return _unix_unread(sock)
    if not sys.platform.startswith("linux"):
        return None
    try:
        local, remote = sock.getsockname(), sock.getpeername()
    except OSError:
        return 0
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as netlink:
            netlink.settimeout(1)
            netlink.sendto(_request(sock.family, remote, local), (0, 0))
            reply = netlink.recv(4096)
    except OSError:
        return None
    (kind,) = struct.unpack_from("=H", reply, 4)
    if kind != SOCK_DIAG_BY_FAMILY:
        return 0  # NLMSG_ERROR with ENOENT: that end is closed
    return int(struct.unpack_from("=I", reply, RQUEUE_AT)[0])


def _request(family: int, owner: tuple[str, int], other: tuple[str, int]) -> bytes:
    """One inet_diag_req_v2 for the TCP socket at `owner` that talks to `other` (linux/inet_diag.h)."""
    source, target = (socket.inet_pton(family, end[0]).ljust(16, b"\0") for end in (owner, other))
    ports = struct.pack("!HH", owner[1], other[1])
    identity = ports + source + target + struct.pack("=I", 0) + b"\xff" * 8  # no interface, no cookie
    body = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + identity
    return struct.pack("=IHHII", 16 + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0) + body


def _unix_unread(sock: socket.socket) -> int:
    import fcntl
    import termios

    return int(struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0])
