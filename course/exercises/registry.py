"""Which exercises there are: one module each, in the order in which the lessons pose them.

A module `course/exercises/lessonNN/<name>.py` holds

- `TITLE`: the task in one line,
- `solution`: the reference (a function or class). An exercise that asks for several callables names them all,
  in the order in which check() takes them: `NAMES = ("send_frame", "recv_frame")`; then the references are
  `solution`, `solution_2`, …
- `check(trial)`: the cases,
- `HINTS`: two to four, from a nudge to almost the answer.

Order and role (core or more) stand in the lessons, in the metadata of the stub cells:
`{"course": {"exercise": "shout", "role": "core"}}`.
"""

from __future__ import annotations

import difflib
import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parent.parent / "notebooks"


class UnknownExercise(LookupError):
    """There is no exercise of that name. The text names the nearest."""

    def _render_traceback_(self) -> list[str]:  # IPython shows this in place of our own frames
        return [str(self)]


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, its lesson's number, and its module, imported when it is needed."""

    name: str
    lesson: int

    @property
    def module(self) -> ModuleType:
        """The exercise's own module."""
        return importlib.import_module(f"course.exercises.lesson{self.lesson:02}.{self.name}")

    @property
    def title(self) -> str:
        """The task in one line."""
        return str(self.module.TITLE)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the callables that it asks for, in the order of check()."""
        return tuple(getattr(self.module, "NAMES", (self.name,)))

    @property
    def solutions(self) -> tuple[Callable[..., Any], ...]:
        """The reference for each of `names`."""
        numbers = range(2, len(self.names) + 1)
        return (self.module.solution, *(getattr(self.module, f"solution_{n}") for n in numbers))

    @property
    def check(self) -> Callable[[Any], None]:
        """The cases, as a function of a trial."""
        found: Callable[[Any], None] = self.module.check
        return found

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints, from a nudge to almost the answer."""
        return tuple(self.module.HINTS)


def exercises() -> dict[str, Exercise]:
    """Return all exercises by name, by lesson and then by name."""
    found = sorted(HERE.glob("lesson[0-9][0-9]/[a-z]*.py"))
    return {path.stem: Exercise(path.stem, int(path.parent.name[-2:])) for path in found}


def find(name: object) -> Exercise:
    """Return the exercise `name`.

    Raises:
        UnknownExercise: there is none; the text names the nearest.
    """
    known = exercises()
    if isinstance(name, str) and name in known:
        return known[name]
    if not isinstance(name, str):
        raise UnknownExercise(
            f'The exercise\'s name comes first, as text, such as "shout"; you gave {_kind(name)} in its place.'
        )
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else f" There are: {', '.join(known)}."
    raise UnknownExercise(f"There is no exercise {name!r}.{hint}")


def _kind(value: object) -> str:
    return f"a function, `{value.__name__}`," if hasattr(value, "__name__") else f"a {type(value).__name__}"


@dataclass(frozen=True)
class Place:
    """Where an exercise is posed: its lesson's notebook (its stem; empty when it is not written yet) and role."""

    exercise: Exercise
    lesson: str
    role: str


def course_order(notebooks: Path = NOTEBOOKS) -> list[Place]:
    """Return all exercises in the order in which the lessons pose them, those of unwritten lessons as core."""
    known = exercises()
    places = []
    for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb")):
        for name, role in _posed(path, path.stat().st_mtime_ns):
            if name in known and known[name].lesson == int(path.name[:2]):
                places.append(Place(known.pop(name), path.stem, role))
    places += [Place(exercise, "", "core") for exercise in known.values()]
    return sorted(places, key=lambda place: place.exercise.lesson)


@lru_cache(maxsize=64)
def _posed(notebook: Path, _modified: int) -> Sequence[tuple[str, str]]:
    """Return (exercise, role) of each stub cell of a notebook. A damaged notebook poses none."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        found = [cell.get("metadata", {}).get("course", {}) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
    posed = [part for part in found if isinstance(part, dict) and "exercise" in part]
    return tuple((str(part["exercise"]), str(part.get("role", "more"))) for part in posed)
