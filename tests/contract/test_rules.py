"""Each rule of the contract, proven by a lesson that breaks it and nothing else."""

import nbformat
import pytest

from course.contract import RULES, complaints


def broken_rules(lesson):
    return {complaint.rule for complaint in complaints(lesson.notebook)}


def never_ran(lesson):
    lesson.code[2].execution_count = None
    lesson.code[2].outputs = []


def ran_out_of_order(lesson):
    lesson.code[1].execution_count = 7


def tagged_as_raising(lesson):
    lesson.code[3].metadata["tags"] = ["raises-exception"]


def marker_as_comment(lesson):
    lesson.replace("with serving(echo) as address:", "# NBVAL_IGNORE_OUTPUT: differs\nwith serving(echo) as address:")


def tag_with_underscores(lesson):
    lesson.code[2].metadata["tags"] = ["nbval_ignore_output"]


def ignored_without_a_reason(lesson):
    lesson.code[2].metadata["tags"] = ["nbval-ignore-output"]


def not_python(lesson):
    lesson.insert_after("def echo", "def broken(:")


def unknown_magic(lesson):
    lesson.insert_after("def echo", "%tiem 1 + 1")


def fixed_port_in_an_address(lesson):
    lesson.insert_after("def echo", 'listener = socket.create_server(("127.0.0.1", 8009))')


def fixed_port_by_name(lesson):
    lesson.insert_after("def echo", "server_port = 9999")


def sleeps_in_the_main_line(lesson):
    lesson.insert_after("def echo", "import time\nwith expect(ValueError):\n    time.sleep(1)")


def name_of_another_notebook(lesson):
    lesson.insert_after("def echo", "knock(echo)")


def long_cell(lesson):
    lesson.insert_after("def echo", "\n".join(f"n = {n}" for n in range(26)))


def long_median(lesson):
    for text in ("def echo", "print(client.recv", "with expect", "def shout"):
        cell = next(cell for cell in lesson.code if text in cell.source)
        cell.source += "\nn = 1" * 6


def many_long_cells(lesson):
    for text in ("def echo", "with expect"):
        next(cell for cell in lesson.code if text in cell.source).source += "\nn = 1" * 15


def stored_waiting_notice(lesson, text="still waiting in `listener.accept()`, line 4"):
    lesson.code[2].outputs.append(nbformat.v4.new_output("display_data", {"text/plain": text}))


def stored_waited_notice(lesson):
    stored_waiting_notice(lesson, "waited 4.1 s in `listener.accept()`, line 4")


def stored_left_notice(lesson):
    stored_waiting_notice(lesson, "1 thread left running, held by no variable")


def unknown_excuse(lesson):
    lesson.code[2].metadata["course"] = {"onec": "a typo"}


def excuse_without_a_reason(lesson):
    lesson.code[2].metadata["course"] = {"once": ""}


def no_title(lesson):
    lesson.replace("# 99 · ", "# ")


def no_minutes(lesson):
    lesson.replace("About 5 minutes", "Some minutes")


def no_question(lesson):
    lesson.replace("would ask it?**", "would ask it**")


def two_abilities(lesson):
    lesson.replace("- do another\n", "")


def recall_not_folded(lesson):
    lesson.replace("<details><summary>Which port", "<summary>Which port")


def set_up_with_more_than_imports(lesson):
    lesson.replace("import socket\n", "import socket\nsocket.setdefaulttimeout(1)\n")


def set_up_without_hint(lesson):
    lesson.replace("import check, hint, replay, solution", "import check, replay, solution")


def set_up_without_help(lesson):
    lesson.replace("type `make lab`", "despair")


def no_prediction(lesson):
    for cell in lesson.notebook.cells:
        cell.source = cell.source.replace("*Predict:*", "Look:")


def prediction_without_its_cell(lesson):
    place = lesson.notebook.cells.index(lesson.cell("What does the client print?")) + 1
    lesson.notebook.cells.insert(place, nbformat.v4.new_markdown_cell("The answer, given away."))


def no_change_it(lesson):
    lesson.replace("**Change it:**", "Change")


def no_exercises(lesson):
    lesson.replace("## Exercises", "## Else")


def stub_without_a_check(lesson):
    lesson.replace('check("shout", shout)', "shout")


def check_without_a_stub(lesson):
    lesson.cell("def shout").metadata = {}


def stub_without_a_role(lesson):
    del lesson.cell("def shout").metadata["course"]["role"]


def four_lines_of_summary(lesson):
    lesson.replace("4. without the\n", "")


def not_used_anywhere(lesson):
    lesson.replace("## Where it is used", "## Bye")


def no_next(lesson):
    lesson.replace("**Next:**", "Next")


def note_on(lesson, text):
    """Return the instructor's note that stands behind the cell with `text`."""
    return lesson.notebook.cells[lesson.notebook.cells.index(lesson.cell(text)) + 1]


def note_without_minutes(lesson):
    note_on(lesson, "## One idea").source = "Draw something."


def note_that_is_long(lesson):
    note = note_on(lesson, "## One idea")
    note.source = note.source.replace("**Ask**", "word " * 60 + "**Ask**")


def note_in_a_code_cell(lesson):
    lesson.code[1].metadata["tags"] = ["instructor"]


def section_without_a_note(lesson):
    lesson.notebook.cells.remove(note_on(lesson, "## One idea"))


def no_notes_at_all(lesson):
    lesson.notebook.cells = [
        cell for cell in lesson.notebook.cells if "instructor" not in cell.metadata.get("tags", [])
    ]


def section_with_two_notes(lesson):
    note = note_on(lesson, "## Where it is used")
    second = nbformat.v4.new_markdown_cell(note.source, metadata=note.metadata)
    lesson.notebook.cells.append(second)


def minutes_that_do_not_add_up(lesson):
    lesson.replace("For the instructor: 3 minutes", "For the instructor: 13 minutes")


def exercise_minutes_that_do_not_add_up(lesson):
    lesson.replace("For the instructor: 2 minutes", "For the instructor: 20 minutes")


BROKEN = {
    "has_run": [never_ran, ran_out_of_order],
    "no_raises_exception": [tagged_as_raising],
    "markers": [marker_as_comment, tag_with_underscores, ignored_without_a_reason],
    "parses": [not_python],
    "known_magics": [unknown_magic],
    "no_fixed_port": [fixed_port_in_an_address, fixed_port_by_name],
    "no_sleep": [sleeps_in_the_main_line],
    "own_names": [name_of_another_notebook],
    "short_cells": [long_cell, long_median, many_long_cells],
    "no_waiting_notice": [stored_waiting_notice, stored_waited_notice, stored_left_notice],
    "reasons": [unknown_excuse, excuse_without_a_reason],
    "skeleton": [
        no_title, no_minutes, no_question, two_abilities, recall_not_folded, set_up_with_more_than_imports,
        set_up_without_help,
        set_up_without_hint, no_prediction, prediction_without_its_cell, no_change_it, no_exercises,
        stub_without_a_check, check_without_a_stub, stub_without_a_role, four_lines_of_summary, not_used_anywhere,
        no_next,
    ],
    "instructor_notes": [
        note_without_minutes, note_that_is_long, note_in_a_code_cell, section_without_a_note, no_notes_at_all,
        section_with_two_notes,
        minutes_that_do_not_add_up, exercise_minutes_that_do_not_add_up,
    ],
}  # fmt: skip


def test_the_template_keeps_every_rule(lesson):
    assert complaints(lesson.notebook) == []


def test_every_rule_is_proven():
    assert set(BROKEN) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "spoil"), [pytest.param(rule, spoil, id=spoil.__name__) for rule, all in BROKEN.items() for spoil in all]
)
def test_a_lesson_is_rejected_that_has(lesson, rule, spoil):
    spoil(lesson)
    assert broken_rules(lesson) == {rule}


def test_a_complaint_names_the_cell_and_what_to_do(lesson):
    fixed_port_in_an_address(lesson)
    [complaint] = complaints(lesson.notebook)
    assert str(complaint) == "[no_fixed_port] cell 8: the port 8009 is fixed; use 0 and ask getsockname()"
