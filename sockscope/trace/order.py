"""The order in which calls are drawn: program order and cause, and no clock.

Two runs of a program whose causes fix its order are drawn the same, whatever the threads' timing was. Where
nothing fixes the order, other threads come before the one that opened the trace: it usually waits for them.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from dataclasses import dataclass, field

from sockscope.trace.match import Arrow, Matched
from sockscope.trace.record import CONNECTS, SENDS, Call

WAIT = 0.010
"""Seconds. A shorter wait is often the interpreter's lock changing hands: its switch interval is 5 ms."""


@dataclass(slots=True)
class Row:
    """What is drawn at one height: a call, or a send and the receive that took it, or a fold."""

    calls: list[Call] = field(default_factory=list)
    part: str = "whole"  # in the timeline a wait "begins" in one row and "ends" in another
    folded: int = 0  # how many calls this row stands for
    pause: float = 0.0  # seconds that passed before it, in the timeline


def causes(m: Matched) -> dict[int, set[int]]:
    """Return for each call the numbers of those that must come before it."""
    before: dict[int, set[int]] = {c.number: set() for c in m.calls}
    last: dict[int, int] = {}
    for c in m.calls:
        if c.thread in last:
            before[c.number].add(last[c.thread])
        last[c.thread] = c.number
    for arrow in m.arrows:
        if arrow.effect is not None:
            before[arrow.effect.number].add(arrow.cause.number)
        if arrow.cause.name in CONNECTS:  # nobody connects before somebody listens
            opened = [c for c in m.by_socket[arrow.to] if c.name in {"bind", "listen"} and c.ok]
            before[arrow.cause.number] |= {c.number for c in opened}
    for c in m.calls:
        if c.other is not None:  # an accept comes after its connect and before all use of what it returned
            for used in m.by_socket[c.other]:
                before[used.number].add(c.number)
            connects = [x for x in m.by_socket[m.peers.get(c.other, -1)] if x.name in CONNECTS]
            before[c.number] |= {x.number for x in connects[:1]}
        if c.name in {"close", "shutdown"} and c.end is not None:
            _around_the_end(c, m.by_socket[c.sock], before)
    return before


def _around_the_end(end: Call, calls: list[Call], before: dict[int, set[int]]) -> None:
    """What other threads did with success came before a close; what the close or shutdown woke came after."""
    for c in calls:
        if c.thread == end.thread or c.end is None or c.name in {"close", "shutdown"}:
            continue
        woken = c.error.startswith("OSError") or (c.name not in SENDS and c.ok and not c.size and c.other is None)
        if woken and c.end >= end.start:
            before[c.number].add(end.number)
        elif end.name == "close" and c.ok and not woken:
            before[end.number].add(c.number)


def canonical(m: Matched) -> list[Call]:
    """Return the calls in the order in which they are drawn."""
    before = causes(m)
    after: dict[int, list[int]] = defaultdict(list)
    for number, needs in before.items():
        needs.discard(number)
        for need in needs:
            after[need].append(number)
    rank = _ranks(m)
    ready = [(rank[n], n) for n, needs in before.items() if not needs]
    heapq.heapify(ready)
    reactions: dict[int, list[int]] = defaultdict(list)
    for arrow in m.arrows:
        if arrow.effect is not None:
            reactions[arrow.cause.number].append(arrow.effect.number)
    out: list[Call] = []
    done: set[int] = set()
    while len(out) < len(m.calls):
        while ready and ready[0][1] in done:
            heapq.heappop(ready)
        if not ready:  # causes in a circle: calls that overlapped in time
            stuck = min((c for c in m.calls if c.number not in done), key=lambda c: (c.start, c.number))
            before[stuck.number].clear()
            ready.append((rank[stuck.number], stuck.number))
        turn = [heapq.heappop(ready)[1]]
        while turn:
            number = turn.pop(0)
            if number in done:
                continue
            done.add(number)
            out.append(m.calls[number])
            for later in after[number]:
                before[later].discard(number)
                if not before[later]:
                    heapq.heappush(ready, (rank[later], later))
            turn += [n for n in reactions[number] if n not in done and not before[n]]
    return out


def _ranks(m: Matched) -> dict[int, tuple[int, ...]]:
    """Return what decides between calls that could both come next, without a clock.

    The waits that never ended come last, the thread that opened the trace after the others; then the socket
    that was first used earlier in its thread.
    """
    place: dict[int, int] = {}
    count: dict[int, int] = defaultdict(int)
    first: dict[int, tuple[int, int]] = {}
    for c in m.calls:
        place[c.number] = count[c.thread]
        count[c.thread] += 1
        key = (c.thread != 0, place[c.number])
        first[c.sock] = min(first.get(c.sock, key), key)
    return {c.number: (c.end is None, c.thread == 0, *first[c.sock], place[c.number]) for c in m.calls}


def paired(m: Matched, calls: list[Call]) -> list[Row]:
    """Give each call its row; a receive that took exactly what the call before it sent shares that call's row."""
    outgoing: dict[int, list[Arrow]] = defaultdict(list)
    incoming: dict[int, list[Arrow]] = defaultdict(list)
    for arrow in m.arrows:
        outgoing[arrow.cause.number].append(arrow)
        if arrow.effect is not None:
            incoming[arrow.effect.number].append(arrow)
    rows: list[Row] = []
    for c in calls:
        if c.quiet:
            continue
        arrows = incoming[c.number]
        if rows and len(rows[-1].calls) == 1 and len(arrows) == 1:
            cause = rows[-1].calls[0]
            if arrows[0].cause is cause and len(outgoing[cause.number]) == 1 and cause.sock != c.sock:
                rows[-1].calls.append(c)
                continue
        rows.append(Row([c]))
    return rows


def timed(m: Matched) -> list[Row]:
    """Give each moment its row, by the clock: a call that waited has one where it began and one where it ended."""
    moments: list[tuple[float, int, Row]] = []
    for c in m.calls:
        if c.quiet:
            continue
        begins, ends = c.name in SENDS | CONNECTS | {"close", "shutdown"}, c.end
        if ends is None or ends - c.start >= WAIT:
            moments.append((c.start, c.number, Row([c], "begins")))
            if ends is not None:
                moments.append((ends, c.number, Row([c], "ends")))
        else:
            moments.append((c.start if begins else ends, c.number, Row([c])))
    moments.sort(key=lambda moment: moment[:2])
    for (earlier, *_), (later, _, row) in itertools.pairwise(moments):
        row.pause = later - earlier
    return [row for *_, row in moments]


def folded(rows: list[Row], shape: dict[int, object], limit: int) -> list[Row]:
    """Fold what repeats itself, then the middle of what is still longer than `limit` rows.

    `shape` tells which calls look alike. Of a repetition the first two rounds and the last one stay.
    """
    shapes = [tuple(shape[c.number] for c in row.calls) for row in rows]
    out: list[Row] = []
    i = 0
    while i < len(rows):
        rounds = [(p, _repeats(shapes, i, p)) for p in range(1, 7)]
        period, times = max(rounds, key=lambda found: ((found[1] - 3) * found[0], -found[0]))
        if (times - 3) * period < 4:
            out.append(rows[i])
            i += 1
            continue
        middle = rows[i + 2 * period : i + (times - 1) * period]
        out += [*rows[i : i + 2 * period], _fold(middle), *rows[i + (times - 1) * period : i + times * period]]
        i += times * period
    if len(out) > limit:
        head, tail = limit * 2 // 3, limit - limit * 2 // 3
        out = [*out[:head], _fold(out[head:-tail]), *out[-tail:]]
    return out


def _repeats(shapes: list[tuple[object, ...]], i: int, period: int) -> int:
    """Return how many times the `period` rows at `i` follow one another."""
    times = 1
    while shapes[i : i + period] == shapes[i + times * period : i + (times + 1) * period] != []:
        times += 1
    return times


def _fold(rows: list[Row]) -> Row:
    return Row([c for row in rows for c in row.calls], folded=sum(row.folded or len(row.calls) for row in rows))
