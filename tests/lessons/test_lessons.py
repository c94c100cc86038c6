"""Every lesson keeps the contract: as it is read, and as it runs."""

import importlib
from pathlib import Path

import pytest

from course.contract import complaints
from course.contract.live import run_cells_twice, run_sections_twice
from course.lesson.manifest import NOTEBOOKS, ROOT, find_lesson, lessons, read_lesson
from course.lesson.notebook import LessonError, read_notebook
from course.lesson.source import cells_of

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
ALL = [*LESSONS, ROOT / "docs" / "lesson_template.ipynb"]
each_notebook = pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)


def told(found):
    return "\n".join(str(complaint) for complaint in found)


@each_notebook
def test_the_rules_are_kept_in(path):
    assert not (found := complaints(read_notebook(path))), told(found)


@each_notebook
def test_every_section_can_be_run_twice_in(path):
    assert not (found := run_sections_twice(read_notebook(path), path.parent)), told(found)


@each_notebook
def test_no_cell_blocks_when_it_is_run_twice_in(path):
    assert not (found := run_cells_twice(read_notebook(path), path.parent)), told(found)


def test_every_lesson_has_a_number_of_its_own_in_the_order_of_the_files():
    numbers = [lesson.number for lesson in lessons()]
    assert len(numbers) == len(LESSONS)
    assert numbers == sorted(set(numbers))


def exercises_in_lessons():
    return {
        (lesson.number, cell.course["exercise"])
        for lesson in lessons()
        for cell in cells_of(read_notebook(lesson.path))
        if "exercise" in cell.course
    }


def test_every_exercise_of_a_lesson_has_its_module_and_the_other_way_round():
    folder = Path(importlib.import_module("course.exercises").__file__).parent
    modules = {
        (int(path.parent.name.removeprefix("lesson")), path.stem)
        for path in folder.glob("lesson*/*.py")
        if path.stem != "__init__"
    }
    assert modules == exercises_in_lessons()


@pytest.mark.parametrize("wanted", ["0", "00", "00_start_here", "start_here", "notebooks/00_start_here.ipynb"])
def test_a_lesson_is_found_by(wanted):
    assert find_lesson(wanted).name == "00_start_here"


def test_an_unknown_lesson_is_answered_with_those_there_are():
    with pytest.raises(LessonError, match="no lesson 'quic'; there are: 00_start_here"):
        find_lesson("quic")


def test_a_damaged_notebook_is_named(tmp_path):
    (tmp_path / "03_broken.ipynb").write_text('{"cells": [')
    with pytest.raises(LessonError, match="03_broken.ipynb is not a readable notebook"):
        lessons(tmp_path)


def test_a_misnamed_notebook_is_named(tmp_path):
    (tmp_path / "Untitled.ipynb").write_text("{}")
    with pytest.raises(LessonError, match="Untitled.ipynb: a lesson is called NN_name.ipynb"):
        read_lesson(tmp_path / "Untitled.ipynb")


def test_a_folder_without_lessons_is_named(tmp_path):
    with pytest.raises(LessonError, match="there is no lesson in"):
        lessons(tmp_path)
