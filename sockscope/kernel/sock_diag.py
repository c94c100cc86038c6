"""Ask the Linux kernel what it knows of its sockets: sock_diag, the netlink protocol that `ss` speaks too.

It needs no privilege and covers every socket of this network namespace, whichever process holds it.

Sources: man 7 sock_diag; linux/inet_diag.h, linux/unix_diag.h, linux/tcp.h (struct tcp_info);
net/ipv4/inet_diag.c, tcp_diag.c, udp_diag.c and net/unix/diag.c, which write the answers.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import replace

from sockscope.kernel.netlink import NLM_F_DUMP, ask, attributes, unpack
from sockscope.kernel.record import Record

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20

INET_REQUEST = struct.Struct("=BBBxI")  # family, protocol, attributes wanted, states; the id follows
INET_REPLY = struct.Struct("=BBBx48sIIIII")  # family, state, timer, id, expires, two queues, uid, inode
INET_ID = struct.Struct(">HH16s16s4x8s")  # local port, remote port, local host, remote host, (interface), cookie
UNIX_REQUEST = struct.Struct("=BxxxIII8s")  # family, states, inode, what to show, cookie
UNIX_REPLY = struct.Struct("=BBBxI8x")  # family, type, state, inode, (cookie)

EVERY_STATE = 0xFFFFFFFF
ANY_COOKIE = b"\xff" * 8
INET_DIAG_INFO, INET_DIAG_SKMEMINFO = 2, 7
UNIX_DIAG_NAME, UNIX_DIAG_PEER, UNIX_DIAG_RQLEN, UNIX_DIAG_SHUTDOWN = 0, 2, 4, 6
UDIAG_SHOW = 0x1 | 0x4 | 0x10  # name, peer, queues
RCV_SHUTDOWN, SEND_SHUTDOWN = 1, 2
# Of struct tcp_info: total_retrans, bytes_received, notsent_bytes, bytes_sent, bytes_retrans, snd_wnd.
TCP_INFO = "100x I 24x Q 8x I 52x Q Q 12x I"

# Linux's numbers in the words of RFC 9293, section 3.3.2. 12 is a handshake under way; 13 a socket that is
# bound but neither listens nor connects (kernels from 6.8 on list it).
STATES = (
    "?",
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSED",
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING",
    "SYN-RECEIVED",
    "CLOSED",
)
# What a timer will do. "probe": ask a peer whose window is closed whether it has room again.
TIMERS = ("", "retransmit", "keepalive", "time-wait", "probe")

# A SYN and a FIN take a number each in TCP's sequence, and the queues count numbers. These hold no byte.
FIN_TO_READ = {"CLOSE-WAIT", "LAST-ACK", "CLOSING"}
SYN_OR_FIN_TO_ACKNOWLEDGE = {"SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "LAST-ACK", "CLOSING"}


def dump(family: int, type: int) -> list[Record]:
    """Return every socket of `family` (AF_INET, AF_INET6, AF_UNIX) and `type` in this network namespace.

    Raises:
        OSError: this kernel does not answer.
    """
    if family == socket.AF_UNIX:
        records = map(unix_record, _ask(_unix_request(0), NLM_F_DUMP))
        return [record for record in records if record.type == type]
    return [inet_record(reply, type) for reply in _ask(_inet_request(family, type), NLM_F_DUMP)]


def find(local: tuple[str, int], remote: tuple[str, int], type: int = socket.SOCK_STREAM) -> Record | None:
    """Return the socket with these two addresses, in whichever process, or None.

    The kernel looks in its hash table instead of listing all: some 15 µs. A socket that is not connected has
    the remote address ("0.0.0.0", 0) or ("::", 0).

    Raises:
        OSError: this kernel does not answer.
    """
    family = socket.AF_INET6 if ":" in local[0] else socket.AF_INET
    # For UDP the kernel takes the point of view of a packet that arrives: from our remote, to our local
    # (net/ipv4/udp_diag.c, udp_dump_one).
    pair = (local, remote) if type == socket.SOCK_STREAM else (remote, local)
    try:
        (reply,) = _ask(_inet_request(family, type, *pair))
    except FileNotFoundError:
        return None
    record = inet_record(reply, type)
    # Where no connection matches, the kernel offers the listener on that port, as it would to a packet.
    return record if record.remote[1] == remote[1] else None


def find_unix(inode: int) -> Record | None:
    """Return the AF_UNIX socket with this inode, in whichever process, or None.

    Raises:
        OSError: this kernel does not answer.
    """
    try:
        return unix_record(_ask(_unix_request(inode))[0])
    except FileNotFoundError:
        return None


def _ask(request: bytes, flags: int = 0) -> list[bytes]:
    return ask(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, request, flags)


def _inet_request(family: int, type: int, local: tuple[str, int] = ("", 0), remote: tuple[str, int] = ("", 0)) -> bytes:
    """Build a struct inet_diag_req_v2; without addresses it matches every socket."""
    if type == socket.SOCK_STREAM:
        protocol, wanted = socket.IPPROTO_TCP, INET_DIAG_INFO
    else:
        protocol, wanted = socket.IPPROTO_UDP, INET_DIAG_SKMEMINFO
    hosts = [socket.inet_pton(family, host) if host else b"" for host, _ in (local, remote)]
    return INET_REQUEST.pack(family, protocol, 1 << (wanted - 1), EVERY_STATE) + INET_ID.pack(
        local[1], remote[1], *hosts, ANY_COOKIE
    )


def _unix_request(inode: int) -> bytes:
    """Build a struct unix_diag_req; inode 0 matches every socket."""
    return UNIX_REQUEST.pack(socket.AF_UNIX, EVERY_STATE, inode, UDIAG_SHOW, ANY_COOKIE)


def inet_record(payload: bytes, type: int) -> Record:
    """Read a struct inet_diag_msg and its attributes.

    Raises:
        MalformedMessageError: it is too short, or its lengths do not fit together.
    """
    family, number, timer, id, expires, recv_queue, send_queue, _, inode = unpack(INET_REPLY, payload)
    extra = attributes(payload[INET_REPLY.size :])
    local_port, remote_port, local_host, remote_host, _ = INET_ID.unpack(id)
    state = _word(STATES, number)
    record = Record(
        family, type, state, (_host(family, local_host), local_port), (_host(family, remote_host), remote_port), inode
    )
    if state == "LISTEN":  # for a listener the two queues mean something else
        return replace(record, accept_queue=recv_queue, backlog=send_queue)
    if type == socket.SOCK_DGRAM:
        (drops,) = _numbers("32x I", extra.get(INET_DIAG_SKMEMINFO, b""))  # the ninth of SK_MEMINFO_*
        state = "CONNECTED" if remote_port else "BOUND"
        return replace(record, state=state, recv_memory=recv_queue, drops=drops)
    info = extra.get(INET_DIAG_INFO, b"")
    retransmissions, received, unsent, sent, resent, room = _numbers(TCP_INFO, info)
    return replace(
        record,
        recv_queue=max(0, recv_queue - (state in FIN_TO_READ)),
        send_queue=max(0, send_queue - (state in SYN_OR_FIN_TO_ACKNOWLEDGE)),
        peer_room=room if len(info) >= struct.calcsize("=" + TCP_INFO) else None,  # from Linux 5.4 on
        timer=_word(TIMERS, timer),
        expires=expires / 1000,
        retransmissions=retransmissions,
        written=sent - resent + unsent,
        read=received - recv_queue,
    )


def unix_record(payload: bytes) -> Record:
    """Read a struct unix_diag_msg and its attributes.

    Raises:
        MalformedMessageError: it is too short, or its lengths do not fit together.
    """
    family, type, number, inode = unpack(UNIX_REPLY, payload)
    extra = attributes(payload[UNIX_REPLY.size :])
    name = extra.get(UNIX_DIAG_NAME, b"")
    local = "@" + name[1:].decode(errors="replace") if name[:1] == b"\0" else os.fsdecode(name.rstrip(b"\0"))
    recv_queue, backlog = _numbers("II", extra.get(UNIX_DIAG_RQLEN, b""))
    (peer,) = _numbers("I", extra.get(UNIX_DIAG_PEER, b""))
    (ended,) = _numbers("B", extra.get(UNIX_DIAG_SHUTDOWN, b""))
    if number == STATES.index("LISTEN"):
        return Record(family, type, "LISTEN", local, "", inode, accept_queue=recv_queue, backlog=backlog)
    return Record(
        family,
        type,
        "CONNECTED" if number == STATES.index("ESTABLISHED") or peer else "BOUND" if local else "UNBOUND",
        local,
        "",
        inode,
        recv_queue=recv_queue,
        peer=peer,
        input_ended=bool(ended & RCV_SHUTDOWN),
        output_ended=bool(ended & SEND_SHUTDOWN),
    )


def _host(family: int, address: bytes) -> str:
    return socket.inet_ntop(family, address if family == socket.AF_INET6 else address[:4])


def _word(words: Sequence[str], number: int) -> str:
    return words[number] if number < len(words) else f"number {number}"


def _numbers(layout: str, attribute: bytes) -> tuple[int, ...]:
    """Return the numbers of an attribute; zeros for what an older kernel does not send."""
    size = struct.calcsize("=" + layout)
    return unpack("=" + layout, attribute[:size].ljust(size, b"\0"))
