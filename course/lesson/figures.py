"""One plotting style for all lessons: large type, few lines, colours that colour-blind readers tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito, "Color Universal Design" (2008): distinct for the common kinds of colour blindness, and in grey.
BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#666666"
_STYLE = {
    "figure.facecolor": "white",  # its own background: a dark theme would swallow the black type
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
    "legend.frameon": False,
}


def axes(title: str, x: str, y: str, size: tuple[float, float] = (7.0, 3.2)) -> Axes:
    """Return empty axes in the course's style; `size` is width and height in inches at 100 dots an inch.

    Draw on them with matplotlib's own calls; at the end of its cell the notebook shows the figure.
    """
    import matplotlib.pyplot as plt

    plt.ion()  # else the first figure, which picks the notebook's way of showing, would be the last one shown
    with plt.rc_context(_STYLE):
        made: Axes = plt.subplots(figsize=size, dpi=100, layout="constrained")[1]
        made.set(title=title, xlabel=x, ylabel=y)
    return made
