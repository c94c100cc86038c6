"""The picture of the chat lab: three windows, and the room's own view of who is there."""

from __future__ import annotations

from dataclasses import dataclass

from course.labs.drawing import INK, RULE, SOFT, Drawing, Picture
from course.lesson.figures import BLUE, GREY, ORANGE
from sockscope.kernel import Record

WIDE, HIGH, LINE = 236, 218, 18
MOST_CHARACTERS = 33  # what fits into a window, in a font of any width


@dataclass(frozen=True)
class Window:
    """What one of the three sees: the last lines, each as the room sent it."""

    name: str
    joined: bool
    reads: bool
    lines: tuple[str, ...]

    @property
    def state(self) -> str:
        """A sign and a word: colour is not the only difference."""
        if not self.joined:
            return "○ not in the room"
        return "● in the room" if self.reads else "‖ in the room, does not read"


def draw(windows: list[Window], online: list[tuple[str, Record, int]], address: tuple[str, int] | None) -> Picture:
    """Return the picture; `online` is who the room says is there, and how many bytes wait for each in the server."""
    drawing = Drawing(744, HIGH + 20)
    for place, window in enumerate(windows):
        x = 12 + place * (WIDE + 6)
        stroke = (ORANGE if not window.reads else BLUE) if window.joined else GREY
        dash = "" if window.joined else "3 4"
        drawing.box(x, 10, WIDE, HIGH, fill="#ffffff", stroke=stroke, thick=2, dash=dash)
        drawing.text(x + 10, 31, window.name, bold=True)
        drawing.text(x + WIDE - 10, 31, window.state, size=12, fill=SOFT, anchor="end")
        drawing.line((x + 8, 40), (x + WIDE - 8, 40), stroke=RULE, thick=1)
        for row, line in enumerate(window.lines):
            drawing.text(x + 10, 58 + row * LINE, _short(line), size=12, fill=SOFT if line[:1] in "*(" else INK)
    names = ", ".join(name for name, _, _ in online) or "nobody"
    said = "; ".join(f"{window.name}: {window.state[2:]}" for window in windows)
    return drawing.picture(
        f"Three windows of a chat room. {said}. Online, says the server: {names}.", _view(online, address)
    )


def _short(line: str) -> str:
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"


def _view(online: list[tuple[str, Record, int]], address: tuple[str, int] | None) -> str:
    """Return the server's view in lines, and how a terminal joins."""
    if address is None:
        return "The room is not open yet."
    host, port = address
    lines = [f"the server's view            join from a terminal:  nc {host} {port}"]
    for name, record, waiting in online:
        sizes = ((waiting, "in the server"), (record.send_queue or 0, "in the kernel"))
        waits = ", ".join(f"{size:,} bytes {where}" for size, where in sizes if size)
        lines.append(f"{name:12} {record.state:12} {waits and 'waiting for it: '}{waits}".rstrip())
    return "\n".join(lines if online else [*lines, "nobody is online"])
