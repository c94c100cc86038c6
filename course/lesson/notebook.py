"""A notebook as a file: read in the current format, written as the same bytes, stripped of its outputs."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode


class LessonError(Exception):
    """A lesson is missing or damaged. The text names the file and what is wrong with it."""


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook in the current format.

    Raises:
        LessonError: the file cannot be read or is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise LessonError(f"{path}: {error.strerror}") from error
    except Exception as error:  # nbformat raises many kinds for what is damaged
        raise LessonError(f"{path} is not a readable notebook: {damage(path.read_bytes()) or error}") from error


def damage(content: bytes) -> str:
    """Return why the bytes of a file are no notebook, "" if they are one; in any format that editors write."""
    if not content.strip():
        return "it is empty"
    if b"\n<<<<<<< " in content or content.startswith(b"<<<<<<< "):
        return (
            "it holds the conflict markers of a merge. In its folder, `git checkout --theirs FILE` takes the course's "
            "text and `git checkout --ours FILE` yours; `git merge --abort` undoes the whole merge"
        )
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return "it is cut off or damaged; `git checkout -- FILE` brings back what git has of it"
    if not isinstance(read, dict) or "nbformat" not in read or not {"cells", "worksheets"} & set(read):
        return "it is JSON, and no notebook"
    return ""


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which no cell has run."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes of its file: the same notebook always gives the same bytes."""
    text: str = nbformat.writes(notebook, version=4)
    return text.rstrip("\n").encode() + b"\n"
