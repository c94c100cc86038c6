"""Members over real sockets."""

import contextlib
import functools
import socket
import struct

import pytest

from netlib import serving
from netlib.chat import serve
from netlib.messages import Lines, pack_line
from netlib.patience import patience


class Peer:
    """A member as the test plays it: what it says, and the lines that it hears."""

    def __init__(self, address, name=None, receive_buffer=None):
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(patience(10))
        self.sock.connect(address)
        self.lines, self.ready = Lines(), []
        if name:
            self.says(name, "/who")
            while name not in self.hears().removeprefix("* online: ").split(", "):  # what others said before
                pass

    def says(self, *lines):
        self.sock.sendall(b"".join(map(pack_line, lines)))

    def hears(self):
        """The next line; None once the conversation has ended."""
        while not self.ready and not self.lines.ended:
            self.ready += self.lines.feed(self.sock.recv(65536))
        return self.ready.pop(0) if self.ready else None

    def hears_all(self):
        """All lines until the end of the conversation."""
        return list(iter(self.hears, None))

    def resets(self):
        """End the connection with a reset (SO_LINGER with no time: socket(7))."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


@pytest.fixture
def enter():
    """enter(address, name): a member, closed when the test ends."""
    with contextlib.ExitStack() as peers:

        def enter(*args, **options):
            peer = Peer(*args, **options)
            peers.callback(peer.sock.close)
            return peer

        yield enter


@pytest.fixture
def room():
    """The address of a room."""
    with serving(serve) as address:
        yield address


@pytest.fixture
def small_room():
    """The address of a room for two."""
    with serving(functools.partial(serve, max_members=2)) as address:
        yield address
