"""Every exercise against all its answers: what is right passes, what is wrong gets its own diagnosis."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from course.checker import Answer, run_check
from course.exercises.reference import reference_text
from course.exercises.registry import exercises

ANSWERS = Path(__file__).resolve().parents[1] / "answers"
EXERCISES = exercises()
FILES = sorted(path for path in ANSWERS.glob("*/*.py") if path.parent.name in EXERCISES)
RIGHT = [path for path in FILES if path.name.startswith("right_")]
WRONG = [path for path in FILES if path.name.startswith("wrong_")]


def verdict(name, text):
    exercise = EXERCISES[name]
    return run_check(name, exercise.check, [Answer(callable_name, text) for callable_name in exercise.names])


def named(path):
    return f"{path.parent.name}/{path.stem}"


def wanted_diagnosis(path):
    found = re.match(r"# diagnosis: ([a-z0-9-]+)\n", path.read_text())
    assert found, f"{named(path)} must begin with a line like '# diagnosis: one-recv'"
    return found[1]


def stub(name):
    """The reference with nothing left in its bodies but a docstring and three dots."""
    tree = ast.parse(reference_text(EXERCISES[name]))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Expr(ast.Constant("What to do.")), ast.Expr(ast.Constant(...))]
    return ast.unparse(tree)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes(name):
    found = verdict(name, reference_text(EXERCISES[name]))
    assert found.outcome == "passed", found
    assert found.passed_cases == found.total_cases > 0


@pytest.mark.parametrize("name", EXERCISES)
def test_the_untouched_stub_is_not_started(name):
    assert verdict(name, stub(name)).outcome == "not started"


@pytest.mark.parametrize("path", RIGHT, ids=named)
def test_a_right_answer_passes(path):
    found = verdict(path.parent.name, path.read_text())
    assert found.outcome == "passed", found


@pytest.mark.parametrize("path", WRONG, ids=named)
def test_a_wrong_answer_gets_its_own_diagnosis(path):
    found = verdict(path.parent.name, path.read_text())
    assert found.outcome == "not yet"
    assert found.diagnosis is not None
    assert found.diagnosis.name == wanted_diagnosis(path), found
    assert found.seconds < 4


@pytest.mark.parametrize("name", EXERCISES)
def test_there_are_enough_answers_to_trust_the_checker(name):
    folder = ANSWERS / name
    assert len(list(folder.glob("right_*.py"))) >= 10  # styles: a right answer is never refused
    assert len(list(folder.glob("wrong_*.py"))) >= 8


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_says_what_it_is_and_has_two_to_four_hints(name):
    exercise = EXERCISES[name]
    assert exercise.title
    assert 2 <= len(exercise.hints) <= 4
