"""A lesson in its parts: its sections with the instructor's notes on them, and its code cells with their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from course.lesson.notebook import LessonError

EXERCISES = "Exercises"
# The end of a lesson is one part of a class. Its note stands under its last heading; the glossary is for looking up.
WITHOUT_NOTE = {"What you can now explain", "Glossary"}
NOTE_FORM = "<details><summary>For the instructor: N minutes</summary>"
_NOTE = re.compile(
    r"<details><summary>For the instructor: (\d+) minutes?</summary>\s*\n\n(.+?)\n*</details>\s*", re.DOTALL
)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """What the instructor is told about a section. `text` is Markdown; `minutes` are those of the section in class."""

    minutes: int
    text: str


@dataclass
class Section:
    """The part of a lesson under one `## ` heading. A taught lesson has one note in each."""

    title: str
    notes: list[Note] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """The minutes of its notes together."""
        return sum(note.minutes for note in self.notes)


@dataclass(frozen=True)
class CodeCell:
    """A code cell of a lesson. `number` counts them from 1: it is the number in brackets in the published lesson."""

    number: int
    id: str
    source: str
    section: str

    @property
    def is_exercise(self) -> bool:
        """Whether it is the class's to write, not the speaker's."""
        return self.section == EXERCISES


def is_note(cell: NotebookNode) -> bool:
    """Tell whether a cell speaks to the instructor alone."""
    return "instructor" in cell.metadata.get("tags", [])


def read_note(source: str) -> Note:
    """Return what an instructor's cell says.

    Raises:
        LessonError: it has not the form that the minutes are read from.
    """
    found = _NOTE.fullmatch(source)
    if not found:
        first = source.partition("\n")[0]
        raise LessonError(
            f"an instructor's note begins with {first!r}; it must begin with {NOTE_FORM!r}, then an empty line, "
            "the note, and </details>"
        )
    return Note(int(found[1]), found[2].strip())


def headings(cell: NotebookNode) -> list[str]:
    """Return the titles of the sections that a cell of prose begins."""
    if cell.cell_type != "markdown" or is_note(cell):
        return []
    return [title.strip() for title in _HEADING.findall(cell.source)]


def sections(notebook: NotebookNode) -> list[Section]:
    """Return the sections of a lesson in order, each with its notes. What stands before the first is left out.

    A note belongs to the heading above it; several notes behind a cell with several headings, to these in order.

    Raises:
        LessonError: a note has not the form that its minutes are read from.
    """
    found: list[Section] = []
    begun: list[Section] = []  # by the last cell with headings, which may have several
    for cell in notebook.cells:
        if titles := headings(cell):
            begun = [Section(title) for title in titles]
            found += begun
        if is_note(cell) and begun:
            waiting = [one for one in begun if one.title not in WITHOUT_NOTE and not one.notes]
            (waiting or begun[-1:])[0].notes.append(read_note(cell.source))
    return found


def code_cells(notebook: NotebookNode) -> list[CodeCell]:
    """Return the code cells of a lesson that are not blank, numbered from 1, each with the title of its section."""
    found: list[CodeCell] = []
    section = ""
    for cell in notebook.cells:
        section = (headings(cell) or [section])[-1]
        if cell.cell_type == "code" and cell.source.strip():
            found.append(CodeCell(len(found) + 1, cell.get("id", ""), cell.source, section))
    return found
