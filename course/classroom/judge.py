"""One kept answer checked here, in this process: the row."""

from __future__ import annotations

import time
from pathlib import Path

from course.checker import Verdict
from course.classroom.rows import Row
from course.exercises.checking import check_file
from course.exercises.registry import UnknownExercise, find


def verify(path: Path) -> Row:
    """Return the result for one file. Never raises for what the file holds or how it is called."""
    began = time.perf_counter()
    try:
        verdict = check_file(find(path.stem), path)
    except UnknownExercise as error:
        return unknown_exercise(path, error)
    except OSError as error:  # of reading the file: what a check is refused is its verdict
        return unreadable(path, error.strerror or str(error))
    return _row(path, verdict, time.perf_counter() - began)


def unknown_exercise(path: Path, error: UnknownExercise) -> Row:
    """Return the row for a file whose name is no exercise's."""
    text = f"{path.name} is named after no exercise. {error}"
    return Row(path.stem, str(path), "unknown", "", "unknown-exercise", 0.0, text)


def unreadable(path: Path, reason: str) -> Row:
    """Return the row for a file that cannot be read."""
    return Row(path.stem, str(path), "unknown", "", "unreadable", 0.0, f"{path.name} cannot be read: {reason}.")


def _row(path: Path, verdict: Verdict, seconds: float) -> Row:
    diagnosis = verdict.diagnosis
    return Row(
        verdict.exercise,
        str(path),
        verdict.outcome,
        verdict.case,
        diagnosis.name if diagnosis else "",
        round(seconds, 3),
        diagnosis.text if diagnosis else "",
    )
