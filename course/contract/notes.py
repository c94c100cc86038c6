"""The instructor's notes of a lesson: their form, their length, one for each section, and minutes that add up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from course.contract.complaint import Complaint
from course.lesson.notebook import LessonError
from course.lesson.parts import EXERCISES, WITHOUT_NOTE, is_note, read_note, sections
from course.lesson.source import Cell

MOST_WORDS = 60
SHARE = 0.2  # by which the sections' minutes may differ from the first cell's: both are estimates


def instructor_notes(cells: list[Cell]) -> Iterator[Complaint]:
    """Each section has one note in its form, and their minutes add up to those that the first cell says."""
    notes = [cell for cell in cells if is_note(cell.node)]
    broken = [complaint for cell in notes for complaint in _form(cell)]
    yield from broken
    if not broken:
        yield from _one_each(cells)
        yield from _sums(cells)


def _form(cell: Cell) -> Iterator[Complaint]:
    if cell.node.cell_type != "markdown":
        yield _complaint("a cell with the tag `instructor` is Markdown", cell.number)
        return
    try:
        words = len(read_note(cell.source).text.split())
    except LessonError as error:
        yield _complaint(str(error), cell.number)
        return
    if words > MOST_WORDS:
        yield _complaint(f"{words} words; a note has at most {MOST_WORDS}: it is read while speaking", cell.number)


def _one_each(cells: list[Cell]) -> Iterator[Complaint]:
    for section in sections(_notebook(cells)):
        wanted = 0 if section.title in WITHOUT_NOTE else 1
        if len(section.notes) != wanted:
            text = f"the section {section.title!r} has {len(section.notes)} instructor's notes, and not {wanted}"
            yield _complaint(text)


def _sums(cells: list[Cell]) -> Iterator[Complaint]:
    said = re.search(r"About (\d+) minutes to read and run, (\d+) for", cells[0].source)
    known = sections(_notebook(cells))
    if not said or EXERCISES not in [section.title for section in known]:
        return  # another rule says so
    exercises = sum(section.minutes for section in known if section.title == EXERCISES)
    reading = sum(section.minutes for section in known) - exercises
    for what, minutes, wanted in (("to read and run", reading, said[1]), ("for the exercises", exercises, said[2])):
        if abs(minutes - int(wanted)) > SHARE * int(wanted):
            yield _complaint(f"the notes give {minutes} minutes {what}, and the first cell {wanted}")


def _notebook(cells: list[Cell]) -> NotebookNode:
    return NotebookNode(cells=[cell.node for cell in cells])


def _complaint(text: str, cell: int = 0) -> Complaint:
    return Complaint("instructor_notes", cell, text)
