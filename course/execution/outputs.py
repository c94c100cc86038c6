"""`make outputs`: execute the lessons and store what they print."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbclient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course.execution.kernels import AsyncPrivateKernelManager
from course.lesson.notebook import read_notebook, to_bytes, without_outputs
from netlib.patience import patience

CELL_SECONDS = 20
MASKS = Path(__file__).with_name("masks.cfg")
# What a run on this machine would write into the file though the lesson does not depend on it.
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class OutputsError(Exception):
    """A lesson could not be executed. The text names the lesson, the cell and what it raised."""


def quiet_environment() -> dict[str, str]:
    """Return the environment for kernels that run lessons unwatched: no notices, no answers kept, labs as stills."""
    nowhere = str(Path(tempfile.gettempdir()) / "no-answers-here")  # progress() then shows a beginner's
    return os.environ | {
        "COURSE_NOTICES": "0",
        "COURSE_KEEP": "0",
        "COURSE_LABS": "0",
        "COURSE_ANSWERS": nowhere,
    }


def execute(notebook: NotebookNode, folder: Path, name: str) -> NotebookNode:
    """Return the notebook as executed in a fresh kernel that was started in `folder`.

    Raises:
        OutputsError: a cell raised, or took longer than its time.
    """
    fresh = without_outputs(notebook)
    client = nbclient.NotebookClient(
        fresh,
        timeout=int(patience(CELL_SECONDS)),
        kernel_name="python3",
        kernel_manager_class=AsyncPrivateKernelManager,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=quiet_environment())
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise OutputsError(f"{name}: {_plain(str(error))}") from error
    fresh.metadata.update(_METADATA)
    fresh.metadata.pop("widgets", None)
    return fresh


def _plain(text: str) -> str:
    """Return `text` without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def read_masks(path: Path = MASKS) -> list[tuple[re.Pattern[str], str]]:
    """Return the pairs (pattern, replacement) that nbval masks outputs with before it compares them."""
    rules: list[tuple[re.Pattern[str], str]] = []
    pattern = None
    for line in path.read_text().splitlines():
        key, _, value = line.partition(": ")
        if key == "regex":
            pattern = re.compile(value)
        elif key == "replace" and pattern is not None:
            rules.append((pattern, value))
    return rules


def masked(output: NotebookNode) -> str:
    """Return an output as text in which all that may differ from run to run is masked."""
    text = repr(output)
    for pattern, replacement in read_masks():
        text = pattern.sub(replacement, text)
    return text


def keep_what_did_not_change(old: NotebookNode, new: NotebookNode) -> None:
    """Put the old outputs back into `new` where they differ by masked parts alone: no noise in the history."""
    stored = {cell.id: cell for cell in old.cells if cell.cell_type == "code"}
    for cell in new.cells:
        before = stored.get(cell.id) if cell.cell_type == "code" else None
        if before is None or before.source != cell.source or len(before.outputs) != len(cell.outputs):
            continue
        pairs = zip(before.outputs, cell.outputs, strict=True)
        cell.outputs = [was if masked(was) == masked(now) else now for was, now in pairs]


def renew(paths: Iterable[Path]) -> list[str]:
    """Execute each notebook of `paths` and store its outputs; return a line for each.

    Raises:
        OutputsError: one could not be executed; its file is as it was.
    """
    said = []
    for path in paths:
        old = read_notebook(path)
        new = execute(old, path.parent, path.name)
        keep_what_did_not_change(old, new)
        content = to_bytes(new)
        changed = content != path.read_bytes()
        if changed:
            path.write_bytes(content)
        said.append(f"{path.name}: {'new outputs' if changed else 'as stored'}")
        print(said[-1], flush=True)
    return said
