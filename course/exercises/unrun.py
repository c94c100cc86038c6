"""Whether the cell that defines an answer is the one that ran: else an older definition would be judged, unsaid."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

from course.exercises.cells import History, pieces
from course.exercises.refusals import cell_did_not_run


def refuse_older(objects: Sequence[object], namespace: Mapping[str, Any], history: History) -> None:
    """Go on only if no later cell was to define one of the objects anew, and did not come to it.

    Raises:
        CannotStandAlone: one was, with the diagnosis.
    """
    for value in objects:
        name = getattr(value, "__name__", "")
        code = _code_of(value)
        if code is None or namespace.get(name) is not value:
            continue
        ran = history.containing(code)
        if ran is None:
            continue
        for number in range(len(history.sources) - 1, ran.cell, -1):
            if _defines(history, number, name):
                raise cell_did_not_run(name, isinstance(value, type), bool(pieces(history.sources[number])))


def _code_of(value: object) -> CodeType | None:
    """Return the code that was written where `value` is defined: a function's own, or that of a class's method."""
    if isinstance(value, type):
        methods = [method for method in vars(value).values() if isinstance(method, FunctionType)]
        return methods[0].__code__ if methods else None
    inner = inspect.unwrap(value) if callable(value) else value
    return inner.__code__ if isinstance(inner, FunctionType) else None


def _defines(history: History, number: int, name: str) -> bool:
    """Whether this cell defines `name` at its outermost level; one that is no Python is read as text."""
    source = history.sources[number]
    if pieces(source):
        return any(s.cell == number and not s.loose and s.defines for s in history.bindings(name))
    return re.search(rf"^(?:async\s+)?(?:def|class)\s+{re.escape(name)}\b", source, re.MULTILINE) is not None
