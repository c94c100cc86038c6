"""The states of TCP as RFC 9293 draws them (section 3.3.2, figure 5), with the calls that lead from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.labs.drawing import INK, RULE, SOFT, Drawing, Picture, lines_of
from course.lesson.figures import BLUE
from sockscope.kernel import Record

WIDE, HIGH = 122, 30
SERVER = "#a34700"  # the style's red, darker: white type on it is readable (WCAG 2.2 asks for a contrast of 4.5)
PLACES = {  # where the middle of each box is
    "CLOSED": (372, 36),
    "LISTEN": (372, 104),
    "SYN-RECEIVED": (150, 160),
    "SYN-SENT": (594, 160),
    "ESTABLISHED": (372, 216),
    "FIN-WAIT-1": (150, 286),
    "CLOSE-WAIT": (594, 286),
    "FIN-WAIT-2": (150, 366),
    "CLOSING": (372, 366),
    "LAST-ACK": (594, 366),
    "TIME-WAIT": (372, 446),
    "ENDED": (594, 446),
}
# From, to, what the program calls or the kernel receives, what the kernel sends, and where that is written.
EDGES = (
    ("CLOSED", "LISTEN", "listen()", "", (380, 74, "start")),
    ("CLOSED", "SYN-SENT", "connect()", "send SYN", (530, 88, "start")),
    ("LISTEN", "SYN-RECEIVED", "SYN comes", "send SYN, ACK", (218, 112, "middle")),
    ("SYN-SENT", "SYN-RECEIVED", "SYN comes", "", (372, 156, "middle")),
    ("SYN-RECEIVED", "ESTABLISHED", "ACK comes", "", (222, 206, "middle")),
    ("SYN-SENT", "ESTABLISHED", "SYN, ACK comes", "send ACK", (530, 200, "start")),
    ("ESTABLISHED", "FIN-WAIT-1", "shutdown, close", "send FIN", (205, 244, "middle")),
    ("ESTABLISHED", "CLOSE-WAIT", "FIN comes", "send ACK", (530, 244, "start")),
    ("FIN-WAIT-1", "FIN-WAIT-2", "ACK comes", "", (142, 330, "end")),
    ("FIN-WAIT-1", "CLOSING", "FIN comes", "send ACK", (290, 316, "start")),
    ("FIN-WAIT-2", "TIME-WAIT", "FIN comes", "send ACK", (190, 420, "middle")),
    ("CLOSING", "TIME-WAIT", "ACK comes", "", (380, 410, "start")),
    ("CLOSE-WAIT", "LAST-ACK", "shutdown, close", "send FIN", (602, 324, "start")),
    ("LAST-ACK", "ENDED", "ACK comes", "", (602, 410, "start")),
    ("TIME-WAIT", "ENDED", "60 s (Linux)", "", (484, 464, "middle")),
)


@dataclass(frozen=True)
class Lit:
    """A socket in its state. `ended`: it is CLOSED because a connection is over, not because there was none."""

    who: str
    state: str
    ended: bool = False

    @property
    def box(self) -> str:
        """The box of PLACES that it lights."""
        return "ENDED" if self.ended else self.state


def draw(lit: Sequence[Lit], records: Sequence[tuple[str, Record]]) -> Picture:
    """Return the diagram with the boxes of `lit` marked, and the kernel's words for the sockets below."""
    drawing = Drawing(744, 484)
    for start, end, event, sends, label in EDGES:
        _edge(drawing, start, end, (event, sends), label)
    for box in PLACES:
        _state(drawing, box, [one for one in lit if one.box == box])
    about = "The states of TCP. " + "; ".join(f"{one.who}: {one.state}" for one in lit) + "."
    return drawing.picture(about, lines_of(records) or "no sockets")


def _edge(drawing: Drawing, start: str, end: str, words: tuple[str, str], label: tuple[float, float, str]) -> None:
    from_, to = _leave(start, end), _leave(end, start)
    drawing.line(from_, to, stroke=SOFT, thick=1.2, head=True)
    x, y, anchor = label
    for row, said in enumerate(word for word in words if word):
        drawing.text(x, y + 13 * row, said, size=11, fill=SOFT if row else INK, anchor=anchor)


def _leave(box: str, other: str) -> tuple[float, float]:
    """Return the point on the edge of `box` that faces the middle of `other`."""
    x, y = PLACES[box]
    dx, dy = PLACES[other][0] - x, PLACES[other][1] - y
    scale = min(WIDE / 2 / abs(dx) if dx else 9.0, HIGH / 2 / abs(dy) if dy else 9.0)
    return x + dx * scale, y + dy * scale


def _state(drawing: Drawing, box: str, here: list[Lit]) -> None:
    x, y = PLACES[box]
    name = "CLOSED" if box == "ENDED" else box
    drawing.box(
        x - WIDE / 2, y - HIGH / 2, WIDE, HIGH, fill="#fff3c4" if here else "#ffffff",
        stroke=INK if here else RULE, thick=3 if here else 1.5,
    )  # fmt: skip
    drawing.text(x, y + 5, name, anchor="middle", bold=bool(here), fill=INK if here else SOFT)
    widths = [7.2 * len(one.who) + 12 for one in here]
    # In the right column at the right end: the arrows come from the left.
    left = x - WIDE / 2 if x < 500 else x + WIDE / 2 - sum(widths) - 4 * (len(here) - 1)
    for one, wide in zip(here, widths, strict=True):
        drawing.box(left, y - HIGH / 2 - 12, wide, 17, fill=_colour(one), stroke=_colour(one), round=8)
        drawing.text(left + wide / 2, y - HIGH / 2 + 1, one.who, size=12, fill="#ffffff", anchor="middle", bold=True)
        left += wide + 4


def _colour(one: Lit) -> str:
    return BLUE if one.who == "client" else SERVER
