"""`python -m course verify`: rows for people and machines, an exit code for CI, messages that name the culprit."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.classroom.verify import main, verify
from course.exercises.reference import reference_text
from course.exercises.registry import exercises
from course.lesson.manifest import ROOT

RIGHT = "def shout(text):\n    return text.upper()\n"
KEYS = ["exercise", "path", "verdict", "case", "diagnosis", "seconds"]


def rows(capsys, *argv: str) -> tuple[int, list[dict]]:
    code = main([*argv, "--json"])
    return code, json.loads(capsys.readouterr().out)


def put(folder: Path, name: str, text: str = RIGHT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_a_right_answer_is_a_row_and_exit_0(tmp_path, capsys):
    path = put(tmp_path, "shout.py")
    code, [row] = rows(capsys, str(path))
    assert code == 0
    assert list(row) == KEYS
    assert {**row, "seconds": 0} == dict(zip(KEYS, ["shout", str(path), "passed", "", "", 0], strict=True))
    assert 0 < row["seconds"] < 5


def test_one_wrong_answer_among_right_ones_is_exit_1(tmp_path, capsys):
    put(tmp_path / "ann", "shout.py")
    put(tmp_path / "bob", "shout.py", RIGHT.replace("upper", "lower"))
    code, found = rows(capsys, str(tmp_path))
    assert code == 1
    assert [row["verdict"] for row in found] == ["passed", "not yet"]
    assert found[1]["case"]
    assert found[1]["diagnosis"]


def test_a_stub_has_not_passed(tmp_path, capsys):
    code, [row] = rows(capsys, str(put(tmp_path, "shout.py", "def shout(text):\n    ...\n")))
    assert (code, row["verdict"]) == (1, "not started")


def test_the_history_of_answers_is_passed_over(tmp_path, capsys):
    put(tmp_path, "shout.py")
    put(tmp_path / ".history" / "shout", "0001-not-yet-0123456789ab.py", "no python")
    code, found = rows(capsys, str(tmp_path))
    assert (code, len(found)) == (0, 1)


def test_a_file_given_twice_is_checked_once(tmp_path, capsys):
    path = put(tmp_path, "shout.py")
    assert len(rows(capsys, str(path), str(tmp_path))[1]) == 1


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("def shout(text:\n", "syntax-error"),
        ("def whisper(text):\n    return text\n", "name-not-found"),
        ("", "name-not-found"),
        ("def shout(text):\n    return '\0'\n", "not-text"),
    ],
)
def test_what_is_no_answer_is_a_row(tmp_path, capsys, text, diagnosis):
    code, [row] = rows(capsys, str(put(tmp_path, "shout.py", text)))
    assert (code, row["verdict"], row["diagnosis"]) == (1, "not yet", diagnosis)


def test_a_file_that_is_no_utf8_is_a_row(tmp_path, capsys):
    (tmp_path / "shout.py").write_bytes(b"shout = '\xff'")
    code, [row] = rows(capsys, str(tmp_path))
    assert (code, row["diagnosis"]) == (1, "not-text")


def test_a_file_named_after_no_exercise_is_named(tmp_path, capsys):
    put(tmp_path, "shuot.py")
    assert main([str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "shuot.py is named after no exercise" in text
    assert "'shout'" in text


def test_a_missing_path_and_an_empty_folder_are_exit_2_and_nothing_is_checked(tmp_path, capsys):
    put(tmp_path / "full", "shout.py")
    (tmp_path / "empty").mkdir()
    for wrong, word in [("missing", "no such file or folder"), ("empty", "no answer in this folder")]:
        assert main([str(tmp_path / "full"), str(tmp_path / wrong), "--json"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert str(tmp_path / wrong) in said.err
        assert word in said.err


def test_people_get_a_table_with_the_reason_and_a_count(tmp_path, capsys):
    put(tmp_path, "shout.py")
    put(tmp_path / "again", "shout.py", RIGHT.replace("upper", "lower"))
    main([str(tmp_path)])
    text = capsys.readouterr().out
    assert "Case: " in text
    assert text.endswith("1 of 2 passed\n")


def test_a_text_whose_answer_has_another_name_says_so_in_its_head(tmp_path):
    head = "# kept\n# Last checked\n\n# In this file the answer is called: shout_answer\n"
    text = "def shout(c):\n    return c.upper() if len(c) == 1 else c\n"
    text += "def shout_answer(text):\n    return ''.join(map(shout, text))\n"
    assert verify(put(tmp_path, "shout.py", head + text)).verdict == "passed"
    later = RIGHT + "# In this file the answer is called: nothing\n"
    assert verify(put(tmp_path, "shout.py", later)).verdict == "passed"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_row_and_never_an_error(tmp_path, content):
    path = tmp_path / "shout.py"
    path.write_bytes(content)
    assert verify(path).verdict in ("not yet", "not started")


@pytest.mark.parametrize("exercise", exercises().values(), ids=exercises())
def test_the_reference_of_each_exercise_stands_alone_and_passes(exercise, tmp_path):
    text = reference_text(exercise)
    assert "solution" not in text
    row = verify(put(tmp_path, f"{exercise.name}.py", text))
    assert row.verdict == "passed", (row, text)


PLAIN_ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SAYS = ["\\ud800", "größer 課", "\\x1b[2J\\r", "\\udce9", "\\x00"]


@pytest.mark.parametrize("said", SAYS)
@pytest.mark.parametrize("terminal", [{}, PLAIN_ASCII, {"COLUMNS": "20", "TERM": "dumb"}], ids=["", "ascii", "narrow"])
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_whatever_an_answer_says_and_whatever_the_terminal_shows_a_verdict_is_printed(tmp_path, said, terminal, form):
    place = tmp_path / "größer" / "shout.py"
    place.parent.mkdir()
    place.write_text(f"def shout(text):\n    raise ValueError('{said}')\n", "utf-8")
    command = [sys.executable, "-m", "course", "verify", *form, str(place)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=os.environ | terminal, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"not yet" in done.stdout
    if form:
        assert json.loads(done.stdout)[0]["diagnosis"] == "raised"


def test_who_reads_only_the_first_line_gets_no_traceback():
    line = f'"{sys.executable}" -m course lessons | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) in ((0, ""), (141, ""))


def test_what_the_machine_refuses_the_checker_is_no_verdict_on_the_answer(tmp_path, capsys, monkeypatch):
    def refused(*args, **kwargs):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("course.checker.process.crew.Crew.workplace", refused)
    place = tmp_path / "shout.py"
    place.write_text("def shout(text):\n    return text.upper()\n")
    row = verify(place)
    assert (row.verdict, row.diagnosis) == ("not checked", "machine")
    assert "Too many open files" in row.message
    assert "cannot be read" not in row.message
