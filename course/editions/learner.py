"""The learner's copy of a lesson, as `work/` holds it."""

from __future__ import annotations

from nbformat import NotebookNode

from course.lesson.notebook import without_outputs
from course.lesson.parts import is_note


def learner(notebook: NotebookNode) -> NotebookNode:
    """Return the learner's copy: no outputs, so that nothing spoils a prediction, and no instructor's notes."""
    copied = without_outputs(notebook)
    copied.cells = [cell for cell in copied.cells if not is_note(cell)]
    return copied
