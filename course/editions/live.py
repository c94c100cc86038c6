"""The edition for live coding: headings, questions, prompts, exercises, and the instructor's notes.

The speaker types what the lesson's cells hold, each under its one-line prompt: `# 3.5 · listener.bind → address`.
The prompt's number is what `%catch_up` goes by. A kernel does not see a cell's metadata, and not every front end tells
it which cell it runs; a number in the cell's text is there everywhere, survives copying, and can be said aloud. It is
the number that stands in brackets beside the cell in the published lesson.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from nbformat import NotebookNode, v4

from course.lesson.parts import EXERCISES, WITHOUT_NOTE, CodeCell, code_cells, headings, is_note
from course.lesson.prompts import prompt

RECALL = "Before you start"
EXTENSION = "%load_ext course.editions.catch_up"
_FENCE = re.compile(r"^(```|~~~)", re.MULTILINE)
_KEPT = re.compile(r"#|\*\*Change it:\*\*|> \*\*Often said:\*\*")


def live(notebook: NotebookNode) -> NotebookNode:
    """Return the edition that a speaker types into. The lesson is not changed.

    Prose is reduced to headings and questions; exercises, recall and set-up stay. Each section's note stands right
    under its heading, unfolded.
    """
    lesson = copy.deepcopy(notebook)
    numbered = {cell.id: cell for cell in code_cells(lesson)}
    edition = v4.new_notebook(metadata=lesson.metadata)
    section, whole = "", False
    for cell, notes in _with_notes(lesson.cells):
        section = (headings(cell) or [section])[-1]
        whole = section in (EXERCISES, RECALL)
        if cell.cell_type == "code":
            edition.cells += [_code(cell, numbered, lesson, whole)] if cell.source.strip() else []
        else:
            edition.cells += _prose(cell, notes, whole)
    return edition


def _with_notes(cells: list[NotebookNode]) -> Iterator[tuple[NotebookNode, list[NotebookNode]]]:
    """Yield each cell that is no note, with the notes on the section that it begins."""
    for place, cell in enumerate(cells):
        if is_note(cell):
            continue
        notes: list[NotebookNode] = []
        if headings(cell):
            for later in cells[place + 1 :]:
                if headings(later):
                    break
                notes += [later] if is_note(later) else []
        yield cell, notes


def _code(cell: NotebookNode, numbered: dict[str, CodeCell], lesson: NotebookNode, whole: bool) -> NotebookNode:
    emptied = v4.new_code_cell(cell.source, id=cell.id)
    this = numbered[cell.id]
    if whole:
        emptied.metadata = cell.metadata
    if this.number == 1:
        emptied.source = f"{cell.source}\n\n{EXTENSION}"
    elif not whole:
        emptied.source = prompt(lesson, this) + "\n"
    return emptied


def _prose(cell: NotebookNode, notes: list[NotebookNode], whole: bool) -> list[NotebookNode]:
    """Return what is left of a cell of prose, cut after the headings that notes belong under."""
    made: list[NotebookNode] = []
    together: list[str] = []
    waiting = list(notes)
    for part in _paragraphs(cell.source):
        if not (whole or _asks(part)):
            continue
        together.append(part)
        if part.startswith("## ") and part[3:].strip() not in WITHOUT_NOTE and waiting:
            made += [_markdown(cell, together, len(made)), _unfolded(waiting.pop(0))]
            together = []
    if together:
        made.append(_markdown(cell, together, len(made)))
    return made


def _markdown(cell: NotebookNode, parts: list[str], place: int) -> NotebookNode:
    return v4.new_markdown_cell("\n\n".join(parts), id=f"{cell.id}-{place}" if place else cell.id)


def _unfolded(note: NotebookNode) -> NotebookNode:
    text = note.source.replace("<details>", "<details open>", 1)
    return v4.new_markdown_cell(text, id=note.id, metadata=note.metadata)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of Markdown; what is fenced or folded stays in one piece."""
    found: list[str] = []
    for part in re.split(r"\n[ \t]*\n", text.strip()):
        open_before = found and (
            len(_FENCE.findall(found[-1])) % 2 or found[-1].count("<details") > found[-1].count("</details>")
        )
        if open_before:
            found[-1] += "\n\n" + part
        else:
            found.append(part.strip("\n"))
    return found


def _asks(paragraph: str) -> bool:
    """Whether a paragraph is a heading, a question to the reader or a claim to be measured."""
    is_question = re.fullmatch(r"\*\*[^*]+\?\*\*", paragraph)
    minutes = paragraph.startswith("About ")
    return bool(_KEPT.match(paragraph) or "*Predict:*" in paragraph or is_question or minutes)
