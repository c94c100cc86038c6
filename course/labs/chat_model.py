"""The logic of the chat lab: the real room in a thread of its own, and three members who can be worked."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from course.labs.chat_picture import Window, draw
from course.labs.drawing import Picture
from course.labs.watch import Waits
from netlib.chat.room import Room
from netlib.chat.server import Connection, Server
from netlib.messages import Lines, pack_line
from netlib.patience import patience
from netlib.terminals import background
from sockscope.kernel import Record
from sockscope.kernel.own import records_of

NAMES = ("ann", "bob", "zoe")
KEPT_LINES = 9
FLOOD = (150, 4000)  # lines, characters: twice as much is more than may wait for a member
SMALL_BUFFER = 4096  # what the kernel keeps for a member is small: what waits, waits in the server, and is seen
CALL_SECONDS, TURNS_SECONDS = 5.0, 10.0


class WatchedServer(Server):
    """The room's server, which rings after each tick."""

    bell = -1  # the writing end of a pipe

    def tick(self) -> bool:
        """Do what a server does in a tick, then ring."""
        goes_on = super().tick()
        with contextlib.suppress(BlockingIOError):  # it rings already
            os.write(self.bell, b"!")
        return goes_on


@dataclass
class Client:
    """One of the three: its socket while it is in the room, and the last lines of its window."""

    name: str
    sock: socket.socket | None = None
    reads: bool = True
    lines: Lines = field(default_factory=Lines)
    heard: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))


class Chat:
    """A room on loopback. It opens nothing before the first call; others may join it from a terminal."""

    def __init__(self) -> None:
        self.clients = {name: Client(name) for name in NAMES}
        self.address: tuple[str, int] | None = None
        self._room: Room[Connection] = Room()
        self._opened = contextlib.ExitStack()
        self._bell = -1

    def open(self) -> str:
        """Open the room, unless it is open."""
        if self.address is None:
            listener = self._opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)  # inherited by what it accepts
            selector = self._opened.enter_context(selectors.DefaultSelector())
            server = WatchedServer(listener, self._room, selector)
            self._bell, server.bell = os.pipe()
            for end in (self._bell, server.bell):
                os.set_blocking(end, False)
                self._opened.callback(os.close, end)
            task = background(server.run)
            self._opened.callback(task.result, 10)
            self._opened.callback(listener.shutdown, socket.SHUT_RDWR)
            self.address = listener.getsockname()
        return f"the room is open at {self.address[0]} port {self.address[1]}"

    def join_or_leave(self, name: str) -> str:
        """Let one of the three come in, or go."""
        client = self.clients[name]
        if client.sock:
            client.sock.sendall(pack_line("exit"))
            if not client.reads:
                self.stop_or_go_on(name)  # what waits for it is read to its end
            return f"{name} says exit"
        self.open()
        assert self.address is not None
        client.sock, client.reads, client.lines = socket.socket(), True, Lines()
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        client.sock.connect(self.address)
        client.sock.sendall(pack_line(name))
        return f"{name} connects, and says its name"

    def say(self, name: str, text: str) -> str:
        """Let one of the three say a line, which stands in its own window too.

        Raises:
            OSError: it is not in the room, or the text cannot be one line.
        """
        said = self._send(name, text)
        self.clients[name].heard.append(f"> {text}")
        return said

    def _send(self, name: str, text: str) -> str:
        sock = self.clients[name].sock
        if sock is None:
            raise OSError(f"{name} is not in the room: let {name} join first")
        sock.settimeout(patience(CALL_SECONDS))
        try:
            sock.sendall(pack_line(text))
        except ValueError as error:
            raise OSError(str(error)) from None
        return f"{name} sends {pack_line(text)[:60]!r}"

    def flood(self, name: str) -> str:
        """Let one of the three say very much at once. Who reads keeps up: on a busy machine it would be put out too.

        Raises:
            OSError: it is not in the room, or somebody who reads did not hear a line in time.
        """
        count, size = FLOOD
        for number in range(count):
            text = f"{number} ".ljust(size, ".")
            self._send(name, text)
            self.until(partial(self._others_heard, name, f"{name}: {text}"), "that all who read hear a line")
        return f"{name} has sent {count} lines of {size:,} characters"

    def _others_heard(self, speaker: str, line: str) -> bool:
        others = [client for client in self.clients.values() if client.sock and client.name != speaker]
        return all(line in client.heard for client in others if client.reads)

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Take turns until `done()`; `what` says in words what is waited for.

        Raises:
            TimeoutError: it did not come in time.
        """
        end = time.monotonic() + patience(TURNS_SECONDS)
        while True:
            waits = self.turn()
            if done():
                return
            if not select.select(waits.readable, [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(f"the lab waited in vain for {patience(TURNS_SECONDS):g} s: {what}")

    def stop_or_go_on(self, name: str) -> str:
        """Let one of the three stop reading, or read again."""
        client = self.clients[name]
        client.reads = not client.reads
        return f"{name} reads again" if client.reads else f"{name} does not read any more"

    def turn(self) -> Waits:
        """Let the three read what has come; wait for more, or for the room's bell."""
        if self.address is None:
            return Waits()
        with contextlib.suppress(BlockingIOError):
            while os.read(self._bell, 4096):
                pass
        reading = [client for client in self.clients.values() if client.sock and client.reads]
        for client in reading:
            self._read(client)
        socks = [client.sock.fileno() for client in reading if client.sock]
        return Waits(readable=(self._bell, *socks))

    def _read(self, client: Client) -> None:
        assert client.sock is not None
        client.sock.setblocking(False)
        try:
            while not client.lines.ended:
                client.heard.extend(client.lines.feed(client.sock.recv(65536)))
            client.heard.append("(the room ended it)")
        except BlockingIOError:
            return
        except ConnectionResetError:
            client.heard.append("(reset by the room)")
        client.sock.close()
        client.sock = None

    def online(self) -> list[tuple[str, Record, int]]:
        """Return who is in the room by its own list: name, what the kernel knows of its connection, bytes waiting."""
        there = list(self._room.members.items())
        waiting = [len(connection.waiting or b"") for _, connection in there]
        records = records_of([connection.sock for _, connection in there])
        return [(name, record, size) for (name, _), record, size in zip(there, records, waiting, strict=True)]

    def close(self) -> None:
        """End everybody's conversation, then the room."""
        for client in self.clients.values():
            if client.sock:
                client.sock.close()
                client.sock = None
        self._opened.close()
        self.address = None

    def picture(self) -> Picture:
        """Draw the three windows, and the server's view below them."""
        windows = [Window(one.name, one.sock is not None, one.reads, tuple(one.heard)) for one in self.clients.values()]
        return draw(windows, self.online(), self.address)
