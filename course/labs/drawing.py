"""A lab's picture: SVG of its own, with its own light background, and the same said in words."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from sockscope.kernel import Record

PAPER, INK, SOFT, RULE = "#fffdf8", "#1f2430", "#5b6472", "#d8d2c4"


@dataclass(frozen=True)
class Picture:
    """A drawing, and `text`: what the kernel says, in lines that stand below it. `about` is for screen readers."""

    svg: str
    about: str
    text: str

    def html(self) -> str:
        """Return the picture for a living lab: the SVG stands in the page, so that its words can be selected."""
        lines = f'<pre style="{_PRE}">{escape(self.text)}</pre>' if self.text else ""
        return f'<div class="course-lab-picture">{self.svg}{lines}</div>'

    def still(self) -> str:
        """Return the picture for a page without a kernel: an image, which an untrusted opening keeps too."""
        data = base64.b64encode(self.svg.encode()).decode()
        about = escape(self.about, quote=True)
        return (
            f'<div style="overflow-x:auto"><img alt="{about}" src="data:image/svg+xml;base64,{data}" '
            'style="max-width:100%"></div>'
        )


_PRE = (
    f"margin:6px 0 0;padding:6px 10px;overflow-x:auto;background:{PAPER};color:{INK};border:1px solid {RULE};"
    "border-radius:4px;font-size:12px;line-height:1.45"
)


def lines_of(named: Iterable[tuple[str, Record]]) -> str:
    """Return the kernel's words for each socket that is not closed, a line each, in columns."""
    open_ones = [(name, record) for name, record in named if record.state != "closed"]
    wide = max((len(name) for name, _ in open_ones), default=0)
    return "\n".join(
        f"{name:{wide}}  {record.state:12} {record.addresses}  {record.notes}".rstrip() for name, record in open_ones
    )


class Drawing:
    """Collects shapes; `picture` gives them as one SVG. Lengths are in pixels, y grows downwards."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._parts = [
            f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6" fill="{PAPER}" stroke="{RULE}"/>'
        ]

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str = "none", stroke: str = SOFT,
        thick: float = 1.5, dash: str = "", round: float = 5,
    ) -> None:  # fmt: skip
        """Draw a box; `dash` is a pattern such as "4 3"."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round:g}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick:g}"{dashed}/>'
        )

    def text(
        self, x: float, y: float, said: str, *, size: float = 13, fill: str = INK, anchor: str = "start",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Write `said` with its base line at `y`; `anchor` is "start", "middle" or "end"."""
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight}>'
            f"{escape(said)}</text>"
        )

    def line(
        self, *points: tuple[float, float], stroke: str = SOFT, thick: float = 1.5, dash: str = "", head: bool = False
    ) -> None:
        """Draw a line through the points, with an arrow's head at the last one if asked."""
        way = " ".join(f"{x:g},{y:g}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<polyline points="{way}" fill="none" stroke="{stroke}" stroke-width="{thick:g}"{dashed}/>')
        if head:
            self._head(points[-2], points[-1], stroke)

    def _head(self, start: tuple[float, float], end: tuple[float, float], fill: str) -> None:
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        dx, dy = 7 * dx / length, 7 * dy / length
        corners = [end, (end[0] - dx - dy / 2, end[1] - dy + dx / 2), (end[0] - dx + dy / 2, end[1] - dy - dx / 2)]
        self._parts.append(f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}" fill="{fill}"/>')

    def picture(self, about: str, text: str = "") -> Picture:
        """Return all that was drawn, in the order in which it was."""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(about, quote=True)}" '
            'style="max-width:100%;height:auto;display:block" font-family="system-ui, -apple-system, '
            f"'Segoe UI', 'DejaVu Sans', sans-serif\">{''.join(self._parts)}</svg>"
        )
        return Picture(svg, about, text)
