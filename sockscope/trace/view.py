"""Names, lanes and words: what stands in the picture, before anything has a place."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sockscope.trace.match import Arrow, Matched
from sockscope.trace.order import Row, canonical, folded, paired, timed
from sockscope.trace.record import CONNECTS, RECEIVES, SENDS, Call, Record, Sock

ROWS = 60  # more than these are folded
NOT_YET = {"BlockingIOError", "EINPROGRESS", "EALREADY"}  # answers of a non-blocking socket, no failures


class Style(NamedTuple):
    """How many characters a line of a label has, and how many of them a payload."""

    line: int
    room: int


WIDE, NARROW, ONE_LINE = Style(40, 21), Style(31, 14), Style(1000, 21)  # few lanes, many lanes, text


class View:
    """A record with its calls in order, its sockets named and its lanes laid out from left to right."""

    def __init__(self, record: Record, *, by_clock: bool = False, limit: int = ROWS) -> None:
        self.matched = Matched(record)
        self.sockets, self.by_clock = record.sockets, by_clock
        self.calls = [c for c in canonical(self.matched) if not c.quiet]
        self.lane_of = {n: self._home(s) for n, s in self.sockets.items()}
        used = list(dict.fromkeys(c.sock for c in self.calls))
        used += [c.other for c in self.calls if c.other is not None and c.other not in used]
        self.names = self._names(used)
        self._share_lanes(used)
        lanes = list(dict.fromkeys(self.lane_of[n] for n in used))
        self.lanes = sorted(lanes, key=self._is_server)  # clients on the left; sorted() keeps the order otherwise
        shapes: dict[int, object] = {c.number: (c.sock, c.name, c.error, c.size == 0) for c in self.calls}
        self.style = WIDE if len(lanes) <= 2 else NARROW
        rows = timed(self.matched) if by_clock else paired(self.matched, self.calls)
        self.number: dict[int, int] = {}  # as counted in the text
        for call in (c for row in rows for c in row.calls):
            self.number.setdefault(call.number, len(self.number) + 1)
        self.arrows = self._arrows()
        self.arrows_at: dict[int, list[Arrow]] = defaultdict(list)  # call -> what arrives there, or left unheard
        for arrow in self.arrows:
            self.arrows_at[(arrow.effect or arrow.cause).number].append(arrow)
        self.rows = folded(rows, shapes, limit)

    def _home(self, s: Sock) -> int:
        """Return the socket whose lane `s` shares: an accepted one stands in its listener's lane."""
        if s.accepted_by in self.sockets and s.accepted_by is not None:
            return s.accepted_by
        listener = self.matched.listener_for(s.me) if s.stream and s.you and not s.listening else None
        return listener.number if listener is not None else s.number

    def _share_lanes(self, used: list[int]) -> None:
        """Let a socket follow in the lane of a closed one that had the same name: `client` in a loop."""
        place = {c.number: i for i, c in enumerate(self.calls)}
        free: dict[str, tuple[int, int]] = {}  # name -> lane, and where its last socket was closed
        for number in used:
            calls = [place[c.number] for c in self.matched.by_socket[number] if not c.quiet]
            if self.lane_of[number] != number or self.sockets[number].listening or not calls:
                continue
            name = self.names[number].partition(" #")[0]
            lane, closed = free.pop(name, (number, -1))
            self.lane_of[number] = lane if closed < min(calls) else number
            closes = [place[c.number] for c in self.matched.by_socket[number] if c.closes]
            if closes:
                free[name] = self.lane_of[number], max(closes)

    def _is_server(self, number: int) -> bool:
        s = self.sockets[number]
        if s.stream:
            return s.listening or s.accepted_by is not None
        return any(c.name == "bind" for c in self.matched.by_socket[number])

    def _names(self, used: list[int]) -> dict[int, str]:
        """Name each socket by its variable or else by its role; a name used again gets a number."""
        count: dict[str, int] = defaultdict(int)
        names: dict[int, str] = {}
        connecting = {c.sock for c in self.calls if c.name in CONNECTS}
        for number in used:
            s = self.sockets[number]
            if s.accepted_by is not None:
                role = "conn"
            elif self._is_server(number):
                role = "server"
            else:
                role = "client" if number in connecting or not s.stream else "socket"
            name = next((s.names[t] for t in sorted(s.names)), "") or s.fallback or role
            name = name if len(name) <= 16 else name[:15] + "…"
            count[name] += 1
            names[number] = name if count[name] == 1 else f"{name} #{count[name]}"
        return names

    def kind(self, lane: int) -> str:
        """Return what sort of socket a lane is, for its heading."""
        s = self.sockets[lane]
        kind = {True: "stream", False: "datagram"}[s.stream] if s.family == "UNIX" else "TCP" if s.stream else "UDP"
        return f"{s.family} {kind}" + (", listens" if s.listening else "")

    def _arrows(self) -> list[Arrow]:
        """Return the arrows between different lanes, in the order of their calls."""
        number = self.number | {-1: 0}

        def place(arrow: Arrow) -> tuple[int, int]:
            return number[arrow.cause.number], number[arrow.effect.number if arrow.effect else -1]

        between = [a for a in self.matched.arrows if self.lane_of[a.cause.sock] != self.lane_of[a.to]]
        return sorted((a for a in between if not a.cause.quiet), key=place)

    def is_error(self, call: Call) -> bool:
        """Whether the call failed, other than by having nothing to do yet."""
        return bool(call.error) and call.error not in NOT_YET

    def invocation(self, call: Call, style: Style) -> list[str]:
        """Return the call as it was written, `client.sendall(b'hello')`, in parts that may stand in lines."""
        args = [call.args] if call.args else []
        if call.name in SENDS and call.name != "sendfile":
            args.insert(0, shortened(call.head, call.asked, style.room))
        begin = f"{self.names[call.sock]}.{call.name}("
        whole = f"{begin}{', '.join(args)})"
        if len(whole) <= style.line or not args:
            return [whole]
        parts = [*(f"{arg}," for arg in args[:-1]), f"{args[-1]})"]
        return [begin + parts[0], *parts[1:]] if len(begin + parts[0]) <= style.line else [begin, *parts]

    def outcome(self, call: Call, style: Style) -> list[str]:
        """Return what came of it, in parts that may stand on lines of their own."""
        if call.end is None:
            return ["… still waiting"]
        if call.error:
            mark = "✗" if self.is_error(call) else "→"
            return [f"{mark} {call.error}" + (":" if call.words else ""), call.words]
        if call.name == "accept" and call.other is not None:
            return [f"→ {self.names[call.other]}"]
        if call.name in RECEIVES:
            return self._received(call, style)
        if call.name in SENDS and call.name != "sendall":
            complete = call.name == "sendto" and call.size == call.asked
            return [] if complete else [f"→ {call.size}"]
        return ["→ 0"] if call.name == "connect_ex" else [f"→ {call.result}"] if call.result else []

    def _received(self, call: Call, style: Style) -> list[str]:
        if call.size == 0 and self.sockets[call.sock].stream and call.args != "0":
            return [f"→ {call.result or repr(b'')}", "(end of stream)"]
        shown = shortened(call.head, call.size, style.room)
        parts = [f"→ {call.result}", f"({shown.removesuffix(f' {call.size} B')})"] if call.result else [f"→ {shown}"]
        if call.name.startswith(("recvfrom", "recvmsg")) and not self.sockets[call.sock].stream:
            arrow = next((a for a in self.matched.arrows if a.effect is call), None)
            parts += [f"from {self.names[arrow.cause.sock]}"] if arrow else []
        return parts + (["(left in the queue)"] if call.peek else [])

    def lines(self, row: Row, call: Call, style: Style | None = None) -> list[str]:
        """Return the label of a call in lines, as short as the style asks where that can be."""
        style = style or self.style
        if row.part == "begins":
            parts = [*self.invocation(call, style), "waits" if call.end else "… still waiting"]
        elif row.part == "ends" and call.end is not None:
            waited = f"after {(call.end - call.start) * 1000:.0f} ms"
            parts = [*(self.outcome(call, style) or ["→ done"]), waited]
        else:
            parts = [*self.invocation(call, style), *self.outcome(call, style)]
        lines: list[str] = []
        for part in filter(None, parts):
            if lines and len(lines[-1]) + 1 + len(part) <= style.line and not part.startswith("✗"):
                lines[-1] += " " + part
            else:
                lines.append(part if len(part) <= style.line + 6 else part[: style.line + 5] + "…")
        return lines


def shortened(head: bytes, size: int, room: int) -> str:
    """Return the payload as Python writes it; of one longer than `room` the beginning, and its length."""
    shown = head[:size]
    while len(repr(shown)) > room:
        shown = shown[:-1]
    return repr(shown) if len(shown) == size else f"{shown!r}… {size} B"
