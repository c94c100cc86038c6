"""A verdict as a cell shows it, with what the exercises have to add."""

from __future__ import annotations

from course.checker import Verdict
from course.checker.told.panel import as_html, as_text
from course.exercises.display import Shown, paragraph


class Panel(Shown):
    """The panel of one check. `verdict` holds what it says as plain values."""

    def __init__(self, verdict: Verdict, note: str = "") -> None:
        text, html = as_text(verdict), as_html(verdict)
        if note:
            text, html = f"{text}\n\n  {note}", html + paragraph(note)
        super().__init__(text, html)
        self.verdict = verdict
