"""The editions of every lesson: what the live one keeps, that all run, and where they are written."""

import copy
import re

import nbformat
import pytest

from course.__main__ import main
from course.editions.catch_up import lines_of
from course.editions.learner import learner
from course.editions.live import live
from course.editions.solved import solved
from course.execution.outputs import execute
from course.lesson.manifest import NOTEBOOKS
from course.lesson.notebook import read_notebook, to_bytes
from course.lesson.parts import code_cells, is_note, sections

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def notes_of(notebook):
    return [cell for cell in notebook.cells if is_note(cell)]


def prompts_of(edition):
    return [cell for cell in edition.cells if re.match(r"# \d+\.\d+ · ", cell.source) and cell.cell_type == "code"]


@each_lesson
def test_each_cell_outside_the_exercises_is_one_prompt(path):
    lesson = read_notebook(path)
    cells = [cell for cell in code_cells(lesson) if not cell.is_exercise][1:]
    prompts = prompts_of(live(lesson))
    assert [cell.id for cell in prompts] == [cell.id for cell in cells]
    number = int(path.stem[:2])
    for prompt, cell in zip(prompts, cells, strict=True):
        assert re.fullmatch(rf"# {number}\.{cell.number} · \S.*\n", prompt.source)
        assert "expect" not in prompt.source


@each_lesson
def test_what_catch_up_fetches_for_each_cell_is_the_prompt_and_the_lessons_code(path):
    lesson = lines_of(int(path.stem[:2]))
    prompts = {cell.id: cell.source.strip() for cell in prompts_of(live(read_notebook(path)))}
    for cell in lesson.cells:
        if cell.id in prompts:
            lines = lesson.text(cell).split("\n")
            lines.remove(prompts[cell.id])
            assert "\n".join(lines) == cell.source


@each_lesson
def test_the_live_edition_keeps_headings_questions_and_exercises_and_no_explanation(path):
    lesson, edition = read_notebook(path), live(read_notebook(path))
    nbformat.validate(edition)
    kept = "\n\n".join(cell.source for cell in edition.cells if cell.cell_type == "markdown" and not is_note(cell))
    prose = "\n\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown" and not is_note(cell))
    for mark in (r"^#+ .+$", r"\*Predict:\*.+", r"\*\*Change it:\*\*.+", r"\*\*Often said:\*\*.+"):
        assert re.findall(mark, kept, re.MULTILINE) == re.findall(mark, prose, re.MULTILINE)
    exercises = prose.partition("\n## Exercises")[2].partition("\n## ")[0]
    assert exercises in kept
    assert kept.count("</details>") == kept.count("<details>") == prose.count("</details>")
    assert len(kept) < 0.7 * len(prose)


@each_lesson
def test_each_note_stands_unfolded_under_the_heading_of_its_section(path):
    lesson, edition = read_notebook(path), live(read_notebook(path))
    assert sections(folded(edition)) == sections(lesson)
    assert len(notes_of(edition)) == len(notes_of(lesson))
    for place, cell in enumerate(edition.cells):
        if is_note(cell):
            assert cell.source.startswith("<details open>")
            assert edition.cells[place - 1].source.splitlines()[-1].startswith("## ")


def folded(edition):
    edition = copy.deepcopy(edition)
    for cell in notes_of(edition):
        cell.source = cell.source.replace("<details open>", "<details>", 1)
    return edition


@each_lesson
def test_the_learners_copy_and_the_solved_edition_hold_no_note(path):
    lesson = read_notebook(path)
    assert not notes_of(learner(lesson)) + notes_of(solved(lesson))


@each_lesson
def test_an_edition_is_the_same_each_time_and_leaves_the_lesson_as_it_is(path):
    lesson = read_notebook(path)
    before = copy.deepcopy(lesson)
    for edition in (learner, solved, live):
        assert to_bytes(edition(lesson)) == to_bytes(edition(lesson))
    assert lesson == before


@each_lesson
def test_the_live_edition_runs_and_catch_up_all_brings_what_the_lesson_defines(path):
    """Run untyped, with `%catch_up all` at the last prompt: each name that the prompts before it promise is there."""
    edition = live(read_notebook(path))
    last = prompts_of(edition)[-1]
    last.source += "%catch_up all"
    before = [cell for cell in code_cells(read_notebook(path)) if cell.number < place_of(last)]
    edition.cells.insert(edition.cells.index(last) + 1, nbformat.v4.new_code_cell("print(*dir())"))
    ran = execute(edition, path.parent, path.name)
    said, names = (cell.outputs[0].text for cell in ran.cells[edition.cells.index(last) :][:2])
    assert said == f"ran the lesson's cells {int(path.stem[:2])}.1 to {before[-1].number}\n"
    needed = [re.findall(r"def (\w+)|class (\w+)|→ (.+)", cell.source) for cell in prompts_of(edition)[:-1]]
    promised = {name for found in needed for groups in found for name in ", ".join(groups).split(", ") if name}
    assert promised
    assert promised <= set(names.split())


def place_of(prompt):
    return int(re.match(r"# \d+\.(\d+)", prompt.source)[1])


def test_an_edition_is_written_where_nothing_is(tmp_path, capsys):
    assert main(["live", "03", "server_lifecycle", "--to", str(tmp_path / "new")]) == 0
    path = tmp_path / "new" / "03_server_lifecycle.ipynb"
    assert path.read_bytes() == to_bytes(live(read_notebook(NOTEBOOKS / path.name)))
    assert main(["solved", "0", "--to", str(tmp_path)]) == 0
    assert "00_start_here.ipynb" in capsys.readouterr().out


def test_nothing_is_overwritten(tmp_path, capsys):
    (tmp_path / "03_server_lifecycle.ipynb").write_text("typed")
    assert main(["live", "00", "03", "--to", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["03_server_lifecycle.ipynb"]
    assert (tmp_path / "03_server_lifecycle.ipynb").read_text() == "typed"


def test_a_target_that_is_no_folder_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["live", "03", "--to", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_an_unknown_lesson_is_answered_with_those_there_are(tmp_path, capsys):
    assert main(["live", "quic", "--to", str(tmp_path)]) == 2
    assert "no lesson 'quic'; there are: 00_start_here" in capsys.readouterr().err


def test_a_damaged_notebook_is_named(tmp_path):
    from course.editions.written import write_edition
    from course.lesson.notebook import LessonError

    (tmp_path / "03_broken.ipynb").write_text('{"cells": [')
    with pytest.raises(LessonError, match="03_broken.ipynb is not a readable notebook"):
        write_edition("live", ["03"], tmp_path / "live", tmp_path)
    assert not (tmp_path / "live").exists()


@pytest.mark.parametrize("command", ["live", "solved"])
def test_help_says_what_is_written_where(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "a number (3, 03) or a name" in said
    assert f"without it: {command}/" in said
    assert "Nothing is overwritten" in said
