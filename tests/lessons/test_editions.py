"""The editions that are computed from a lesson: each is a pure function of it, and runs."""

import copy
import re

import nbformat
import pytest

from course.editions.learner import learner
from course.editions.solved import solved
from course.execution.outputs import OutputsError, execute
from course.lesson.manifest import NOTEBOOKS
from course.lesson.notebook import read_notebook, to_bytes

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def texts(notebook):
    return [str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@each_lesson
def test_in_the_solved_edition_every_panel_says_passed(path, monkeypatch):
    monkeypatch.setenv("STRICT", "1")
    edition = solved(read_notebook(path))
    checks = sum(len(re.findall(r"^check\(", cell.source, re.MULTILINE)) for cell in edition.cells)
    executed = execute(edition, path.parent, path.name)
    panels = [text for text in texts(executed) if ": passed" in text]
    assert len(panels) == checks > 0


def test_under_strict_an_answer_that_did_not_pass_stops_the_notebook(monkeypatch):
    monkeypatch.setenv("STRICT", "1")
    path = LESSONS[0]
    with pytest.raises(OutputsError, match="not yet"):
        execute(learner(read_notebook(path)), path.parent, path.name)


@each_lesson
def test_an_edition_does_not_change_the_lesson(path):
    notebook = read_notebook(path)
    before = copy.deepcopy(notebook)
    for edition in (learner, solved):
        assert to_bytes(edition(notebook)) == to_bytes(edition(notebook))
    assert notebook == before


def test_the_learners_copy_has_every_cell_but_the_instructors():
    notes = nbformat.v4.new_markdown_cell("draw this", metadata={"tags": ["instructor"]})
    notebook = nbformat.v4.new_notebook(cells=[notes, nbformat.v4.new_code_cell("1")])
    assert [cell.source for cell in learner(notebook).cells] == ["1"]
