"""The folder of the course may have any name, its commands any settings; folders of answers come as they come."""

import json
import sys
from pathlib import Path

import pytest

RIGHT = "def shout(text):\n    return text.upper()\n"
ODD = 'it\'s "a" $HOME, Übung 課程 `x`;&'
NAMES = {"odd": ODD, "200 bytes": "a_long_name_" * 16 + "to_a_200"}


@pytest.mark.parametrize("name", NAMES)
def test_in_a_folder_of_any_name_the_course_works(name, elsewhere, command):
    folder = elsewhere(NAMES[name])
    assert "00_start_here.ipynb: new" in command(folder, "work")
    assert command(folder, "work") == ""
    (folder / "answers").mkdir()
    (folder / "answers" / "shout.py").write_text(RIGHT)
    assert command(folder, "verify", "answers").endswith("1 of 1 passed\n")
    assert command(folder, "live", "01") == "live/01_families.ipynb\n"


@pytest.mark.parametrize("name", NAMES)
def test_in_a_folder_of_any_name_a_lesson_prints_the_same(name, elsewhere, plain):
    folder = elsewhere(NAMES[name])
    done = plain.run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "notebooks/01_families.ipynb",
        folder=folder, PYTHONPATH=str(folder),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


SENSITIVE = ["plain ASCII", "umask 077", "no HOME", "a HOME that is not there", "no standard input", "an odd TMPDIR"]


@pytest.mark.parametrize("name", ["plain ASCII", "umask 077", "no HOME", "neither asserts nor docstrings"])
def test_every_command_works(name, under, elsewhere):
    folder, condition = elsewhere("course"), under(name)
    for words in ("work", "lessons", "schedule", "live 03", "solved 03"):
        done = condition.run(sys.executable, "-m", "course", *words.split(), folder=folder)
        assert (done.returncode, done.stderr) == (0, ""), words
    for path in (
        "work/03_server_lifecycle.ipynb",
        "live/03_server_lifecycle.ipynb",
        "solved/03_server_lifecycle.ipynb",
    ):
        assert json.loads((folder / path).read_text("utf-8"))["nbformat"] == 4


@pytest.mark.parametrize("name", SENSITIVE)
def test_make_check_verifies_the_answers_of_a_folder(name, under, tmp_path, made_environment):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "shout.py").write_text(RIGHT)
    done = under(name).run("make", "--no-print-directory", *made_environment, "check", f"DIR={tmp_path / 'answers'}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("1 of 1 passed\n")


# ---------------------------------------------------------------------- answers as learning platforms hand them out
def test_names_as_learning_platforms_make_them_cost_nobody_a_verdict(tmp_path, plain):
    folder = tmp_path / "Übung 1 (2026) - Abgaben"
    learners = [
        "Ann Lee_123456_assignsubmission_file_",
        "O'Neil, Bob_17",
        "李 雷",
        "müller.max@example.org",
        "-f",
        "a;b",
    ]
    for learner in learners:
        (folder / learner).mkdir(parents=True)
        (folder / learner / "shout.py").write_text(RIGHT)
        (folder / learner / "._shout.py").write_bytes(b"\0\x05\x16\x07\0\x02\0\0Mac OS X")
        (folder / learner / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
        (folder / learner / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / learners[0] / "hello_udp.py").write_bytes(RIGHT.encode("utf-16"))
    (folder / learners[1] / "ask.py").write_bytes(RIGHT.encode("utf-8-sig"))
    (folder / learners[2] / "shout.py").write_bytes(RIGHT.replace("\n", "\r\n").encode("utf-8-sig"))
    done = plain.run(sys.executable, "-m", "course", "verify", "--json", folder)
    rows = {(Path(row["path"]).parent.name, row["exercise"]): row for row in json.loads(done.stdout)}
    assert {learner: rows.pop((learner, "shout"))["verdict"] for learner in learners} == dict.fromkeys(
        learners, "passed"
    )
    assert rows.pop((learners[0], "hello_udp"))["diagnosis"] == "not-text"
    assert rows.pop((learners[1], "ask"))["diagnosis"] == "name-not-found"
    assert rows == {}
