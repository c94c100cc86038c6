"""The widgets of the states lab, on top of `states_model`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from course.exercises.display import Shown
from course.labs.drawing import Picture
from course.labs.kit import Lab, is_live, still
from course.labs.states_model import Ends

TITLE = "Lab: both ends on the map of TCP's states"
HINTS = (
    "bind, listen, connect, accept. Then close one end, and after it the other. Then calls that make no sense.",
    "which end is in TIME-WAIT at last, and what the kernel says to a call that comes too early or too late.",
)
ABOUT = {
    "socket, bind": "a new socket, if this one is closed; and bind to a port that the kernel chooses",
    "socket": "a new socket; the one before is closed",
    "listen": "take calls from now on",
    "accept": "take the first connection out of the queue, as conn",
    "connect": "to the listener's address",
    "send": 'send(b"hello")',
    "recv": "recv(1024), without waiting",
    "shutdown": "shutdown(SHUT_WR): send no more",
    "close": "give the socket back",
    "reset": "close with SO_LINGER on and 0 seconds: break off",
}


def open_lab() -> Lab | Shown:
    """Open the lab, or show its still picture where nobody can work it."""
    if not is_live():
        return still(demonstration())
    model = Ends()
    lab = Lab("states", TITLE, HINTS, model, demonstration)
    for who, calls in Ends.CALLS:
        lab.row(*(lab.button(f"{who}: {what}", _call(model, who, what), ABOUT[what]) for what in calls))
    return lab.opened()


def _call(model: Ends, who: str, what: str) -> Callable[[], str]:
    return lambda: model.call(who, what)


def demonstration() -> Picture:
    """Return the picture of a half-closed connection, without what the kernel chose."""
    model = Ends()
    try:
        for who, what in (
            ("listener", "socket, bind"), ("listener", "listen"), ("client", "socket"), ("client", "connect"),
            ("listener", "accept"), ("client", "shutdown"),
        ):  # fmt: skip
            model.call(who, what)
        return replace(model.picture(settle=1.0), text="")
    finally:
        model.close()
