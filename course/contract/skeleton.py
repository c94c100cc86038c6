"""The fixed form of a lesson, part by part."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from course.contract.complaint import Complaint
from course.lesson.parts import is_note
from course.lesson.source import Cell

_RECALL = "## Before you start"
_EXERCISES = "## Exercises"
_SUMMARY = "## What you can now explain"
_USED = "## Where it is used"
_OFFERED = ("hint", "replay", "solution")


def skeleton(cells: list[Cell]) -> Iterator[Complaint]:
    """Every part of the fixed form is there, in its order. Between the parts an instructor's note may stand."""
    cells = [cell for cell in cells if not is_note(cell.node)]
    yield from _head(cells)
    yield from _recall(cells)
    yield from _set_up(cells)
    yield from _teaching(cells)
    yield from _exercises(cells)
    yield from _end(cells)


def _text(cells: list[Cell], heading: str) -> str:
    """Return the Markdown from `heading` to the next heading of its level, or an empty text."""
    everything = "\n\n".join(cell.source for cell in cells if cell.node.cell_type == "markdown")
    _, found, rest = ("\n" + everything).partition("\n" + heading)
    return re.split(r"\n## ", rest)[0] if found else ""


def _missing(text: str, cell: int = 0) -> Complaint:
    return Complaint("skeleton", cell, text)


def _head(cells: list[Cell]) -> Iterator[Complaint]:
    head = cells[0].source if cells and cells[0].node.cell_type == "markdown" else ""
    if not re.match(r"# \d+ · \S", head):
        yield _missing("the first cell must begin with `# N · Title`", 1)
    if not re.search(r"About \d+ minutes to read and run, \d+ for the exercises?, by estimate\. Before this: ", head):
        yield _missing(
            "the first cell must say `About N minutes to read and run, M for the exercises, by estimate. "
            "Before this: …`",
            1,
        )
    if not re.search(r"\*\*[^*]+\?\*\*", head):
        yield _missing("the first cell must ask the lesson's question, in bold, with a question mark", 1)
    verbs = re.search(r"\*After this lesson you can…\*\n+((?:- .+\n?)+)", head)
    if not verbs or not 3 <= verbs[1].count("- ") <= 5:
        yield _missing("the first cell must list 3 to 5 things under `*After this lesson you can…*`", 1)


def _recall(cells: list[Cell]) -> Iterator[Complaint]:
    folded = _text(cells, _RECALL).count("<details>")
    if folded != 3:
        yield _missing(f"`{_RECALL}` must hold three questions with folded answers (<details>); it holds {folded}")


def _set_up(cells: list[Cell]) -> Iterator[Complaint]:
    code = next((cell for cell in cells if cell.is_code), None)
    if code is None:
        yield _missing("there is no code cell")
        return
    try:
        body = code.tree.body
    except SyntaxError:
        return  # another rule says so
    if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        yield _missing("the first code cell is the set-up: it holds imports only", code.number)
    if "make lab" not in code.source:
        yield _missing(
            "the set-up cell must say, in a comment, what to do when its imports fail: `make lab`", code.number
        )
    imported = {name.name for node in body if isinstance(node, ast.ImportFrom) for name in node.names}
    if "check" in imported and (lacking := [name for name in _OFFERED if name not in imported]):
        text = f"the set-up cell must import {', '.join(lacking)}: the panel of a failed check offers it"
        yield _missing(text, code.number)


def _teaching(cells: list[Cell]) -> Iterator[Complaint]:
    text = "\n".join(cell.source for cell in cells if cell.node.cell_type == "markdown")
    for marker, name in (("*Predict:*", "prediction"), ("**Change it:**", "invitation to change a cell")):
        if marker not in text:
            yield _missing(f"there is no {name} (`{marker}`)")
    for previous, cell in itertools.pairwise(cells):
        if (
            cell.node.cell_type == "markdown"
            and previous.node.cell_type == "markdown"
            and "*Predict:*" in previous.source
        ):
            yield _missing("a prediction is followed by the cell that answers it", previous.number)


def _exercises(cells: list[Cell]) -> Iterator[Complaint]:
    if not _text(cells, _EXERCISES):
        yield _missing(f"there is no `{_EXERCISES}`")
    stubs = {str(cell.course["exercise"]): cell for cell in cells if "exercise" in cell.course}
    checked = {}
    for cell in cells:
        for name in re.findall(r"^check\(\"(\w+)\"", cell.source, re.MULTILINE) if cell.is_code else []:
            checked[name] = cell
    for name, cell in stubs.items():
        if cell.course.get("role") not in ("core", "more"):
            yield _missing(f'the stub of {name!r} must say "role": "core" or "more"', cell.number)
        if name not in checked:
            yield _missing(f'the exercise {name!r} has a stub and no `check("{name}", …)` cell', cell.number)
    for name in checked.keys() - stubs.keys():
        yield _missing(f"the check of {name!r} has no stub cell with its metadata", checked[name].number)
    if not stubs:
        yield _missing("there is no exercise")


def _end(cells: list[Cell]) -> Iterator[Complaint]:
    points = re.findall(r"^\d\. ", _text(cells, _SUMMARY), re.MULTILINE)
    if len(points) != 5:
        yield _missing(f"`{_SUMMARY}` must hold five numbered lines; it holds {len(points)}")
    used = _text(cells, _USED)
    if not used.strip():
        yield _missing(f"there is no `{_USED}`")
    if "**Next:**" not in used:
        yield _missing(f"the end of `{_USED}` must name the next lesson (`**Next:** …`)")
