"""The widgets of the backlog lab, on top of `backlog_model`."""

from __future__ import annotations

from dataclasses import replace

from course.exercises.display import Shown
from course.labs.backlog_model import Backlog
from course.labs.drawing import Picture
from course.labs.kit import Lab, is_live, still

TITLE = "Lab: the waiting room"
HINTS = (
    "listen with backlog 1, let four clients call, then accept one. Wait a second or two.",
    "how many wait, and of how many; who gets no answer, and how often its kernel has asked.",
)


def open_lab() -> Lab | Shown:
    """Open the lab, or show its still picture where nobody can work it."""
    if not is_live():
        return still(demonstration())
    model = Backlog()
    lab = Lab("backlog", TITLE, HINTS, model, demonstration)
    backlog = lab.number("backlog", 1, 0, 5, "The number given to listen()")
    lab.row(
        backlog,
        lab.button("listen", lambda: model.listen(backlog.value), "listener.listen(backlog)"),
        lab.button("a client calls", model.call, "client.connect(address), without waiting for it"),
        lab.button("accept", model.accept, "conn, peer = listener.accept()"),
        lab.button("a client hangs up", model.hang_up, "client.close(), of the one that called first"),
    )
    return lab.opened()


def demonstration() -> Picture:
    """Return the picture of four calls at `listen(1)` and one `accept`, without what the kernel chose."""
    model = Backlog()
    try:
        model.listen(1)
        for _ in range(4):
            model.call()
        model.accept()
        return replace(model.picture(), text="")
    finally:
        model.close()
