"""The answer's side of a failing case's picture: the first calls on its sockets, recorded in its own process."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sockscope.trace import live
from sockscope.trace.patch import Recorder
from sockscope.trace.record import Call, Record, Sock

KEPT = 120  # calls: a loop that never ends makes a million, and the picture is folded long before that
ROUNDS, LONGEST_ROUND = 4, 6  # so many equal rounds at the end of what never ended are a loop


class FirstCalls(Recorder):
    """Records as `sockscope.trace.trace()` does, from `begin` to the end of this process, and only the first calls."""

    records = False

    def begin(self) -> None:
        """Begin to record, in the thread that calls this."""
        self.start()
        self.records = True
        live.forget()  # bytes that wait by now were sent by peers whose own record begins with them

    def add(self, call: Call, sock: Sock) -> None:
        """Take in a call that begins."""
        if len(self.calls) < KEPT:
            super().add(call, sock)
        elif self.records:
            self.records = False
            self.stop(None)

    def forget(self) -> None:
        """Forget all calls: another case begins."""
        self.calls.clear()
        self.sockets.clear()
        if self.records:
            live.forget()
        else:
            self.begin()

    def json(self, running: bool) -> str:
        """Return what was recorded so far as JSON, empty for no call at all.

        Of an endless loop in which the answer still is (`running`) two rounds stay, and the JSON then `goes_on`.
        """
        self._add_unused()
        record = self.record()
        for call in record.calls:
            call.other = call.other if call.other in record.sockets else None
        kept = once(record) if running else record
        if not kept.calls:
            return ""
        return kept.to_json() if kept is record else going_on(kept.to_json())

    def _add_unused(self) -> None:
        """Add what accept() gave and no call was made on: the record refers to it."""
        accepted = {call.other for call in list(self.calls)}
        for known in live.everything():
            if known.sock.number in accepted:
                self.sockets.setdefault(known.sock.number, known.sock)


def going_on(text: str) -> str:
    """Return the JSON of a record with the mark that its last calls came again and again."""
    return json.dumps(json.loads(text) | {"goes_on": True})


def goes_on(text: str) -> bool:
    """Whether the JSON of a record bears that mark."""
    return bool(text) and bool(json.loads(text).get("goes_on"))


def once(record: Record) -> Record:
    """Keep two rounds of the loop that a call was in when its time was up: how many it made by then is chance."""
    calls = record.calls
    end = _after_two_rounds(_shapes(calls, aged=False)) or _after_two_rounds(_shapes(calls, aged=True))
    if not end:
        return record
    used = {call.sock for call in calls[:end]} | {call.other for call in calls[:end]}
    return Record({number: sock for number, sock in record.sockets.items() if number in used}, calls[:end])


Shape = tuple[object, ...]


def _after_two_rounds(shapes: list[Shape]) -> int:
    """Return where the second of many equal rounds ends; 0 if the calls do not end in such."""
    for period in range(1, LONGEST_ROUND + 1):
        for part in range(period + 1):  # the last round may have got no further than so many calls
            whole = len(shapes) - part
            first = whole
            while first >= period and shapes[first - period : first] == shapes[whole - period : whole]:
                first -= period
            if whole - first < ROUNDS * period:
                continue
            if all(_alike(shapes[whole + n], shapes[whole + n - period]) for n in range(part)):
                return first + 2 * period
    return 0


def _shapes(calls: Sequence[Call], aged: bool) -> list[Shape]:
    """Return what is equal for equal calls. A socket made in each round is told by its age in calls (`aged`)."""
    first: dict[int, int] = {}
    shapes: list[Shape] = []
    for place, c in enumerate(calls):
        age = place - first.setdefault(c.sock, place)
        sock = ("new", age) if aged and age < LONGEST_ROUND else ("old", c.sock)
        shapes.append((sock, c.thread, c.name, c.error, c.size, c.head))
    return shapes


def _alike(one: Shape, other: Shape) -> bool:
    """Whether two calls are the same, as far as one that is still under way can tell."""
    return one[:3] == other[:3]
