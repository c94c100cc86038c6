"""Labs: some things are understood by turning a knob. Each is one call in a cell, over real sockets on loopback.

    labs.backlog()       how many may wait to be accepted (lesson 3)
    labs.states()        both ends of a connection on the diagram of TCP's states (lesson 4)
    labs.lossy_road()    datagrams that are lost, doubled and overtaken (lesson 7)
    labs.chat()          three windows of a chat room, and its server's view (lesson 8)

A lab is `NAME_model` (sockets, no widgets), `NAME_lab` (the widgets on top of it), and a function here. `kit` is what
they share. Without a notebook to work in, or where nobody watches (COURSE_LABS=0, as in `make test`), a lab is worked
by a short program of its own and shows the picture of what it came to.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.exercises.display import Shown
    from course.labs.kit import Lab

__all__ = ["backlog", "chat", "lossy_road", "states"]


def backlog() -> Lab | Shown:
    """Show a listener's waiting room: callers, the accept queue, and who has been accepted."""
    return _opened("backlog")


def states() -> Lab | Shown:
    """Show both ends of a connection on the diagram of TCP's states, with a button for each call."""
    return _opened("states")


def lossy_road() -> Lab | Shown:
    """Show which of twenty datagrams arrive, how often and in which order, over a relay that spoils some."""
    return _opened("lossy_road")


def chat() -> Lab | Shown:
    """Show a chat room: three members to type for, what each hears, and what waits for whom in the server."""
    return _opened("chat")


def _opened(name: str) -> Lab | Shown:
    """Open the lab of that name. What it needs is imported now: ipywidgets takes a third of a second."""
    opened: Lab | Shown = import_module(f"course.labs.{name}_lab").open_lab()
    return opened
