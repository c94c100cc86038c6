"""The room's server: one thread, non-blocking sockets, at most one `send` for each member in each tick."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time

from netlib.chat.room import MAX_MEMBERS, Member, Room
from netlib.patience import patience

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
RECV_BYTES = 16384
WAITING_LIMIT = 1 << 20  # bytes: a member for whom more waits does not read
ACCEPTS_PER_TICK = 256  # newcomers do not keep the others waiting
FAREWELL_SECONDS = 2.0  # for a member that is gone: to take what waits for it, and to end its side
CLOSING_SECONDS = 0.5  # the same when the room closes
RETRY_SECONDS = 0.2  # after a failed accept: no event tells that there are file descriptors again
NOTHING_FREE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}  # accept(2)


class Connection(Member):
    """A member and its socket."""

    __slots__ = ("ended", "sock", "waiting")

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self.sock = sock
        self.ended = False  # it will send no more
        self.waiting: bytearray | None = None  # what the kernel had no room for


def serve(listener: socket.socket, max_members: int = MAX_MEMBERS) -> None:
    """Run a chat room on `listener` until that is shut down; then tell everybody, and close all connections."""
    with selectors.DefaultSelector() as selector:
        Server(listener, Room(max_members), selector).run()


class Server:
    """Carries bytes between sockets and the room."""

    def __init__(self, listener: socket.socket, room: Room[Connection], selector: selectors.BaseSelector) -> None:
        self.listener, self.room, self.selector = listener, room, selector
        self.farewells: dict[Connection, float] = {}  # who is gone, and by when it is closed; the first is due first
        self.accepts_again: float | None = None  # when to try again, after a failed accept

    def run(self) -> None:
        """Serve until the listener is shut down."""
        self.listener.setblocking(False)
        self.selector.register(self.listener, READ)
        try:
            while self.tick():
                pass
            self.room.close()
            self.deliver()
            self.farewells = dict.fromkeys(self.farewells, time.monotonic() + patience(CLOSING_SECONDS))
            while self.farewells:
                self.tick()
        finally:
            for key in list(self.selector.get_map().values()):
                if key.data:
                    key.data.sock.close()

    def tick(self) -> bool:
        """Wait; read from all who sent something; give each what it is to get. False: the listener was shut down."""
        for key, events in self.selector.select(self.pause()):
            connection = key.data
            if connection is None:
                if not self.accept():
                    self.selector.unregister(self.listener)
                    return False
                continue
            if events & WRITE:
                self.write(connection)
            if events & READ:
                self.read(connection)
        self.deliver()
        self.look_at_the_clock()
        return True

    def accept(self) -> bool:
        """Let in who waits. False: the listener was shut down."""
        for _ in range(ACCEPTS_PER_TICK):
            try:
                sock, _ = self.listener.accept()
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno in NOTHING_FREE:  # they wait in the kernel; without this the loop would spin
                    self.selector.unregister(self.listener)
                    self.accepts_again = time.monotonic() + RETRY_SECONDS
                    break
                if not self.listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    return False
                continue  # the error is the newcomer's, who is gone (accept(2), "Error handling")
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a tick is one send: nothing to wait for
            connection = Connection(sock)
            self.selector.register(sock, READ, connection)
            self.room.join(connection)
        return True

    def read(self, connection: Connection) -> None:
        """Pass on what `connection` sent."""
        try:
            data = connection.sock.recv(RECV_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self.drop(connection)
            return
        connection.ended = not data
        if not connection.gone:
            self.room.hear(connection, data)
        elif connection.ended:
            self.part(connection)

    def deliver(self) -> None:
        """Give each what it is to get. Who cannot be reached is down, and that the others hear too."""
        while lost := [connection for connection, data in self.room.deliver() if not self.send(connection, data)]:
            for connection in lost:
                self.drop(connection)

    def send(self, connection: Connection, data: bytes) -> bool:
        """Send `data`, or keep what the kernel has no room for. False: the connection is broken, or nobody reads."""
        if connection.waiting is not None:
            connection.waiting += data
        elif data:
            try:
                sent = connection.sock.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return False
            if sent < len(data):
                connection.waiting = bytearray(data[sent:])
                self.selector.modify(connection.sock, READ | WRITE, connection)
        if connection.gone:
            self.part(connection)
        return connection.waiting is None or len(connection.waiting) <= WAITING_LIMIT

    def write(self, connection: Connection) -> None:
        """Send of what waits what the kernel now has room for."""
        if connection.waiting is None:
            return
        try:
            sent = connection.sock.send(connection.waiting)
        except BlockingIOError:
            return
        except OSError:
            self.drop(connection)
            return
        del connection.waiting[:sent]
        if not connection.waiting:
            connection.waiting = None
            self.selector.modify(connection.sock, READ, connection)
            if connection.gone:
                self.part(connection)

    def part(self, connection: Connection) -> None:
        """Take leave of who is gone: end this side once nothing waits, and close when the other side has ended too.

        A socket that is closed while unread bytes lie in it sends a reset, and that may destroy the farewell before
        it is read (RFC 9293, section 3.10.4, and RFC 1122, section 4.2.2.13).
        """
        if connection.waiting is None and connection.ended:
            self.close(connection)
            return
        self.farewells.setdefault(connection, time.monotonic() + patience(FAREWELL_SECONDS))
        if connection.waiting is None:
            with contextlib.suppress(OSError):  # ENOTCONN: it was reset
                connection.sock.shutdown(socket.SHUT_WR)
        elif connection.ended:
            self.selector.modify(connection.sock, WRITE, connection)  # its end could be read again and again

    def drop(self, connection: Connection) -> None:
        """Let a connection go that is broken, or that nobody reads."""
        self.close(connection)
        self.room.lose(connection)

    def close(self, connection: Connection) -> None:
        """Close the socket. A second time: nothing."""
        self.farewells.pop(connection, None)
        connection.waiting, connection.ended = None, True
        if connection.sock.fileno() != -1:
            self.selector.unregister(connection.sock)
            connection.sock.close()

    def pause(self) -> float | None:
        """Return how long to wait at most, in seconds; None: until something happens."""
        due = [*list(self.farewells.values())[:1], *([self.accepts_again] if self.accepts_again else [])]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def look_at_the_clock(self) -> None:
        """Close whose farewell takes too long; accept again after a failure."""
        now = time.monotonic()
        for connection in [connection for connection, due in self.farewells.items() if due <= now]:
            self.close(connection)
        if self.accepts_again and self.accepts_again <= now:
            self.accepts_again = None
            self.selector.register(self.listener, READ)
