"""Editions of a lesson, each a pure function from notebook to notebook: the lesson stays the only source."""

from __future__ import annotations

import copy

import nbformat
from nbformat import NotebookNode

from course.lesson.parts import is_note
from course.live_edition import live

__all__ = ["learner", "live", "solved", "to_bytes", "without_outputs"]


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which no cell has run."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def learner(notebook: NotebookNode) -> NotebookNode:
    """Return the learner's copy: no outputs, so that nothing spoils a prediction, and no instructor's notes."""
    copied = without_outputs(notebook)
    copied.cells = [cell for cell in copied.cells if not is_note(cell)]
    return copied


def solved(notebook: NotebookNode) -> NotebookNode:
    """Return the lesson with the reference answer in each stub, and without the cells that fail on purpose.

    Raises:
        UnknownExercise: a stub names an exercise that does not exist.
    """
    from course.exercises.reference import reference_text
    from course.exercises.registry import find

    copied = learner(notebook)
    copied.cells = [cell for cell in copied.cells if "fails-on-purpose" not in cell.metadata.get("course", {})]
    for cell in copied.cells:
        name = cell.metadata.get("course", {}).get("exercise")
        if name:
            cell.source = reference_text(find(name))
    return copied


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes of its file: the same notebook always gives the same bytes."""
    text: str = nbformat.writes(notebook, version=4)
    return text.rstrip("\n").encode() + b"\n"
