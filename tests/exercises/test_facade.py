"""check, hint, solution and progress as a learner meets them in a notebook."""

import pytest

RIGHT = "def shout(text):\n    return text.upper()"
WRONG = "def shout(text):\n    return text.lower()"
STUB = "def shout(text):\n    ..."


def errors(said):
    return [content for kind, content in said if kind == "error"]


def test_a_panel_has_html_and_the_same_in_plain_text(notebook):
    notebook.fine(RIGHT)
    [(kind, content)] = notebook.cell("check('shout', shout)")
    assert kind == "execute_result"
    assert "passed" in content["data"]["text/plain"]
    assert "passed" in content["data"]["text/html"]


def test_a_panel_is_the_same_on_each_run(notebook):
    notebook.fine(WRONG)
    shown = [notebook.cell("check('shout', shout)")[0][1]["data"] for _ in range(2)]
    assert shown[0] == shown[1]


def test_two_checks_in_a_cell_show_two_panels(notebook):
    notebook.fine(RIGHT)
    said = notebook.cell("check('shout', shout)\ncheck('shout', shout)")
    assert [kind for kind, _ in said] == ["display_data", "execute_result"]


def test_a_check_inside_a_loop_is_shown_and_one_whose_result_is_kept_is_not(notebook):
    notebook.fine(RIGHT)
    assert [kind for kind, _ in notebook.cell("for _ in range(2):\n    check('shout', shout)")] == ["display_data"] * 2
    assert notebook.cell("kept = check('shout', shout)\nNone") == []


def test_an_untouched_stub_is_not_started_raises_nothing_and_is_not_kept(notebook, tmp_path):
    notebook.fine(STUB)
    assert notebook.verdict("check('shout', shout)")["outcome"] == "not started"
    assert not (tmp_path / "answers").exists()


@pytest.mark.parametrize(("cell", "fails"), [(RIGHT, False), (WRONG, True), (STUB, True), ("shout = 1", True)])
def test_under_strict_anything_but_passed_raises(kernel, tmp_path, cell, fails):
    kernel.begin(tmp_path / "answers", STRICT="1")
    kernel.fine(cell)
    found = errors(kernel.cell("check('shout', shout)"))
    assert [error["ename"] for error in found] == (["NotPassed"] if fails else [])
    assert not fails or "shout" in found[0]["evalue"]


def test_solved_editions_keep_nothing(kernel, tmp_path):
    kernel.begin(tmp_path / "answers", COURSE_KEEP="0")
    kernel.fine(RIGHT)
    assert kernel.verdict("check('shout', shout)")["outcome"] == "passed"
    assert not (tmp_path / "answers").exists()


def test_where_nothing_can_be_kept_the_verdict_still_comes(kernel, tmp_path):
    (tmp_path / "file").write_text("in the way")
    kernel.begin(tmp_path / "file" / "answers")
    kernel.fine(RIGHT)
    text = kernel.fine("check('shout', shout)")
    assert "passed" in text
    assert text.count("could not be kept") == 1


@pytest.mark.parametrize("verb", ["check", "hint", "solution", "replay"])
def test_an_unknown_exercise_is_named_with_the_nearest(notebook, verb):
    [error] = errors(notebook.cell(f"{verb}('shuot')"))
    assert error["ename"] == "UnknownExercise"
    assert "'shuot'" in error["evalue"]
    assert "'shout'" in error["evalue"]
    assert len("\n".join(error["traceback"]).splitlines()) == 1


def test_a_name_forgotten_is_asked_for(notebook):
    [error] = errors(notebook.cell(RIGHT + "\ncheck(shout)"))
    assert "name comes first" in error["evalue"]


def test_hints_come_one_by_one_and_then_all(notebook):
    notebook.fine("from course.exercises import registry, _hints_shown\n_hints_shown.clear()")
    count = int(notebook.fine("print(len(registry.find('shout').hints))"))
    shown = [notebook.fine("hint('shout')") for _ in range(count + 1)]
    assert [text.partition(":")[0] for text in shown[:count]] == [
        f"Hint {number} of {count}" for number in range(1, count + 1)
    ]
    assert all(text in shown[-1] for text in shown[:count])


def test_a_solution_is_shown_after_passing_or_giving_up(notebook):
    assert "def shout" not in notebook.fine("solution('shout')")
    assert "def shout" in notebook.fine("solution('shout', give_up=True)")
    notebook.fine(WRONG + "\ncheck('shout', shout)")
    assert "def shout" not in notebook.fine("solution('shout')")
    notebook.fine(RIGHT + "\ncheck('shout', shout)")
    assert "def shout" in notebook.fine("solution('shout')")
    notebook.fine(WRONG + "\ncheck('shout', shout)")
    assert "def shout" in notebook.fine("solution('shout')")


def test_progress_follows_the_kept_answers(notebook):
    before = notebook.fine("progress()")
    assert "The next ten-minute step: `shout` in lesson 00" in before
    assert notebook.fine("progress()") == before
    notebook.fine(WRONG + "\ncheck('shout', shout)")
    assert "not yet" in notebook.fine("progress()")
    notebook.fine(RIGHT + "\ncheck('shout', shout)")
    after = notebook.fine("progress()")
    assert "✓ shout" in after
    assert "step: `shout`" not in after


def test_lines_are_named_as_the_learner_sees_them(notebook):
    notebook.fine("def helper(text):\n    return text.uper()")
    notebook.fine("\n\n# loud\n\ndef shout(text):\n    # more\n    return helper(text)")
    notebook.fine("from course.exercises.answers import answers_from_objects as made")
    notebook.fine("[answer] = made(['shout'], [shout], globals())")
    numbered = "[(answer.place(n), line) for n, line in enumerate(answer.text.splitlines(), 1)]"
    places = dict(eval(notebook.fine(f"[(line, place) for place, line in {numbered}]")))
    assert places["    return helper(text)"] == "line 7"
    assert places["    return text.uper()"] == "line 2 of the cell with `helper`"


ONE_RECV = """def echo_once(listener):
    conn, _ = listener.accept()
    with conn:
        data = conn.recv(1024)
        conn.sendall(data)
    return data"""


def test_replay_runs_the_failing_case_again_and_draws_it(notebook):
    notebook.fine(ONE_RECV)
    verdict = notebook.verdict("check('echo_once', echo_once)")
    [(_, content)] = notebook.cell("replay('echo_once')")
    text = content["data"]["text/plain"]
    assert text.splitlines()[0] == f"Case: {verdict['case']}"
    assert f"expected: {verdict['expected']}" in text
    assert "<img" in content["data"]["text/html"]
    assert notebook.fine("replay('echo_once')") == text


def test_replay_takes_the_function_as_it_is_now_and_shows_what_it_prints_and_raises(notebook):
    notebook.fine(ONE_RECV + "\ncheck('echo_once', echo_once)")
    notebook.fine("def echo_once(listener):\n    print('called')\n    return 1 / 0")
    text = notebook.fine("replay('echo_once')")
    assert text.startswith("called\n")
    assert "line 3 of echo_once, in your cell: return 1 / 0\nZeroDivisionError" in text


def test_replay_leaves_no_thread_and_no_open_socket(notebook):
    notebook.fine(ONE_RECV + "\ncheck('echo_once', echo_once)")
    count = (
        "import gc, socket, threading\n"
        "sockets = [o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() >= 0]\n"
        "print(threading.active_count(), len(sockets)); del sockets"
    )
    notebook.fine("replay('echo_once')")
    before = notebook.fine(count)
    notebook.fine("replay('echo_once')")
    assert notebook.fine(count) == before


def test_replay_without_a_failing_case_says_so(notebook):
    notebook.fine("import course.exercises; course.exercises._last_checks.clear()")
    assert "nothing to replay yet" in notebook.fine("replay('shout')")
    notebook.fine(STUB + "\ncheck('shout', shout)")
    assert "ran no case" in notebook.fine("replay('shout')")
    notebook.fine("check('shout', 3)")
    assert "ran no case" in notebook.fine("replay('shout')")
    notebook.fine(RIGHT + "\ncheck('shout', shout)")
    assert "has passed" in notebook.fine("replay('shout')")
