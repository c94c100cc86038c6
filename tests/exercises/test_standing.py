"""progress(): read from the kept answers and the lessons, the same on each run."""

import json
from pathlib import Path

import pytest

from course.exercises import registry, standing, store
from course.exercises.registry import course_order, exercises, find


def notebook(folder: Path, name: str, *posed: tuple[str, str]) -> None:
    cells = [{"cell_type": "markdown", "metadata": {}}]
    cells += [{"metadata": {"course": {"exercise": one, "role": role}}} for one, role in posed]
    (folder / name).write_text(json.dumps({"cells": cells}))


@pytest.fixture(autouse=True)
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook(folder, "00_start_here.ipynb", ("shout", "core"))
    notebook(folder, "03_server_lifecycle.ipynb", ("echo_once", "more"), ("not_written_yet", "core"))
    monkeypatch.setattr(standing, "course_order", lambda: course_order(folder))
    monkeypatch.setenv("COURSE_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.delenv("COURSE_KEEP", raising=False)
    return folder


def line_of(name: str) -> str:
    return next(line for line in standing.overview().text.splitlines() if f" {name} " in line)


def test_lessons_give_order_and_role_and_only_written_exercises_count(lessons):
    places = {place.exercise.name: (place.lesson, place.role) for place in course_order(lessons)}
    assert places["shout"] == ("00_start_here", "core")
    assert places["echo_once"] == ("03_server_lifecycle", "more")
    assert "not_written_yet" not in places
    assert set(places) == set(exercises())
    assert [place.exercise.lesson for place in course_order(lessons)] == sorted(e.lesson for e in exercises().values())


def test_a_damaged_notebook_hides_no_exercise(lessons):
    for content in ("", "[]", "{}", '{"cells": [1]}', '{"cells": [{"metadata": {"course": 3}}]}'):
        (lessons / "03_server_lifecycle.ipynb").write_text(content)
        assert "echo_once" in {place.exercise.name for place in course_order(lessons)}


def test_each_state_has_its_words_and_the_first_core_exercise_not_passed_is_next(lessons):
    assert "next ten-minute step: `shout` in lesson 00" in standing.overview().text
    store.keep("shout", "a", "not yet")
    assert "not yet" in line_of("shout")
    store.keep("shout", "b", "passed")
    assert line_of("shout").split()[:4] == ["✓", "shout", "core", "passed"]
    assert "step: `shout`" not in standing.overview().text
    store.keep("shout", "c", "not yet")
    assert "not yet right" in line_of("shout")
    assert "step: `shout`" not in standing.overview().text


def test_an_answer_edited_by_hand_asks_for_make_check():
    store.keep("shout", "a", "not yet")
    path = store.folder() / "shout.py"
    path.write_text(path.read_text() + "b")
    assert "make check" in line_of("shout")


def test_when_all_is_passed_it_says_so():
    for name in exercises():
        store.keep(name, "right", "passed")
    assert standing.overview().text.endswith("Every exercise is passed.")


def test_every_exercise_has_what_the_facade_needs():
    for exercise in exercises().values():
        assert exercise.title
        assert 2 <= len(exercise.hints) <= 4
        assert len(exercise.solutions) == len(exercise.names)
        assert exercise.names[0].lower() == exercise.name.replace("_", "") or exercise.names[0] == exercise.name
        assert callable(exercise.check)


def test_an_unknown_name_lists_the_nearest_or_all():
    with pytest.raises(registry.UnknownExercise, match="Did you mean 'shout'"):
        find("shuot")
    with pytest.raises(registry.UnknownExercise, match="There are: .*shout"):
        find("zzz")
    with pytest.raises(registry.UnknownExercise, match="a function, `find`,"):
        find(find)
