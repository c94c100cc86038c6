"""Where everything stands: rows from top to bottom, lanes from left to right. All numbers are pixels.

A label stands on the side of its lane that no arrow of its row touches, and each arrow arrives at a height of its
own. So no two labels meet, however many lanes and calls there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sockscope.trace.match import Arrow
from sockscope.trace.record import Call
from sockscope.trace.view import View

CHAR = 0.62  # the width of a character in em: the widest of the fonts asked for has 0.602
TYPE, SMALL, TITLE = 13, 12, 14  # sizes of type
LEAD, ROW, ARRIVAL = 17, 30, 22  # from a label's line to its next; from row to row; from arrival to arrival
TOP, MARGIN, STEP = 88, 20, 14  # to the first row; around everything; from one life to the next in a lane
GAP = 200  # between two lanes at least
PAUSE = 0.020  # seconds between two rows of the timeline that are worth a line of their own


def width(text: str, size: int = TYPE) -> int:
    """Return how wide a text is at most."""
    return round(len(text) * CHAR * size) + 1


@dataclass(slots=True)
class Life:
    """The time in which a socket is used: a bar in its lane. `end` is None if it was never closed."""

    sock: int
    slot: int
    start: int
    end: int | None


class Layout:
    """The places of one picture's rows, lanes, labels and arrows."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.column = {lane: i for i, lane in enumerate(view.lanes)}
        self.begins: dict[int, int] = {}  # call -> y: what it sends leaves here
        self.ends: dict[int, int] = {}  # call -> y: what it receives arrives here
        self.row_y: list[int] = []
        self.labels = [{c.number: view.lines(row, c) for c in row.calls} if not row.folded else {} for row in view.rows]
        self.arrows = self._visible()
        self.arrival: dict[int, int] = {}  # index of the arrow -> y
        self.height = self._rows()
        self.track = self._tracks()
        self.lives = self._lives()
        self.inner = {
            i: max((x.slot for x in self.lives if self.col(x.sock) == i), default=0) * STEP
            for i in range(len(view.lanes))
        }
        self.sides = self._sides()
        self.heads = [max(width(view.names[n], TITLE), width(view.kind(n), SMALL)) + 28 for n in view.lanes]
        self.x = self._lanes()

    def col(self, sock: int) -> int:
        """Return the column of a socket's lane."""
        return self.column[self.view.lane_of[sock]]

    def at(self, sock: int) -> int:
        """Return the x of a socket's life."""
        slot = next((life.slot for life in self.lives if life.sock == sock), 0)
        return self.x[self.col(sock)] + slot * STEP

    def _visible(self) -> list[Arrow]:
        """Leave out what arrives in a fold: it may be many arrows."""
        shown = {c.number for row in self.view.rows if not row.folded for c in row.calls}
        return [a for a in self.view.arrows if (a.effect or a.cause).number in shown]

    def _rows(self) -> int:
        """Give every row, and every arrow that arrives in it, a height of its own; return the sum."""
        arriving: dict[int, list[int]] = defaultdict(list)
        for index, arrow in enumerate(self.arrows):
            arriving[(arrow.effect or arrow.cause).number].append(index)
        y = TOP
        for row, labels in zip(self.view.rows, self.labels, strict=True):
            y += LEAD if row.pause >= PAUSE else 0
            self.row_y.append(y)
            tall = 0
            for call in row.calls:
                if row.part != "ends":
                    self.begins[call.number] = y
                self.ends[call.number] = y
                if row.part == "begins" and call.end is not None:
                    continue
                for place, index in enumerate(arriving[call.number] if not row.folded else []):
                    self.arrival[index] = y + place * ARRIVAL
                    tall = max(tall, place * ARRIVAL)
            tall = max([tall, *((len(lines) - 1) * LEAD for lines in labels.values())])
            y += tall + ROW
        for index, arrow in enumerate(self.arrows):
            self.arrival.setdefault(index, self.ends[(arrow.effect or arrow.cause).number])
        return y

    def _tracks(self) -> dict[int, int]:
        """Give the arrows that fall over several rows beside one lane a track each, but one for each cause."""
        track: dict[int, int] = {}
        busy: dict[tuple[int, bool], list[tuple[int, int, int, int]]] = defaultdict(list)
        late = sorted(enumerate(self.arrows), key=lambda item: -self.begins[item[1].cause.number])
        for index, arrow in late:  # the later, the nearer to its lane: so bytes in order do not cross
            a, b = self.col(arrow.cause.sock), self.col(arrow.to)
            y1, y2 = self.begins[arrow.cause.number], self.arrival[index]
            others = [o for o in busy[a, a < b] if o[0] != arrow.cause.number and o[1] <= y2 and y1 <= o[2]]
            same = [o[3] for o in busy[a, a < b] if o[0] == arrow.cause.number]
            taken = {o[3] for o in others}
            number = same[0] if same else next(n for n in range(len(taken) + 1) if n not in taken)
            track[index] = number
            if y1 != y2:
                busy[a, a < b].append((arrow.cause.number, y1, y2, number))
        return track

    def _lives(self) -> list[Life]:
        """Find when each socket lived, and put the lives that overlap in a shared lane beside one another."""
        spans: dict[int, list[int | None]] = {}
        for call in self.view.calls:
            for sock in (call.sock, call.other):
                if sock is not None:
                    born = self.ends if sock == call.other else self.begins
                    spans.setdefault(sock, [born[call.number], None])
            if call.closes:
                spans[call.sock][1] = self.ends[call.number]
        lives: list[Life] = []
        for sock, (start, end) in spans.items():
            lane = self.view.lane_of[sock]
            mates = [x for x in lives if self.view.lane_of[x.sock] == lane]
            taken = {x.slot for x in mates if x.end is None or x.end >= (start or 0)}
            slot = next(
                n for n in range(self.view.sockets[lane].listening and sock != lane, len(mates) + 2) if n not in taken
            )
            lives.append(Life(sock, slot, start or 0, end))
        return lives

    def _sides(self) -> dict[tuple[int, int], int]:
        """Return -1 (left) or 1 (right) of its lane for the label of each call in each row."""
        away: dict[int, int] = {}
        for arrow in self.arrows:
            a, b = self.col(arrow.cause.sock), self.col(arrow.to)
            away[arrow.cause.number] = -1 if a < b else 1
            if arrow.effect is not None:
                away[arrow.effect.number] = 1 if a < b else -1
        usual: dict[int, int] = defaultdict(int)  # where most labels of a lane must stand, the others may
        for number, side in away.items():
            usual[self.col(self.view.matched.calls[number].sock)] += side
        sides: dict[tuple[int, int], int] = {}
        last = len(self.view.lanes) - 1
        for index, row in enumerate(self.view.rows):
            for call in row.calls:
                column = self.col(call.sock)
                forced = 1 if column == last else -1 if column == 0 else 0
                sides[index, call.number] = forced or away.get(call.number, -1 if usual[column] < 0 else 1)
        return sides

    def _lanes(self) -> list[int]:
        """Return each lane's x, with room for the widest label on each side and on each arrow."""
        count = len(self.view.lanes)
        left, right = [0] * count, [0] * count
        for index, labels in enumerate(self.labels):
            for number, lines in labels.items():
                column = self.col(self._call(index, number).sock)
                room = left if self.sides[index, number] < 0 else right
                room[column] = max(room[column], max(map(width, lines)) + 14)
        gaps = [max(right[i], left[i + 1], GAP) + 24 + self.inner[i] for i in range(count - 1)]
        for index, arrow in enumerate(self.arrows):
            a, b = self.col(arrow.cause.sock), self.col(arrow.to)
            gap = b - 1 if a < b else b
            gaps[gap] = max(gaps[gap], width(arrow.label, SMALL) + 76 + self.track[index] * 8 + self.inner[gap])
        x = [MARGIN + max(left[0], self.heads[0] // 2)] if count else []
        for i, gap in enumerate(gaps):
            x.append(x[-1] + max(gap, (self.heads[i] + self.heads[i + 1]) // 2 + 24))
        self.width = x[-1] + max(right[-1] + self.inner[count - 1], self.heads[-1] // 2) + MARGIN if count else 360
        return x

    def _call(self, row: int, number: int) -> Call:
        return next(c for c in self.view.rows[row].calls if c.number == number)
