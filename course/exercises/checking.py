"""From what a learner gave to check(), or from a file, to a verdict."""

from __future__ import annotations

import contextlib
import inspect
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from course.checker import Answer, Diagnosis, Verdict, run_check
from course.exercises.answers import answers_from_file, answers_from_objects
from course.exercises.callsite import CallSite
from course.exercises.refusals import CannotStandAlone
from course.exercises.registry import Exercise

READING = "reading your answer"


def check_objects(
    exercise: Exercise, objects: Sequence[object], namespace: Mapping[str, Any], site: CallSite
) -> tuple[Verdict, tuple[Answer, ...]]:
    """Return the verdict on the objects given, and the answers as text (none when there is no such text)."""
    began = time.perf_counter()
    problem = _not_callable(exercise, objects, site)
    if problem:
        return _refused(exercise, problem, began), ()
    try:
        answers = answers_from_objects(exercise.names, objects, namespace, site)
    except CannotStandAlone as error:
        return _refused(exercise, error.diagnosis, began), ()
    return run_check(exercise.name, exercise.check, answers), answers


def check_file(exercise: Exercise, path: Path) -> Verdict:
    """Return the verdict on the file at `path`.

    Raises:
        OSError: the file cannot be read.
    """
    began = time.perf_counter()
    try:
        answers = answers_from_file(path, exercise.names)
    except CannotStandAlone as error:
        return _refused(exercise, error.diagnosis, began)
    return run_check(exercise.name, exercise.check, answers)


def _refused(exercise: Exercise, diagnosis: Diagnosis, began: float) -> Verdict:
    seconds = time.perf_counter() - began
    return Verdict(exercise.name, "not yet", case=READING, diagnosis=diagnosis, seconds=seconds)


def _not_callable(exercise: Exercise, objects: Sequence[object], site: CallSite) -> Diagnosis | None:
    """Return why the objects are not what the exercise asks for, or None."""
    wanted = ", ".join((f'"{exercise.name}"', *exercise.names))
    ask = f"Give it {'the function itself' if len(exercise.names) == 1 else 'both, in this order'}: `check({wanted})`."
    if len(objects) != len(exercise.names):
        given = {0: "nothing", 1: "one thing"}.get(len(objects), f"{len(objects)} things")
        return Diagnosis("wrong-count", f"You gave check() {given} besides the name of the exercise. {ask}")
    for number, value in enumerate(objects):
        if callable(value):
            continue
        source = site.arguments[number + 1] if len(site.arguments) == len(objects) + 1 else ""
        what = f"`{source}`, which is" if source and "\n" not in source else "something that is"
        with contextlib.suppress(AttributeError):
            value.close() if inspect.iscoroutine(value) else None  # else Python warns that it was never awaited
        return Diagnosis("not-a-function", f"You gave check() {what} {_a(type(value).__name__)} and no function. {ask}")
    return None


def _a(kind: str) -> str:
    return "None" if kind == "NoneType" else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
