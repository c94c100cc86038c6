"""`%catch_up` in a real kernel: it fetches a cell, brings the kernel to a point, and says what is missing."""

import pytest

from course.editions.live import live
from course.lesson.manifest import find_lesson
from course.lesson.notebook import read_notebook
from course.lesson.parts import code_cells

LESSON = read_notebook(find_lesson("03").path)
CELLS = {cell.number: cell for cell in code_cells(LESSON)}
EDITION = {cell.id: cell for cell in live(LESSON).cells}
SET_UP = EDITION[CELLS[1].id].source
KNOCK = next(number for number, cell in CELLS.items() if cell.source.startswith("def knock"))


def prompt_of(number):
    return EDITION[CELLS[number].id].source.strip()


@pytest.fixture
def begun(kernel):
    assert kernel.run(SET_UP).error == ""
    return kernel


def test_it_puts_the_lessons_code_under_the_cells_prompt(begun):
    ran = begun.run(f"{prompt_of(3)}\n%catch_up")
    assert ran.error == ""
    assert ran.replaced == f"{prompt_of(3)}\n{CELLS[3].source}"


def test_what_was_half_typed_does_not_run_before_it_and_stays_as_comments(begun):
    ran = begun.run(f"{prompt_of(3)}\n1 / 0\n\nlistener.bind((\n  %catch_up")
    fetched = f"{prompt_of(3)}\n{CELLS[3].source}\n\n# What was typed here:\n# 1 / 0\n# listener.bind(("
    assert (ran.error, ran.replaced) == ("", fetched)
    assert begun.run(fetched + "\n%catch_up").replaced == fetched
    assert begun.run(f"{prompt_of(3)}\n{CELLS[3].source}\n%catch_up").replaced == f"{prompt_of(3)}\n{CELLS[3].source}"


def test_without_its_prompt_a_cell_is_known_by_its_id_where_the_front_end_tells_it(begun):
    assert begun.run("%catch_up", cell_id=CELLS[3].id).replaced == f"{prompt_of(3)}\n{CELLS[3].source}"


def test_a_cell_without_prompt_and_id_is_asked_for_its_number(begun):
    ran = begun.run("%catch_up")
    assert (ran.error, ran.replaced) == ("", None)
    assert "this cell has no number" in ran.said
    assert "`# 3.5`" in ran.said


def test_all_brings_the_kernel_to_the_cell_and_gives_the_cell_back(begun):
    ran = begun.run(f"{prompt_of(6)}\n%catch_up all\nclient = 1")
    assert ran.said == "ran the lesson's cells 3.1 to 5\n"
    assert ran.replaced == f"{prompt_of(6)}\n\nclient = 1\n"
    assert "LISTEN" in begun.run(CELLS[6].source).said


def test_a_number_runs_that_cell_alone(begun):
    assert begun.run(f"# 3.17\n%catch_up 3.{KNOCK}").said == f"ran the lesson's cell 3.{KNOCK}\n"
    assert begun.run("knock.__name__").said == "'knock'\n"


def test_a_name_that_the_speaker_did_not_make_is_explained_and_supplied(begun):
    ran = begun.run(f"{prompt_of(KNOCK + 1)}\nprint(knock)")
    assert ran.error == "NameError: name 'knock' is not defined"
    assert f"cell 3.{KNOCK} makes `knock`. Add the line `%catch_up 3.{KNOCK}` here" in ran.said
    assert begun.run(f"{prompt_of(KNOCK + 1)}\nprint(knock)\n%catch_up 3.{KNOCK}").replaced.endswith("print(knock)\n")
    assert begun.run(f"{prompt_of(KNOCK + 1)}\nprint(knock)").error == ""


def test_where_one_cell_was_not_typed_the_rest_of_its_section_runs_and_says_what_it_misses(begun):
    upper = next(cell for cell in CELLS.values() if cell.source.startswith("def upper(listener)"))
    section = [cell for cell in CELLS.values() if cell.section == upper.section and cell != upper]
    ran = {cell.number: begun.run(f"{prompt_of(cell.number)}\n{cell.source}") for cell in section}
    failed = {number for number, result in ran.items() if result.error}
    assert failed == {cell.number for cell in section if "serving(upper)" in cell.source}
    assert len(ran) > len(failed) > 0
    assert all(f"cell 3.{upper.number} makes `upper`" in ran[number].said for number in failed)


def test_a_name_that_the_lesson_does_not_make_either_is_left_to_python(begun):
    ran = begun.run("# 3.5\nprint(knokc)")
    assert ran.error == "NameError: name 'knokc' is not defined"
    assert ran.said == ""


def test_what_fails_is_named_and_the_rest_goes_on(begun):
    begun.run("import sockscope\ndef look(*socks): raise RuntimeError('no kernel here')\nsockscope.look = look")
    ran = begun.run("# 3.4\n%catch_up all")
    assert ran.said.startswith("ran the lesson's cells 3.1 to 3; 1 failed:\n  3.2 RuntimeError: no kernel here")
    assert begun.run("address[0]").said == "'127.0.0.1'\n"


def test_the_checker_can_read_what_all_has_run(begun):
    begun.run("# 3.40\n%catch_up all")
    ran = begun.run("def open_listener(h, p):\n    return knock, host\ncheck('open_listener', open_listener)")
    assert "open_listener: not yet" in ran.said
    assert "cannot be told" not in ran.said


def test_a_prompt_that_is_not_the_lessons_any_more_is_told(begun):
    assert "Make a new one" not in begun.run(f"{prompt_of(3)}\n%catch_up").said
    assert "Make a new one" not in begun.run("# 3.3\n%catch_up").said
    assert "the lesson has changed since this edition was made" in begun.run("# 3.3 · listener.close\n%catch_up").said


def test_a_cell_that_awaits_is_left_to_the_speaker(begun):
    begun.run("from course.editions.catch_up import *\nmagic = get_ipython().find_line_magic('catch_up').__self__")
    ran = begun.run(
        "print(magic._failure(lines_of(3), CodeCell(9, '', 'import asyncio\\nawait asyncio.sleep(0)', '')))"
    )
    assert ran.said == "  3.9 awaits: it can be run only as a cell of its own\n"


def test_an_exercise_is_not_answered(begun):
    stub = next(number for number, cell in CELLS.items() if cell.is_exercise)
    ran = begun.run(f"# 3.{stub}\n%catch_up")
    assert ran.replaced is None
    assert "yours to write" in ran.said


@pytest.mark.parametrize(("line", "said"), [
    ("# 3.5\n%catch_up everything", "does not know 'everything'"),
    ("# 3.99\n%catch_up", "lesson 3 has the cells 3.1 to 3."),
    ("# 77.1\n%catch_up", "there is no lesson '77'"),
])  # fmt: skip
def test_what_cannot_be_is_said(begun, line, said):
    ran = begun.run(line)
    assert (ran.error, ran.replaced) == ("", None)
    assert said in ran.said
