"""A verdict as a cell shows it."""

from __future__ import annotations

from course.checker import Verdict
from course.exercises.display import Shown, paragraph


def panel(verdict: Verdict, note: str = "") -> Shown:
    """Return the panel of `verdict`, with `note` as a quiet last line."""
    lines = [
        f"{verdict.exercise}: {verdict.outcome}",
        verdict.case,
        verdict.diagnosis.text if verdict.diagnosis else "",
        note,
    ]
    lines = [line for line in lines if line]
    return Shown("\n".join(lines), "".join(map(paragraph, lines)))
