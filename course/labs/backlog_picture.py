"""The picture of the backlog lab: outside, in the queue, accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.labs.drawing import INK, SOFT, Drawing, Picture, lines_of
from course.lesson.figures import BLUE, GREEN, GREY, ORANGE
from sockscope.kernel import Record

COLUMNS = ("no answer yet", "in the accept queue", "accepted")


@dataclass(frozen=True)
class Row:
    """A caller as it is drawn: in which column, and what the kernel knows of it. `failed`: the name of its error."""

    number: int
    column: int
    record: Record
    has_left: bool = False
    failed: str = ""


def draw(callers: Sequence[Row], listener: Record | None) -> Picture:
    """Return the picture of these callers."""
    listens = listener is not None and listener.state == "LISTEN"
    queue, backlog = (listener.accept_queue, listener.backlog) if listener and listens else (None, None)
    columns: list[list[Row]] = [[], [], []]
    for caller in callers:
        columns[caller.column].append(caller)
    seats = 0 if backlog is None else backlog + 1
    rows = max(2, *(-(-max(len(column), seats if place == 1 else 0) // 2) for place, column in enumerate(columns)))
    drawing = Drawing(744, 64 + rows * 58)
    known = f"{queue} of {backlog}" if queue is not None else "not known here" if listens else "no queue"
    for place, (title, column) in enumerate(zip(COLUMNS, columns, strict=True)):
        x = 12 + place * 244
        drawing.text(x + 4, 24, title, bold=True)
        drawing.text(x + 4, 42, _below(place, known, listens), size=12, fill=SOFT)
        for seat in range(len(column), seats if place == 1 else 0):
            _seat(drawing, x, seat)
        for seat, caller in enumerate(column):
            _caller(drawing, x, seat, caller)
    counts = "; ".join(f"{title}: {len(column)}" for title, column in zip(COLUMNS, columns, strict=True))
    about = f"The waiting room of a listener. Waiting to be accepted, says the kernel: {known}. Callers: {counts}."
    return drawing.picture(about, _lines(callers, listener))


def _below(place: int, known: str, listens: bool) -> str:
    if not listens:
        return ("the server does not listen", "", "")[place]
    return ("their SYN was dropped", f"waiting to be accepted: {known}", "a socket of their own")[place]


def _place(x: float, seat: int) -> tuple[float, float]:
    return x + (seat % 2) * 116, 54 + (seat // 2) * 58


def _seat(drawing: Drawing, x: float, seat: int) -> None:
    left, top = _place(x, seat)
    drawing.box(left, top, 110, 50, stroke=GREY, dash="3 4", thick=1)
    drawing.text(left + 55, top + 30, "free", size=12, fill=SOFT, anchor="middle")


def _caller(drawing: Drawing, x: float, seat: int, caller: Row) -> None:
    left, top = _place(x, seat)
    stroke, dash, sign = ((ORANGE, "6 4", "…"), (BLUE, "", "●"), (GREEN, "", "✓"))[caller.column]
    if caller.failed:
        sign, said = "✕", caller.failed
    elif caller.has_left:
        sign, said = "○", "has hung up"
    elif caller.column == 0:
        said = f"asked {1 + caller.record.retransmissions} ×"
    else:
        said = caller.record.state.lower()
    drawing.box(left, top, 110, 50, fill="#ffffff", stroke=stroke, dash=dash, thick=2.5)
    drawing.text(left + 8, top + 21, f"{sign} client {caller.number}", fill=INK, bold=True)
    drawing.text(left + 8, top + 40, said, size=12, fill=INK)


def _lines(callers: Sequence[Row], listener: Record | None) -> str:
    """Return the kernel's words for the listener, then for each client that asks or is connected."""
    if listener is None:
        return "listener  no socket yet"
    named = [(f"client {caller.number}", caller.record) for caller in callers]
    return lines_of([("listener", listener), *named])
