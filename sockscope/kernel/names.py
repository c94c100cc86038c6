"""What the learner calls a thing: the variable that holds it."""

from __future__ import annotations

import inspect
import itertools
import socket
import sys
from collections.abc import Iterator, Mapping
from types import FrameType, ModuleType
from typing import Any, TypeVar, cast

T = TypeVar("T")
LOOKED_AT = 1_000  # things a level, so that a variable with a million items costs a millisecond


def names_in(frame: FrameType) -> dict[socket.socket, str]:
    """Return the sockets that the variables of `frame` hold, with a name of each; locals before globals."""
    return names_of(socket.socket, variables_of(frame), frame.f_globals)


def variables_of(frame: FrameType) -> dict[str, Any]:
    """Return the local variables of `frame`, and leave nothing behind in it.

    Before 3.13 (PEP 667) a function's `f_locals` is a copy that its frame keeps: it would hold every socket of the
    function, and `conn = None` would close nothing.
    """
    variables = frame.f_locals
    found = dict(variables)
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED and sys.version_info < (3, 13):
        variables.clear()
    return found


def names_of(kind: type[T], *namespaces: Mapping[str, object]) -> dict[T, str]:
    """Return the things of `kind` that variables hold, with the plainest name of each: `conn`, `clients[0]`.

    Lists, tuples, dictionaries and objects are looked into, two levels deep: `server.socket`, `rooms['ann'].conn`.
    IPython's own `_`, `_1`, `In`, `Out` hold old results under names that nobody gave, and are passed over.
    """
    level = [
        (name, value)
        for namespace in namespaces
        for name, value in list(namespace.items())
        if not name.startswith("_") and name not in ("In", "Out")
    ]
    found: dict[T, str] = {}
    for _ in range(3):
        others = []
        for name, value in level:
            if issubclass(type(value), kind):  # not isinstance(), which asks the thing itself
                found.setdefault(cast(T, value), name)
            else:
                others.append((name, value))
        inner = itertools.chain.from_iterable(_within(name, value) for name, value in others)
        level = list(itertools.islice(inner, LOOKED_AT))
    return found


def _within(name: str, value: Any) -> Iterator[tuple[str, object]]:
    if issubclass(type(value), list | tuple):
        yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))
    elif issubclass(type(value), dict):
        yield from ((f"{name}[{key!r}]", item) for key, item in list(value.items()))
    elif not issubclass(type(value), ModuleType | type):
        attributes = getattr(value, "__dict__", None)
        if isinstance(attributes, dict):
            yield from ((f"{name}.{key}", item) for key, item in list(attributes.items()))
