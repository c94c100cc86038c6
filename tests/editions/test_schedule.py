"""The plans: breaks where they are due, lunch, nothing past the end, and every minute from the notes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.__main__ import main
from course.editions.schedule import BREAK, LONGEST_STRETCH, LUNCH, PLANS, Part, choose, lay_out, read_course
from course.lesson.manifest import find_lesson
from course.lesson.notebook import read_notebook
from course.lesson.parts import WITHOUT_NOTE, sections

COURSE = read_course()
each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
lessons_of_parts = st.lists(st.lists(st.integers(1, 45), min_size=1, max_size=8), min_size=1, max_size=6)


def holds(plan, parts, entries):
    """Check one plan: in order, gapless, within its hours, rested."""
    taught = [entry for entry in entries if entry.lesson is not None]
    assert [(entry.lesson, entry.title, entry.minutes) for entry in taught] == [
        (part.lesson, part.title, part.minutes) for part in parts
    ]
    for day in range(1, plan.days + 1):
        today = [entry for entry in entries if entry.day == day]
        clock, stretch = plan.start, 0
        for entry in today:
            assert entry.start == clock
            stretch = stretch + entry.minutes if entry.lesson is not None else 0
            assert stretch <= LONGEST_STRETCH
            clock = entry.end
        assert clock <= plan.end
        assert [entry.title for entry in today].count("lunch") <= 1
        if clock > 14 * 60:
            assert [entry.title for entry in today].count("lunch") == 1
        assert not today or today[0].lesson is not None
        assert {entry.minutes for entry in today if entry.lesson is None} <= {BREAK, LUNCH}


@each_plan
@given(lessons_of_parts)
def test_any_lessons_are_laid_out_with_their_breaks_or_do_not_fit(plan, minutes):
    parts = [Part(number, f"{number}.{place}", m) for number, ms in enumerate(minutes) for place, m in enumerate(ms)]
    entries = lay_out(plan, parts)
    if entries is None:
        assert sum(part.minutes for part in parts) > plan.days * (plan.end - plan.start) / 2 - LUNCH
    else:
        holds(plan, parts, entries)


@each_plan
def test_a_plan_takes_whole_lessons_in_order_and_as_many_as_fit(plan):
    entries = choose(plan, COURSE)
    numbers = list(dict.fromkeys(entry.lesson for entry in entries if entry.lesson is not None))
    known = [lesson.number for lesson in COURSE.lessons]
    assert numbers == known[: len(numbers)]
    wanted = [part for number in numbers for part in COURSE.parts[number]]
    holds(plan, [part for part in wanted if plan.exercises or part.title != "Exercises"], entries)
    if len(numbers) < len(known):
        more = wanted + COURSE.parts[known[len(numbers)]]
        assert lay_out(plan, [part for part in more if plan.exercises or part.title != "Exercises"]) is None


def test_half_a_day_reaches_the_first_server():
    assert 3 in {entry.lesson for entry in choose(PLANS[0], COURSE)}


def test_the_minutes_are_those_of_the_notes():
    notes = [one for one in sections(read_notebook(find_lesson("3").path)) if one.title not in WITHOUT_NOTE]
    assert [(part.title, part.minutes) for part in COURSE.parts[3]] == [(one.title, one.minutes) for one in notes]


def test_a_lesson_without_notes_counts_as_its_first_cell_says(tmp_path):
    lesson = read_notebook(find_lesson("3").path)
    lesson.cells = [cell for cell in lesson.cells if "instructor" not in cell.metadata.get("tags", [])]
    import nbformat

    nbformat.write(lesson, tmp_path / "03_server_lifecycle.ipynb")
    assert [part.minutes for part in read_course(tmp_path).parts[3]] == [60, 40]


@each_plan
def test_it_is_printed_with_its_breaks(plan, capsys):
    assert main(["schedule", plan.name]) == 0
    said = capsys.readouterr().out
    assert said.startswith(plan.title)
    assert re.search(r"^\d\d:\d\d +15 min  break$", said, re.MULTILINE)
    assert ("lunch" in said) == (plan.name != "half-day")
    assert max(map(len, said.splitlines())) <= 120


def test_without_a_name_all_are_printed_and_an_unknown_one_is_answered(capsys):
    assert main(["schedule"]) == 0
    said = capsys.readouterr().out
    assert all(plan.title in said for plan in PLANS)
    assert main(["schedule", "week"]) == 2
    assert "no plan 'week'; there are: half-day, one-day, two-days" in capsys.readouterr().err
