"""A UDP peer of the checker's."""

from __future__ import annotations

import socket
from typing import Any

from course.checker.scene.clock import Clock
from course.checker.scene.failure import Failed, show

LARGEST = 65535


class DatagramPeer:
    """A bound UDP socket that sends and hears whole datagrams."""

    def __init__(self, sock: socket.socket, name: str, clock: Clock) -> None:
        self.sock, self.name, self._clock = sock, name, clock
        self.last_sender: Any = None
        clock.talk.meets(sock, name)
        sock.setblocking(False)

    @property
    def address(self) -> tuple[str, int]:
        """Where this peer is bound."""
        address: tuple[str, int] = self.sock.getsockname()
        return address

    def sends(self, data: bytes, to: Any = None) -> None:
        """Send one datagram, to `to` (an address or a socket of the answer's) or to who spoke last."""
        address = to.getsockname() if isinstance(to, socket.socket) else to or self.last_sender
        self._clock.log(f"{self.name} sends {show(data)}")
        self._clock.talk.sends(self.sock, data, address)
        self.sock.sendto(data, address)

    def receives(self) -> bytes:
        """A datagram comes; return it. Its sender is `last_sender`."""
        wanted = f"the {self.name} receives a datagram"
        try:
            if not self._clock.until_ready(self.sock):
                raise Failed("returned early")
        except Failed as failure:
            self._clock.log(f"{self.name} waits for a datagram, in vain")
            self._clock.talk.waits(self.sock, "recvfrom")
            failure.expected = failure.expected or wanted
            failure.got = failure.got or "nothing came"
            raise
        data, self.last_sender = self.sock.recvfrom(LARGEST)
        self._clock.log(f"{self.name} receives {show(data)}")
        self._clock.talk.hears(self.sock, data, self.last_sender)
        return data

    def hears(self, expected: bytes) -> None:
        """A datagram comes that holds exactly these bytes."""
        got = self.receives()
        if got != expected:
            self._clock.settle()
            raise Failed("wrong bytes", f"the {self.name} receives {show(expected)}", f"it received {show(got)}", got)

    def heard_nothing(self) -> None:
        """No datagram has come by now."""
        try:
            data, _ = self.sock.recvfrom(LARGEST)
        except BlockingIOError:
            return
        raise Failed("wrong bytes", f"the {self.name} receives nothing", f"it received {show(data)}", data)
