"""A case: one scene, with listeners, peers and calls of the answer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.checker.process.crew import Crew
from course.checker.process.jobs import Job
from course.checker.process.program import Program
from course.checker.process.task import Task
from course.checker.scene import addresses
from course.checker.scene.calls import Call, ForkedCall
from course.checker.scene.clock import Clock
from course.checker.scene.datagrams import DatagramPeer
from course.checker.scene.failure import Failed, show
from course.checker.scene.peers import Peer
from course.checker.scene.server import ServerPeer


@dataclass(eq=False)
class Case:
    """One scene: what the world does to the answer, and what must come of it."""

    program: Program
    clock: Clock
    peers: list[Peer] = field(default_factory=list)
    crew: Crew = field(default_factory=Crew)
    _sockets: list[socket.socket] = field(default_factory=list)
    _lent: list[socket.socket] = field(default_factory=list)
    _cleanups: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    # ------------------------------------------------------------------ the answer
    def call(
        self,
        *args: Any,
        which: int = 0,
        via: Callable[..., Any] | None = None,
        before: Callable[[], None] | None = None,
    ) -> Call:
        """Call the answer with `args` in a process of its own; return at once.

        `via(function, *args)` runs there in its place: to look at what only lives there (a returned socket), or
        to call twice. What it returns must be plain values and bytes. `before()` runs there before the answer's
        text does: for a patch that the answer must not be able to miss. `which` picks one of several answers.
        """
        lent = set(map(id, _sockets_in(args)))
        theirs = [sock for sock in self._all_sockets() if id(sock) not in lent]
        program, folder = self.program, self.crew.workplace()
        task = Task(program.code, program.sources, program.names, args, folder, which, via, before, theirs)
        self.keeps_process()
        job = Job(args, which, via, new_case=not self.clock.calls)
        call = ForkedCall(self.clock, process=self.crew.process(task, job))
        self.clock.calls.append(call)
        for sock in self._lent:
            if id(sock) in lent:
                sock.close()  # now the answer's alone: its close must be seen
        return call

    def gives(self, *args: Any, expected: object, which: int = 0) -> None:
        """For a function without peers: called with `args`, it returns `expected`."""
        given = ", ".join(map(show, args))
        self.clock.log(f"called with {given}")
        name = self.program.names[which][1] if which < len(self.program.names) else ""
        self.clock.called = f"{name}({given})" if name.isidentifier() else f"with {given}"
        self.call(*args, which=which).returns(expected)

    # ------------------------------------------------------------------ the world
    def listener(self, backlog: int = 16, host: str = "127.0.0.1") -> socket.socket:
        """Return a listening socket for the answer."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return self._own(socket.create_server((host, 0), family=family, backlog=backlog))

    def shuts_down(self, listener: socket.socket) -> None:
        """Shut the listener down, as whoever wants the server to stop does: a blocked accept then fails."""
        self.clock.log("the listener is shut down")
        self.clock.talk.meets(listener, "listener", listening=True)
        listener.shutdown(socket.SHUT_RDWR)
        self.clock.talk.ends(listener, "SHUT_RDWR")

    def connect(
        self, to: socket.socket | tuple[Any, ...], name: str = "client", receive_buffer: int | None = None
    ) -> Peer:
        """Connect a peer to the answer's listener (or an address). A small receive buffer fills soon."""
        address = to if isinstance(to, tuple) else to.getsockname()
        sock = self._own(socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET))
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.settimeout(max(0.001, self.clock.left()))
        try:
            sock.connect(address[:2])
        except OSError as error:
            self.clock.log(f"{name} cannot connect")
            self.clock.talk.meets(sock, name)
            self.clock.talk.connects(sock, address, error)
            self.clock.settle()
            got = "nobody answers" if isinstance(error, TimeoutError) else str(error.strerror)
            raise Failed("refused", f"the {name} can connect", got) from None
        self.clock.log(f"{name} connects")
        peer = self._peer(sock, name)
        self.clock.talk.connects(sock, address)
        return peer

    def pair(
        self, name: str = "peer", sndbuf: int | None = None, rcvbuf: int | None = None
    ) -> tuple[socket.socket, Peer]:
        """Return a connected TCP socket for the answer, and the peer at its other end.

        `sndbuf=4096, rcvbuf=4096` fix the buffers: the answer's sends then fill up soon.
        """
        ours, theirs = addresses.tcp_pair(sndbuf, rcvbuf)
        self._own(ours)
        self._lent.append(theirs)
        return theirs, self._peer(ours, name)

    def server(self, backlog: int = 16, host: str = "127.0.0.1", name: str = "server") -> ServerPeer:
        """Return a listener of the checker's for an answer that connects."""
        return ServerPeer(self.clock, self.adopt, self.listener(backlog, host), name)

    def datagrams(self, name: str = "peer", host: str = "127.0.0.1") -> DatagramPeer:
        """Return a bound UDP peer."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = self._own(socket.socket(family, socket.SOCK_DGRAM))
        sock.bind((host, 0))
        return DatagramPeer(sock, name, self.clock)

    def datagram_socket(self, host: str = "127.0.0.1") -> socket.socket:
        """Return a bound UDP socket for the answer. The case keeps a copy, to shut it down."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = self._own(socket.socket(family, socket.SOCK_DGRAM))
        sock.bind((host, 0))
        return sock

    def silent_address(self) -> tuple[str, int]:
        """Return an address where a SYN gets no answer at all: a listener whose queue is full."""
        return self._cleanups.enter_context(addresses.silent(self._own))

    def refused_address(self) -> tuple[str, int]:
        """Return an address that refuses: bound, so that nobody else takes it, and not listening."""
        sock = self._own(socket.socket())
        sock.bind(("127.0.0.1", 0))
        address: tuple[str, int] = sock.getsockname()
        return address

    def expect(self, holds: bool, expected: str, got: str) -> None:
        """A condition of the exercise's own."""
        if not holds:
            raise Failed("broken", expected, got)

    # ------------------------------------------------------------------ underneath
    def adopt(self, sock: socket.socket, name: str) -> Peer:
        """Return a peer around a connected socket of the checker's."""
        return self._peer(self._own(sock), name)

    def keeps_process(self) -> None:
        """Let the next call be made by the process of an earlier one that has ended and left nothing."""
        last = self.clock.calls[-1] if self.clock.calls else None
        if isinstance(last, ForkedCall):
            last.pump()
            if last.tidy:
                self.crew.idle = last.process

    def close(self) -> None:
        """End the answer's processes and close every socket of the case. Nothing survives, but one that may go on."""
        with self._cleanups:
            for sock in self._all_sockets():
                self._cleanups.callback(sock.close)
            for call in self.clock.calls:
                if not (isinstance(call, ForkedCall) and call.process is self.crew.idle):
                    self._cleanups.callback(call.stop)
            if self._sockets or self._lent:
                self.crew.gives_back()

    def _peer(self, sock: socket.socket, name: str) -> Peer:
        peer = Peer(sock, name, self.clock)
        self.peers.append(peer)
        return peer

    def _own(self, sock: socket.socket) -> socket.socket:
        self._sockets.append(sock)
        return sock

    def _all_sockets(self) -> Sequence[socket.socket]:
        return [*self._sockets, *self._lent]


def _sockets_in(values: Iterable[Any]) -> Iterator[socket.socket]:
    """Give every socket among `values`, also inside lists, tuples, sets and dicts."""
    for value in values:
        if isinstance(value, socket.socket):
            yield value
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _sockets_in(value)
        elif isinstance(value, dict):
            yield from _sockets_in([*value.keys(), *value.values()])
