"""Why an answer cannot stand alone: the diagnoses, in the learner's words."""

from __future__ import annotations

import builtins
import difflib
from collections.abc import Iterable
from socket import socket
from types import FunctionType

from course.checker.told.verdict import Diagnosis


class CannotStandAlone(Exception):
    """The answer cannot be written as text that stands alone. `diagnosis` says why, for the learner."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.diagnosis = Diagnosis(name, text)


def cell_did_not_run(name: str, is_class: bool, is_python: bool) -> CannotStandAlone:
    """A later cell was to define the answer anew, and never came to it."""
    line = f"`{'class' if is_class else 'def'} {name}`"
    how = "ended with an error before it came to that line" if is_python else "is not Python yet (a SyntaxError)"
    return CannotStandAlone(
        "cell-did-not-run",
        f"The last cell with {line} {how}, so `{name}` is still the one of an earlier cell, and that is not what you "
        "see. Nothing was checked. Run the cell, mend what it says, and check again.",
    )


def name_not_found(name: str, user: str, known: Iterable[str]) -> CannotStandAlone:
    """Nothing that ran gives the name a value."""
    # 0.8 takes `sufix` for `suffix` and `lenght` for `length`, and not `nope` for `open`.
    names = [one for one in [*known, *dir(builtins)] if not one.startswith("_")]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return CannotStandAlone(
        "name-not-found",
        f"{user} uses the name `{name}`, and no cell that you have run gives it a value.{hint} "
        f"Define `{name}`, or run the cell that does, and check again.",
    )


def local_module(name: str, module: str, user: str) -> CannotStandAlone:
    """The name comes from a module that only this folder has."""
    return CannotStandAlone(
        "local-module",
        f"{user} uses `{name}` from your own module `{module}`. An answer must stand alone: "
        f"copy what you need from `{module}` into a cell.",
    )


def notebook_command(user: str) -> CannotStandAlone:
    """A magic or a shell command in a function: calls that only a notebook has."""
    return CannotStandAlone(
        "notebook-command",
        f"{user} uses a notebook command (a line that begins with `%` or `!`). "
        "An answer is plain Python, which runs outside a notebook too: do the same with Python's own calls.",
    )


def live_global(name: str, value: object, user: str) -> CannotStandAlone:
    """The name is bound to something that lives in the kernel alone."""
    kind = "socket" if isinstance(value, socket) else type(value).__name__
    return CannotStandAlone(
        "live-global",
        f"{user} uses `{name}`, a {kind} that another cell has made. An answer must stand alone: "
        f"use what your function is given, or make the {kind} inside it.",
    )


def no_source(name: str, value: object, user: str) -> CannotStandAlone:
    """No statement of the cells makes the value again."""
    if isinstance(value, (FunctionType, type)):
        word = "class" if isinstance(value, type) else "def"
        return CannotStandAlone(
            "no-source",
            f"{user} uses `{name}`, whose source text cannot be found in the cells that you have run. "
            f"Write `{word} {name}(…):` in a cell of its own, run it, and check again.",
        )
    return CannotStandAlone(
        "no-source",
        f"{user} uses `{name}` (a {type(value).__name__}), and no statement in your cells can make it again. "
        f"Assign `{name}` in a cell of its own, outside loops and `with`, and check again.",
    )
