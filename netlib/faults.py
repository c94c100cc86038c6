"""Peers that misbehave on purpose, in the same way each time: what a network does now and then, when a lesson needs it.

Each is a function for `serving`, which gives it a bound or listening socket of its own:

    relay = LossyRelay(server_address, seed=7, loss=0.2)
    with serving(relay, type=socket.SOCK_DGRAM) as road:    # send to `road` in place of `server_address`
    with serving(dribble, b"hello") as address:             # one byte at a time
    with serving(stall) as address:                         # connected, and silent for ever
    with serving(reset) as address:                         # hears a little, then breaks off
"""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netlib.patience import patience

LARGEST = 65535  # a UDP length has 16 bits (RFC 768): no datagram needs more room
HOLD_SECONDS = 1.0  # how long a datagram that is to be overtaken waits for another one


@dataclass
class Faults:
    """What may happen to a datagram: three probabilities from 0 to 1. They may be changed on the way."""

    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0

    def __setattr__(self, name: str, value: float) -> None:
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is a probability from 0 to 1, such as 0.2; it is {value!r}")
        super().__setattr__(name, value)


@dataclass
class Counts:
    """What happened in one direction: datagrams that came in, and how many of these were lost, doubled, overtaken."""

    carried: int = 0
    lost: int = 0
    duplicated: int = 0
    overtaken: int = 0


class Link:
    """One direction of a lossy road, without a socket: datagrams go in, and what comes out is returned.

    The seed and the number of a datagram on this link decide what happens to it, and nothing else does. So the same
    traffic meets the same faults, and more loss in a second run takes the same datagrams and some others.
    """

    def __init__(self, faults: Faults, seed: object = 0, counts: Counts | None = None) -> None:
        self.faults = faults
        self.counts = counts or Counts()
        self.held: bytes | None = None
        self._random = random.Random(str(seed))

    def carry(self, datagram: bytes) -> list[bytes]:
        """Take one datagram in; return those that come out now, in order."""
        lost, doubled, late = (self._random.random() for _ in range(3))  # always three: see the class
        self.counts.carried += 1
        if lost < self.faults.loss:
            self.counts.lost += 1
            return []
        if late < self.faults.reordering and self.held is None:
            self.held = datagram
            return []
        copies = 2 if doubled < self.faults.duplication else 1
        self.counts.duplicated += copies - 1
        overtaken = self.release()
        self.counts.overtaken += len(overtaken)
        return [datagram] * copies + overtaken

    def release(self) -> list[bytes]:
        """Let go of the datagram that waits to be overtaken, if there is one."""
        held, self.held = self.held, None
        return [] if held is None else [held]


class LossyRelay:
    """Passes datagrams between its clients and the server at `to`; some are lost, doubled or overtaken, both ways.

    `there` counts what happened on the way to the server, `back` on the way from it. Each client is seen by the
    server at an address of its own, as behind a home router (RFC 4787), and meets faults of its own.

    A datagram to be overtaken waits until another one passes it, for a second at most.
    `faults` are Faults: `LossyRelay(address, seed=7, loss=0.2)`.
    """

    def __init__(self, to: tuple[Any, ...], *, seed: int = 0, **faults: float) -> None:
        self.to, self.seed = to, seed
        self.faults = Faults(**faults)
        self.there, self.back = Counts(), Counts()
        self.__name__ = "relay"  # what `serving` calls it

    def __call__(self, sock: socket.socket) -> None:
        """Carry datagrams until `sock` is shut down: its recvfrom then gives nothing, from nobody."""
        clients: dict[Any, _Client] = {}
        with contextlib.ExitStack() as opened:
            while True:
                upstreams = [client.upstream for client in clients.values()]
                pause = min((wait for client in clients.values() for wait in client.waits()), default=None)
                ready, _, _ = select.select([sock, *upstreams], [], [], pause)
                if sock in ready:
                    datagram, sender = sock.recvfrom(LARGEST)
                    if sender is None:
                        return
                    if sender not in clients:
                        clients[sender] = client = self._client(sock, sender, len(clients))
                        opened.callback(client.upstream.close)
                    clients[sender].there.pass_on(datagram)
                for client in clients.values():
                    client.go_on(client.upstream in ready)

    def _client(self, sock: socket.socket, address: Any, number: int) -> _Client:
        """Return the two lanes of a client; its faults depend on when it first came, never on its port."""
        upstream = socket.socket(sock.family, socket.SOCK_DGRAM)
        upstream.settimeout(None)  # with a default time-out, MSG_DONTWAIT would wait for its end
        upstream.connect(self.to)
        there = Link(self.faults, f"{self.seed} there {number}", self.there)
        back = Link(self.faults, f"{self.seed} back {number}", self.back)
        return _Client(
            upstream, _Lane(there, upstream.send), _Lane(back, lambda datagram: sock.sendto(datagram, address))
        )


@dataclass
class _Lane:
    """A link, and the call that sends on what comes out of it."""

    link: Link
    send: Callable[[bytes], int]
    release_at: float | None = None

    def pass_on(self, datagram: bytes) -> None:
        self._send(self.link.carry(datagram))
        if self.link.held is None:
            self.release_at = None
        elif self.release_at is None:
            self.release_at = time.monotonic() + patience(HOLD_SECONDS)

    def go_on(self) -> None:
        if self.release_at is not None and time.monotonic() >= self.release_at:
            self.release_at = None
            self._send(self.link.release())

    def _send(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            with contextlib.suppress(OSError):  # nobody there any more: a network does not say so either
                self.send(datagram)


@dataclass
class _Client:
    """One client of a relay: the socket that speaks to the server in its place, and its two lanes."""

    upstream: socket.socket
    there: _Lane
    back: _Lane

    def waits(self) -> list[float]:
        """Return for each datagram that is held back the seconds until it is let go."""
        times = [lane.release_at for lane in (self.there, self.back) if lane.release_at is not None]
        return [max(0.0, at - time.monotonic()) for at in times]

    def go_on(self, heard: bool) -> None:
        """Pass on what the server has said, and what has waited for too long."""
        if heard:
            # ConnectionRefusedError: the server's port is closed. BlockingIOError: a send has reported that already.
            with contextlib.suppress(OSError):
                self.back.pass_on(self.upstream.recv(LARGEST, socket.MSG_DONTWAIT))
        self.there.go_on()
        self.back.go_on()


def _accepted(listener: socket.socket) -> socket.socket:
    """Return the next connection, blocking: accept() gives it the process's default time-out, if there is one."""
    conn, _ = listener.accept()
    conn.settimeout(None)
    return conn


def dribble(listener: socket.socket, data: bytes, pause: float = 0.0) -> None:
    """Serve one client after another: each gets `data` in pieces of one byte, `pause` seconds apart, then the end."""
    while True:
        conn = _accepted(listener)
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each byte in a packet of its own
        with conn, contextlib.suppress(ConnectionError):  # a client that has had enough
            for byte in data:
                conn.sendall(bytes([byte]))
                time.sleep(pause)  # the slowness itself; nobody waits for it


def stall(listener: socket.socket, said: bytes = b"") -> None:
    """Accept every client, say `said`, and then nothing more: never read, never end."""
    with contextlib.ExitStack() as held:
        while True:
            conn = _accepted(listener)
            held.enter_context(conn)
            with contextlib.suppress(ConnectionError):
                conn.sendall(said)


def reset(listener: socket.socket, said: bytes = b"") -> None:
    """Serve one client after another: wait until it speaks, say `said`, and break the connection off with RST."""
    while True:
        conn = _accepted(listener)
        with conn, contextlib.suppress(ConnectionError):
            conn.recv(1)
            conn.sendall(said)
            # SO_LINGER with zero seconds: close() throws unsent bytes away and sends RST (socket(7)).
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
