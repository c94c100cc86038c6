"""A lesson run under watch: every section twice, every cell twice, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from course.contract.complaint import Complaint
from course.contract.session import Run, Session, session
from course.execution.outputs import CELL_SECONDS, masked
from course.lesson.source import Cell, Section, sections_of
from netlib.patience import patience

AGAIN_SECONDS = 3.0  # one that blocks never ends; on a busy machine some that end took more than one second


def run_sections_twice(notebook: NotebookNode, folder: Path) -> list[Complaint]:
    """Run each section twice in a row: both runs succeed, print the same, and leave nothing behind."""
    found: list[Complaint] = []
    with session(folder) as kernel:
        for section in sections_of(notebook):
            first = _run_section(kernel, section, found)
            if found:
                return found  # what follows would only repeat it
            second = _run_section(kernel, section, found)
            for cell, one, two in zip(section.cells, first, second, strict=False):
                found += _compare(cell, one, two)
            if found:
                return found
    return found


def _run_section(kernel: Session, section: Section, found: list[Complaint]) -> list[Run]:
    runs = []
    for cell in section.cells:
        run = kernel.run(cell.source, patience(CELL_SECONDS))
        runs.append(run)
        found += _watch(kernel, cell)
        if run.timed_out:
            found.append(Complaint("ends", cell.number, f"did not end within {patience(CELL_SECONDS):g} s"))
        elif run.error:
            found.append(Complaint("succeeds", cell.number, run.error))
        if run.timed_out or run.error:
            return runs
    last = section.cells[-1].number if section.cells else 0
    found += [
        Complaint("nothing_left", last, f"at the end of section {section.title!r}, {one}")
        for one in kernel.probe("left")
    ]
    return runs


def _watch(kernel: Session, cell: Cell) -> list[Complaint]:
    """Return what went wrong unseen in `cell`."""
    excused = "not-loopback" in cell.course
    return [
        Complaint("loopback_only" if "loopback" in one else "nothing_unseen", cell.number, one)
        for one in kernel.probe("seen")
        if not (excused and "loopback" in one)
    ]


def _compare(cell: Cell, one: Run, two: Run) -> list[Complaint]:
    if "nbval-ignore-output" in cell.tags or "once" in cell.course:
        return []
    texts = [[masked(output) for output in run.outputs] for run in (one, two)]
    if texts[0] == texts[1]:
        return []
    return [
        Complaint("same_again", cell.number, f"prints something else in its second run: {texts[0]} then {texts[1]}")
    ]


def run_cells_twice(notebook: NotebookNode, folder: Path) -> list[Complaint]:
    """Run each cell twice in a row: the second run succeeds or fails at once, and never blocks.

    Each cell is tried from the start of its section, because a second `accept` leaves another world to what follows.
    """
    found: list[Complaint] = []
    with session(folder) as kernel:
        for section in sections_of(notebook):
            for place, cell in enumerate(section.cells):
                if "once" not in cell.course:
                    found += _run_again(kernel, section.cells[: place + 1])
            for cell in section.cells:  # as the lesson goes, for what the next section needs of it
                kernel.run(cell.source, patience(CELL_SECONDS))
            kernel.probe("clean")
    return found


def _run_again(kernel: Session, cells: list[Cell]) -> list[Complaint]:
    for cell in cells:
        kernel.run(cell.source, patience(CELL_SECONDS))
    seconds = patience(AGAIN_SECONDS)
    again = kernel.run(cells[-1].source, seconds)
    kernel.probe("clean")
    if again.timed_out:
        text = f"run a second time, it does not end within {seconds:g} s; make it fail, or say once: reason"
        return [Complaint("twice", cells[-1].number, text)]
    return []
