"""What the learner calls a socket: the variable that holds it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import FrameType


def names_in(frame: FrameType) -> dict[socket.socket, str]:
    """Return the sockets that the variables of `frame` hold, with the first name of each, locals first.

    Lists, tuples and dictionaries are looked into: `clients[0]`. IPython's own `_`, `_1`, `In`, `Out` hold
    old results under names that nobody gave, and are passed over.
    """
    found: dict[socket.socket, str] = {}
    for variables in (frame.f_locals, frame.f_globals):
        for name, value in list(variables.items()):
            if name.startswith("_") or name in ("In", "Out"):
                continue
            for path, item in _within(name, value):
                if isinstance(item, socket.socket):
                    found.setdefault(item, path)
    return found


def _within(name: str, value: object) -> Iterator[tuple[str, object]]:
    yield name, value
    if isinstance(value, list | tuple):
        yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{name}[{key!r}]", item) for key, item in list(value.items()))
