"""What is known of one socket, and how that is said in words."""

from __future__ import annotations

import socket
from dataclasses import dataclass

# (host, port) for IPv4 and IPv6; for AF_UNIX a path, "@name" for an abstract name, "" for none.
Address = tuple[str, int] | str

KINDS = {
    (socket.AF_INET, socket.SOCK_STREAM): "TCP",
    (socket.AF_INET, socket.SOCK_DGRAM): "UDP",
    (socket.AF_INET6, socket.SOCK_STREAM): "TCP",
    (socket.AF_INET6, socket.SOCK_DGRAM): "UDP",
}
ABOUT_STATE = {
    "SYN-SENT": "no answer yet",
    "FIN-WAIT-1": "this side has finished sending, which the peer has not acknowledged",
    "FIN-WAIT-2": "this side has finished sending",
    "CLOSE-WAIT": "the peer has finished sending",
    "CLOSING": "both sides have finished sending",
    "LAST-ACK": "both sides have finished sending",
    "TIME-WAIT": "over; the pair of addresses is kept for a minute",
}


@dataclass(frozen=True)
class Record:
    """One socket as the kernel sees it. None: not known, or does not apply to this kind of socket.

    `state` of TCP is a word of RFC 9293, section 3.3.2. Other sockets have no such states; theirs is LISTEN,
    CONNECTED, BOUND or UNBOUND.
    """

    family: int
    type: int
    state: str
    local: Address
    remote: Address
    inode: int = 0  # os.fstat(fd).st_ino; 0 when no process holds it: not accepted yet, or TIME-WAIT
    name: str = ""  # the learner's variable
    recv_queue: int | None = None  # bytes to be read; of datagrams, those of the first
    recv_memory: int | None = None  # UDP: memory that the waiting datagrams occupy, more than their bytes
    send_queue: int | None = None  # bytes sent and not acknowledged (TCP), or not read by the peer (AF_UNIX)
    accept_queue: int | None = None  # a listener's connections that wait to be accepted
    backlog: int | None = None  # and the number given to listen()
    peer_room: int | None = None  # TCP: bytes that the peer's window offers, counted from those not acknowledged
    timer: str = ""  # TCP: what it waits for: retransmit, keepalive, time-wait, probe
    expires: float = 0  # seconds until it does
    retransmissions: int = 0  # since the connection began
    drops: int = 0  # UDP: datagrams thrown away, mostly because the receive buffer was full
    written: int = 0  # TCP: bytes that the program has sent since the connection began
    read: int = 0  # TCP: bytes that it has read; an end of stream that it has read counts one
    peer: int = 0  # AF_UNIX: the inode of the socket at the other end
    peer_name: str = ""  # AF_UNIX: the learner's variable that holds that socket
    input_ended: bool = False  # AF_UNIX: nothing more will come
    output_ended: bool = False  # AF_UNIX: nothing more can be sent

    @property
    def kind(self) -> str:
        """The protocol, as `netstat` tools name it: TCP, UDP, unix stream, …"""
        family, type = socket.AddressFamily(self.family), socket.SocketKind(self.type)
        plain = f"{family.name.removeprefix('AF_').lower()} {type.name.removeprefix('SOCK_').lower()}"
        return KINDS.get((family, type), plain)

    @property
    def ports(self) -> tuple[int, int]:
        """The local and the remote port; 0 where there is none."""
        local, remote = (address[1] if isinstance(address, tuple) else 0 for address in (self.local, self.remote))
        return local, remote

    @property
    def addresses(self) -> str:
        """`local`, or `local -> remote`."""
        local, remote = _address(self.local), _address(self.remote)
        if self.peer:
            return f"{local or 'unnamed'} -> {remote or 'unnamed'}"
        return f"{local} -> {remote}" if remote else local

    @property
    def exceeds_room(self) -> bool:
        """Whether more waits to be sent than the peer has room for, so that sending stops until it reads."""
        return self.peer_room is not None and (self.send_queue or 0) > self.peer_room

    @property
    def notes(self) -> str:
        """What waits, and why, in words."""
        return "; ".join(filter(None, [*self._queues(), *self._circumstances()])) or (
            "nothing waiting" if self.recv_queue == 0 else ""
        )

    def _queues(self) -> list[str]:
        notes = []
        if self.state == "LISTEN":
            known = self.accept_queue is not None
            queue = f"{self.accept_queue} of {self.backlog}" if known else "not known here"
            notes.append(f"waiting to be accepted: {queue}")
        if self.recv_memory and self.recv_queue is None:
            notes.append("datagrams waiting")
        elif self.recv_memory or (self.recv_queue and self.type == socket.SOCK_DGRAM):
            notes.append(f"first datagram waiting: {_bytes(self.recv_queue or 0)}")
        elif self.recv_queue:
            notes.append(f"waiting to be read: {_bytes(self.recv_queue)}")
        if self.send_queue:
            what = "not yet read by the peer" if self.family == socket.AF_UNIX else "not yet acknowledged"
            notes.append(f"{what}: {_bytes(self.send_queue)}")
        return notes

    def _circumstances(self) -> list[str]:
        return [
            ABOUT_STATE.get(self.state, ""),
            ("bound" if self.inode else "no connection") if self.state == "CLOSED" else "",
            "more than the peer has room for" if self.exceeds_room else "",
            f"retransmissions: {self.retransmissions}" if self.retransmissions else "",
            f"datagrams thrown away: {self.drops}" if self.drops else "",
            f"peer: {self.peer_name}" if self.peer_name else "",
            "nothing more will come" if self.input_ended else "",
            "nothing more can be sent" if self.output_ended else "",
        ]


def _bytes(count: int) -> str:
    return f"{count} byte" if count == 1 else f"{count} bytes"


def _address(address: Address) -> str:
    if isinstance(address, str):
        return address
    host, port = address
    if port == 0:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
