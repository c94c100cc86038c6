"""What can be known of this process's sockets where the kernel speaks no sock_diag, as on macOS.

psutil knows the states, and the sockets themselves their addresses and how much there is to read. Nobody knows
the accept queue, what the peer has not acknowledged, or TIME-WAIT: that is None in a record, "not known here".
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence

from sockscope.kernel.record import Address, Record

# psutil's words for the states of TCP, in those of RFC 9293. The others differ by "_" for "-" only.
WORDS = {"SYN_RECV": "SYN-RECEIVED", "FIN_WAIT1": "FIN-WAIT-1", "FIN_WAIT2": "FIN-WAIT-2", "CLOSE": "CLOSED"}


def records_of(sockets: Sequence[socket.socket]) -> list[Record]:
    """Return a record of each of these sockets of this process."""
    import psutil

    states = {connection.fd: connection.status for connection in psutil.Process().net_connections("all")}
    return [_record(sock, states.get(sock.fileno(), "NONE")) for sock in sockets]


def addresses(sock: socket.socket) -> tuple[Address, Address, bool]:
    """Return where an open socket is, where its peer is, and whether it has one."""
    try:
        return _address(sock.getsockname()), _address(sock.getpeername()), True
    except OSError:
        return _address(sock.getsockname()), "", False


def readable_bytes(sock: socket.socket) -> int:
    """Return how many bytes the next read can give: of a stream all that came, of datagrams the first one."""
    import fcntl
    import termios

    # man 7 tcp, SIOCINQ; man 7 udp: FIONREAD is its name elsewhere.
    (count,) = struct.unpack("i", fcntl.ioctl(sock, termios.FIONREAD, bytes(4)))
    return int(count)


def _address(name: object) -> Address:
    """Return what getsockname() gives in the form of a record: no scope id, no bytes, "@" for an abstract name."""
    if isinstance(name, tuple):
        return name[0], name[1]
    text = name.decode(errors="replace") if isinstance(name, bytes) else str(name)
    return text.replace("\0", "@", 1)


def _record(sock: socket.socket, status: str) -> Record:
    if sock.fileno() == -1:
        return Record(sock.family, sock.type, "closed", "", "")
    local, remote, connected = addresses(sock)
    listens = bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    if status != "NONE":
        state = WORDS.get(status, status.replace("_", "-"))
    elif listens:
        state = "LISTEN"
    elif sock.type == socket.SOCK_STREAM and sock.family != socket.AF_UNIX:
        state = "CLOSED"
    else:
        state = "CONNECTED" if connected else "BOUND" if local and local[1] else "UNBOUND"
    # Of datagrams, some systems count all that wait, not the first.
    known = sock.type == socket.SOCK_STREAM and not listens
    return Record(sock.family, sock.type, state, local, remote, recv_queue=readable_bytes(sock) if known else None)
