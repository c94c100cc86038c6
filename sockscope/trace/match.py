"""What belongs together: the two ends of a conversation, and the arrows between their calls.

Bytes are matched by their offset in the stream, datagrams by addresses and content; SYN, FIN and RST are inferred
from the calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sockscope.trace.record import CONNECTS, RECEIVES, SENDS, Address, Call, Record, Sock

EVERYWHERE = {"0.0.0.0", "::"}
RESET_ERRORS = {"ConnectionResetError", "BrokenPipeError"}


@dataclass(frozen=True, slots=True)
class Arrow:
    """Something that went from one call to another, or only to a socket when no call took it."""

    cause: Call
    effect: Call | None
    to: int  # the socket it went to
    kind: str  # "data", "unread", "inferred", "reset"
    label: str


class Matched:
    """A record with its ends matched and its arrows found."""

    def __init__(self, record: Record) -> None:
        self.record, self.sockets, self.calls = record, record.sockets, record.calls
        self.by_socket: dict[int, list[Call]] = defaultdict(list)
        for call in self.calls:
            self.by_socket[call.sock].append(call)
        self.peers: dict[int, int] = {}
        self._match_ends()
        self.arrows = [*self._handshakes(), *self._stream_data(), *self._datagrams(), *self._ends()]

    def done(self, sock: int, names: frozenset[str]) -> list[Call]:
        """Return the socket's successful calls of these names, by offset."""
        return sorted((c for c in self.by_socket[sock] if c.name in names and c.ok), key=lambda c: (c.at, c.number))

    def listener_for(self, address: Address | None) -> Sock | None:
        """Return the listening socket that a connection to `address` reaches."""
        return next((s for s in self.sockets.values() if s.listening and _reaches(address, s.me)), None)

    # -- the two ends of each conversation

    def _pair(self, a: int, b: int) -> None:
        self.peers[a], self.peers[b] = b, a

    def _match_ends(self) -> None:
        waiting: dict[tuple[Address | None, Address | None], list[int]] = defaultdict(list)
        for s in self.sockets.values():
            if s.twin is not None and s.twin in self.sockets:
                self.peers[s.number] = s.twin
            elif s.stream and s.family != "UNIX" and s.me and s.you:
                other = waiting[s.you, s.me]
                if s.me == s.you:
                    self.peers[s.number] = s.number  # connected to itself
                elif other:
                    self._pair(s.number, other.pop(0))
                else:
                    waiting[s.me, s.you].append(s.number)
        self._match_unix_ends()

    def _match_unix_ends(self) -> None:
        """Match by the order of the queue: a client's end of an AF_UNIX connection has no name of its own."""
        clients = [c for c in self.calls if c.name in CONNECTS and self.sockets[c.sock].family == "UNIX" and c.ok]
        clients.sort(key=lambda c: c.end or 0)
        for call in sorted((c for c in self.calls if c.other is not None), key=lambda c: c.end or 0):
            conn = self.sockets[call.other if call.other is not None else -1]
            for c in clients if conn.family == "UNIX" else ():
                if c.sock not in self.peers and c.address == conn.me and self._agree(c.sock, conn.number) >= 0:
                    self._pair(c.sock, conn.number)
                    break
        alone = [
            s.number for s in self.sockets.values() if s.family == "UNIX" and not s.listening and (s.stream or not s.me)
        ]
        for i, a in enumerate(alone):
            for b in alone[i + 1 :]:
                if a not in self.peers and b not in self.peers and self._agree(a, b) > 0:
                    self._pair(a, b)

    def _agree(self, a: int, b: int) -> int:
        """Return how many bytes kept of both ends are the same, or -1 if they contradict each other."""
        same = 0
        for sender, receiver in ((a, b), (b, a)):
            sends, received = self._sent(sender), [c for c in self.done(receiver, RECEIVES) if not c.peek]
            if self.sockets[a].stream:
                spans = _overlaps(sends, received)
                shared = [(x.head[lo - x.at : hi - x.at], y.head[lo - y.at : hi - y.at]) for x, y, lo, hi in spans]
            else:
                shared = [(x.head, y.head) for x, y in zip(sends, received, strict=False)]
            for ours, theirs in shared:
                n = min(len(ours), len(theirs))
                if ours[:n] != theirs[:n]:
                    return -1
                same += n
        return same

    def _sent(self, sock: int) -> list[Call]:
        """Return the calls that put bytes into the stream; a sendall that failed or still waits may have, too."""
        calls = [c for c in self.by_socket[sock] if c.name in SENDS and c.size]
        return sorted(calls, key=lambda c: (c.at, c.number))

    # -- the arrows

    def _handshakes(self) -> Iterator[Arrow]:
        connected = set()
        for call in self.calls:
            if call.name in CONNECTS and self.sockets[call.sock].stream and call.sock not in connected:
                under_way = call.error in {"BlockingIOError", "EINPROGRESS"}
                listener = self.listener_for(call.address)
                to = listener.number if listener is not None else self.peers.get(call.sock)
                if to is not None and (call.ok or under_way):
                    connected.add(call.sock)
                    label = "connects" if self.sockets[call.sock].family == "UNIX" else "SYN, SYN-ACK, ACK"
                    yield Arrow(call, None, to, "inferred", label)

    def _stream_data(self) -> Iterator[Arrow]:
        for a, b in self.peers.items():
            if not self.sockets[a].stream:
                continue
            sends = self._sent(a)
            received = [c for c in self.done(b, RECEIVES) if not c.peek and c.size]
            reached = max((c.upto for c in received), default=0)
            for sent, got, low, high in _overlaps(sends, received):
                yield Arrow(sent, got, b, "data", f"{high - low} B")
            for sent in sends:
                missing = sent.upto - max(reached, sent.at)
                if missing > 0 and sent.ok:
                    yield Arrow(sent, None, b, "unread", f"{missing} B not read")

    def _datagrams(self) -> Iterator[Arrow]:
        taken: set[int] = set()
        received = [c for c in self.calls if c.name in RECEIVES and c.ok and not c.peek]
        received = [c for c in received if not self.sockets[c.sock].stream]
        for sent in (c for c in self.calls if c.name in SENDS and c.ok and not self.sockets[c.sock].stream):
            for got in received:
                if got.number not in taken and self._same_datagram(sent, got):
                    taken.add(got.number)
                    yield Arrow(sent, got, got.sock, "data", f"{got.size} B" + " of it" * (got.size < sent.size))
                    break
            else:
                to = next((s for s in self.sockets.values() if self._is_target(sent, s)), None)
                if to is not None:
                    yield Arrow(sent, None, to.number, "unread", f"{sent.size} B not read")

    def _is_target(self, sent: Call, target: Sock) -> bool:
        peer = self.peers.get(sent.sock)
        if peer is not None:
            return target.number == peer
        return not target.stream and _reaches(sent.address, target.me)

    def _same_datagram(self, sent: Call, got: Call) -> bool:
        if not self._is_target(sent, self.sockets[got.sock]):
            return False
        source = self.sockets[sent.sock].me
        if got.address is not None and not _reaches(got.address, source):
            return False
        if got.size == sent.size:
            return got.digest == sent.digest
        return got.size < sent.size and got.head == sent.head[: len(got.head)]

    def _ends(self) -> Iterator[Arrow]:
        """FIN and RST, and the call in which the other end learned of it."""
        for call in self.calls:
            peer = self.peers.get(call.sock)
            if not call.sends or peer is None or peer == call.sock:
                continue
            unix = self.sockets[call.sock].family == "UNIX"
            theirs = self.by_socket[peer]
            if call.sends == "RST":
                heard = next((c for c in theirs if c.error in RESET_ERRORS), None)
                yield Arrow(call, heard, peer, "reset", "reset" if unix else "RST")
                continue
            heard = next((c for c in theirs if _is_end(c)), None)
            yield Arrow(call, heard, peer, "inferred", "end" if unix else "FIN")
            broken = next((c for c in theirs if c.error in RESET_ERRORS), None)
            by_itself = broken is not None and any(c.sends for c in theirs if c.number < broken.number)
            if broken is not None and call.name == "close" and not by_itself:
                yield Arrow(call, broken, peer, "reset", "reset" if unix else "RST: it is closed")


def _is_end(call: Call) -> bool:
    """Whether this receive returned nothing because the stream has ended."""
    asked_for_none = call.args == "0" or call.args.startswith("buffer of 0")
    return call.name in RECEIVES and call.ok and call.size == 0 and not asked_for_none


def _reaches(target: Address | None, bound: Address | None) -> bool:
    """Whether what goes to `target` arrives at a socket with the address `bound`."""
    if target is None or bound is None or target[1] != bound[1]:
        return False
    return target[0] == bound[0] or bool({target[0], bound[0]} & EVERYWHERE) or target[0] == "localhost"


def _overlaps(sends: list[Call], received: list[Call]) -> Iterator[tuple[Call, Call, int, int]]:
    """Yield the pairs of calls that share bytes of the stream, with the offsets they share."""
    first = 0
    for sent in sends:
        while first < len(received) and received[first].upto <= sent.at:
            first += 1
        for got in received[first:]:
            low, high = max(sent.at, got.at), min(sent.upto, got.upto)
            if got.at >= sent.upto:
                break
            if low < high:
                yield sent, got, low, high
