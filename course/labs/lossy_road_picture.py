"""The picture of the lossy-road lab: a line from each datagram's sending to each of its arrivals."""

from __future__ import annotations

from collections.abc import Sequence

from course.labs.drawing import INK, Drawing, Picture, lines_of
from course.lesson.figures import BLUE, GREEN, ORANGE, RED
from netlib.faults import Counts
from sockscope.kernel import Record

TOP, BOTTOM, WIDE = 66, 206, 744
# What can happen to an arrival: the colour of its line, its dashes, its sign below.
PLAIN, AGAIN, LATE = (BLUE, "", ""), (GREEN, "2 3", "="), (ORANGE, "7 4", "‹")


def draw(
    count: int, sent: int, arrived: Sequence[int], counts: Counts, *, over: bool,
    records: Sequence[tuple[str, Record]] = (),
) -> Picture:  # fmt: skip
    """Return the picture of `sent` of `count` datagrams and of the numbers that `arrived`, in their order."""
    drawing = Drawing(WIDE, 286)
    drawing.text(16, 26, "sent", bold=True)
    drawing.text(16, BOTTOM + 44, "arrived, in this order", bold=True)
    lost = [number for number in range(sent) if number not in arrived] if over else []
    kinds = kinds_of(arrived)
    for place, (number, kind) in enumerate(zip(arrived, kinds, strict=True)):
        _way(drawing, _x(number, count), _x(place, max(count, len(arrived))), kind)
    for number in lost:
        _loss(drawing, _x(number, count))
    for number in range(count):
        _number(drawing, _x(number, count), TOP - 10, number, INK if number < sent else "#c9c4b8")
    for place, (number, kind) in enumerate(zip(arrived, kinds, strict=True)):
        _number(drawing, _x(place, max(count, len(arrived))), BOTTOM + 18, number, INK)
        drawing.text(_x(place, max(count, len(arrived))), BOTTOM + 4, kind[2], size=12, anchor="middle", bold=True)
    _legend(drawing, len(lost), kinds)
    return drawing.picture(_about(sent, arrived, lost), _text(sent, count, counts, records))


def kinds_of(arrived: Sequence[int]) -> list[tuple[str, str, str]]:
    """Return for each arrival whether it came as it should, came before already, or after a later one."""
    kinds = []
    for place, number in enumerate(arrived):
        before = arrived[:place]
        kinds.append(AGAIN if number in before else LATE if before and number < max(before) else PLAIN)
    return kinds


def _x(place: int, of: int) -> float:
    return 30 + place * (WIDE - 60) / max(1, of - 1)


def _number(drawing: Drawing, x: float, y: float, number: int, fill: str) -> None:
    drawing.text(x, y, str(number), size=13, fill=fill, anchor="middle")


def _way(drawing: Drawing, start: float, end: float, kind: tuple[str, str, str]) -> None:
    colour, dash, _ = kind
    drawing.line((start, TOP), (end, BOTTOM - 10), stroke=colour, thick=2, dash=dash, head=True)


def _loss(drawing: Drawing, x: float) -> None:
    y = TOP + 34
    drawing.line((x, TOP), (x, y), stroke=RED, thick=2)
    drawing.line((x - 6, y), (x + 6, y + 12), stroke=RED, thick=3)
    drawing.line((x - 6, y + 12), (x + 6, y), stroke=RED, thick=3)


def _legend(drawing: Drawing, lost: int, kinds: Sequence[tuple[str, str, str]]) -> None:
    x = 16.0
    for sign, said, colour in (
        ("✕", f"lost: {lost}", RED),
        ("=", f"came once more: {kinds.count(AGAIN)}", GREEN),
        ("‹", f"after a later one: {kinds.count(LATE)}", ORANGE),
    ):
        drawing.box(x, 262, 14, 14, fill=colour, stroke=colour, round=3)
        drawing.text(x + 22, 274, f"{sign}  {said}", size=13, fill=INK)
        x += 190


def _about(sent: int, arrived: Sequence[int], lost: Sequence[int]) -> str:
    if not sent:
        return "A road for datagrams. Nothing was sent yet."
    said = f"{sent} datagrams sent, from 0 on. Arrived, in this order: {', '.join(map(str, arrived)) or 'none'}."
    return said + (f" Lost: {', '.join(map(str, lost))}." if lost else "")


def _text(sent: int, count: int, counts: Counts, records: Sequence[tuple[str, Record]]) -> str:
    said = f"sent {sent} of {count}; the relay on the way there: {counts}"
    return "\n".join(filter(None, [said, lines_of(records)]))
