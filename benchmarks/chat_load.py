"""Members by the hundred for `benchmarks/chat.py`: they talk, count what they hear, and check a sample of it.

A message is `SEQUENCE NANOSECONDS` and is filled up to 63 bytes. Every member counts lines; ten of them read them, and
hold each talker's lines to their order.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator

LINE_BYTES = 63
TALKERS, READERS = 10, 10
STALL_SECONDS = 20.0


class Crowd:
    """`count` members of the room at `port`, all of them heard by all."""

    def __init__(self, port: int, count: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.socks: list[socket.socket] = []
        self.heard = 0  # lines, by all members together
        self.notices = 0
        self.rests: dict[socket.socket, bytes] = {}  # of those that read: the beginning of a line
        self.next: Counter[tuple[socket.socket, bytes]] = Counter()
        self.latencies: list[int] = []
        self.wrong = 0
        self.sent = 0
        for number in range(count):
            sock = socket.create_connection(("127.0.0.1", port), timeout=STALL_SECONDS)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(b"m%d\n" % number)
            self.socks.append(sock)
        self._probe()
        for sock in self.socks:
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ)
        self.rests = dict.fromkeys(self.socks[-READERS:], b"")

    def _probe(self) -> None:
        """Let the first one speak until all hear it, then another until the first one does."""
        for speaker, hearers in ((0, self.socks[1:]), (1, self.socks[:1])):
            for hearer in hearers:
                hearer.settimeout(0.2)
                heard = b""
                while not heard.endswith(b": probe\n"):
                    try:
                        heard += hearer.recv(1 << 20)
                    except TimeoutError:  # it had no name yet when the last probe was sent
                        self.socks[speaker].sendall(b"probe\n")
        self._quiet()

    def _quiet(self) -> None:
        """Throw away what more probes brought: until nobody gets anything for a fifth of a second."""
        with selectors.DefaultSelector() as selector:
            for sock in self.socks:
                selector.register(sock, selectors.EVENT_READ)
            while ready := selector.select(0.2):
                for key, _ in ready:
                    key.fileobj.recv(1 << 20)  # type: ignore[union-attr]

    def pipeline(self, seconds: float, in_flight: int) -> int:
        """Keep so many messages in flight for so long; return how many lines were delivered.

        Raises:
            RuntimeError: lines were lost, or came out of order.
        """
        others = len(self.socks) - 1
        began, heard, sent = time.monotonic(), self.heard, self.sent
        while True:
            talking = time.monotonic() < began + seconds
            outstanding = (self.sent - sent) * others - (self.heard - heard)
            if talking:
                self._say((in_flight * others - outstanding) // others)
            elif outstanding == 0:
                return self._checked(self.heard - heard)
            self._listen(STALL_SECONDS)

    def at_rate(self, seconds: float, per_second: float) -> list[float]:
        """Say so many messages a second; return the latency of each line read, in microseconds."""
        self.latencies.clear()
        others = len(self.socks) - 1
        heard, sent = self.heard, self.sent
        began = time.monotonic()
        for number in range(int(seconds * per_second)):
            while (left := began + number / per_second - time.monotonic()) > 0:
                self._listen(left, quiet=True)
            self._say(1)
        while (self.sent - sent) * others > self.heard - heard:
            self._listen(STALL_SECONDS)
        self._checked(0)
        return [nanoseconds / 1000 for nanoseconds in self.latencies]

    def _say(self, count: int) -> None:
        lines: dict[int, list[bytes]] = {}
        for _ in range(count):
            talker = self.sent % TALKERS
            text = b"%d %d " % (self.sent // TALKERS, time.monotonic_ns())
            lines.setdefault(talker, []).append(text.ljust(LINE_BYTES, b"."))
            self.sent += 1
        for talker, said in lines.items():
            self.socks[talker].sendall(b"\n".join(said) + b"\n")

    def _listen(self, seconds: float, quiet: bool = False) -> None:
        ready = self.selector.select(seconds)
        if not ready and not quiet:
            raise RuntimeError(f"nothing came for {seconds:.0f} s: {self.heard} lines heard of {self.sent} messages")
        for key, _ in ready:
            sock = key.fileobj
            assert isinstance(sock, socket.socket)
            data = sock.recv(1 << 18)
            if not data:
                raise RuntimeError("the room ended a conversation")
            self.heard += data.count(b"\n")
            if sock in self.rests:
                self._read(sock, data)

    def _read(self, sock: socket.socket, data: bytes) -> None:
        now = time.monotonic_ns()
        *lines, self.rests[sock] = (self.rests[sock] + data).split(b"\n")
        for line in lines:
            name, _, text = line.partition(b": ")
            sequence, nanoseconds, _ = text.split(b" ", 2)
            self.wrong += int(sequence) != self.next[sock, name] or len(text) != LINE_BYTES
            self.next[sock, name] = int(sequence) + 1
            self.latencies.append(now - int(nanoseconds))

    def _checked(self, lines: int) -> int:
        if self.wrong:
            raise RuntimeError(f"{self.wrong} lines were lost, cut or out of order")
        return lines

    def close(self) -> None:
        """Close all sockets."""
        self.selector.close()
        for sock in self.socks:
            sock.close()


@contextlib.contextmanager
def crowd(port: int, count: int) -> Iterator[Crowd]:
    """A crowd, gone at the end of the `with` block."""
    people = Crowd(port, count)
    try:
        yield people
    finally:
        people.close()
