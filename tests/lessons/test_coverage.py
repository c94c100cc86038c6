"""The lessons still show every program, call, constant and claim that the course set out to hold."""

import ast
import re
import tomllib

import pytest

from course.lesson.manifest import ROOT, lessons
from course.lesson.notebook import read_notebook
from course.lesson.source import cells_of

WANTED = tomllib.loads((ROOT / "course" / "coverage.toml").read_text())
CELLS = [(lesson.number, cell) for lesson in lessons() for cell in cells_of(read_notebook(lesson.path)) if cell.is_code]
WRITTEN = {lesson.number for lesson in lessons()}
ALL_WRITTEN = set(range(9)) <= WRITTEN


def marked(key):
    """Return {(lesson, mark)} for what cells say under `key` in their metadata, such as "claims": "6, 49"."""
    return {
        (number, mark.strip())
        for number, cell in CELLS
        for mark in str(cell.course.get(key, "")).split(",")
        if mark.strip()
    }


def names_in_code():
    """Return the names that are called, and all that are mentioned, in the code of all lessons."""
    called, mentioned = set(), set()
    for _, cell in CELLS:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Call):
                called.add(ast.unparse(node.func).rpartition(".")[2])
            if isinstance(node, ast.Attribute):
                mentioned.add(node.attr)
            elif isinstance(node, ast.Name):
                mentioned.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                mentioned.update(re.findall(r"\w+", node.value))
    return called, mentioned


def planned(table):
    """Return {(lesson, mark)} of a table, for the lessons that are written."""
    rows = ((entry[0] if isinstance(entry, list) else entry, mark) for mark, entry in WANTED[table].items())
    return {(lesson, mark) for lesson, mark in rows if lesson in WRITTEN}


def test_every_claim_is_measured_in_its_lesson():
    missing = sorted(planned("claims") - marked("claims"))
    assert missing == []


def test_no_cell_names_a_claim_that_is_not_listed():
    assert not {mark for _, mark in marked("claims")} - set(WANTED["claims"])


def test_every_program_is_shown_in_its_lesson():
    missing = sorted(planned("programs") - marked("programs"))
    assert missing == []


def test_every_claim_is_quoted_where_it_is_measured():
    """No lesson measures a claim before it has quoted one."""
    for lesson in lessons():
        quoted, measured = 0, set()
        for cell in cells_of(read_notebook(lesson.path)):
            quoted += len(re.findall(r"\*\*Often said:\*\*", cell.source))
            measured |= {mark.strip() for mark in str(cell.course.get("claims", "")).split(",") if mark.strip()}
            boxes = (
                f"{lesson.name} cell {cell.number}: claims {sorted(measured)} are measured, with {quoted} boxes above"
            )
            assert bool(measured) <= bool(quoted), boxes


@pytest.mark.skipif(not ALL_WRITTEN, reason="calls and constants are counted over all lessons, once 0 to 8 are written")
def test_every_call_is_made():
    assert not {name for group in WANTED["calls"].values() for name in group} - names_in_code()[0]


@pytest.mark.skipif(not ALL_WRITTEN, reason="calls and constants are counted over all lessons, once 0 to 8 are written")
def test_every_constant_is_named():
    assert not {name for group in WANTED["constants"].values() for name in group} - names_in_code()[1]
