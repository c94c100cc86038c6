"""`verify` on a class: tables, CSV files, progress, an odd folder, and going on after a kill."""

import contextlib
import csv
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest

from course.checker.process.survivors import descendants
from course.classroom.command import JOURNAL, SUMMARY, TABLE, Options, verify_class
from course.classroom.journal import MOST_TRIES, Journal
from course.exercises.registry import course_order

LOWER = "def shout(text):\n    return text.lower()\n"
ENDLESS = "def shout(text):\n    while True:\n        pass\n"
STUB = "def shout(text):\n    ...\n"
EXERCISES = [place.exercise.name for place in course_order()]


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_say_who_stands_where_and_what_is_most_often_wrong(classroom):
    classroom.put("ann")
    classroom.put("bob", LOWER)
    classroom.put("cy", LOWER + "# cy\n")
    classroom.put("dee", STUB)
    classroom.put("eve", "def shout(text):\n    return text.title()\n")
    done = classroom.run()
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:6]] == [
        ["ann", "✓"],
        ["bob", "…"],
        ["cy", "…"],
        ["dee", "·"],
        ["eve", "…"],
    ]
    summary = next(line for line in lines if line.split()[1:2] == ["shout"])
    assert summary.split() == ["1", "shout", "1", "3", "1", "0", "lower-case", "(2)"]
    assert "Most common of all: lower-case (2), first-letters-only (1)" in lines
    assert lines[-1] == "1 of 5 passed"
    cells = table(classroom.folder / TABLE)
    assert list(cells[0]) == ["learner", "passed", *EXERCISES]
    assert [row["shout"] for row in cells] == [
        "passed",
        "not yet: lower-case",
        "not yet: lower-case",
        "not started",
        "not yet: first-letters-only",
    ]
    assert {row["ask"] for row in cells} == {"not started"}
    [row] = [row for row in table(classroom.folder / SUMMARY) if row["exercise"] == "shout"]
    assert list(row.values()) == ["shout", "1", "3", "1", "0", "lower-case", "2"]


def test_a_class_in_which_all_passed_is_exit_0(classroom):
    classroom.put("ann")
    assert classroom.run().returncode == 0


def test_json_gives_a_row_for_each_file(classroom):
    classroom.put("ann")
    classroom.put("bob", LOWER)
    done = classroom.run("--json")
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert [row["verdict"] for row in rows] == ["passed", "not yet"]
    assert list(rows[0]) == ["exercise", "path", "verdict", "case", "diagnosis", "seconds"]


def test_what_is_no_answer_is_named_and_costs_nothing_else(classroom, tmp_path):
    outside = tmp_path / "secret.py"
    outside.write_text("def shout(text):\n    return text.upper()\n")
    classroom.put("ann")
    (classroom.folder / "empty").mkdir()
    ann = classroom.folder / "ann"
    (ann / "shuot.py").write_text("x")
    (ann / "notes.txt").write_text("x")
    (ann / "echo_once.py").symlink_to(outside)
    (ann / "loop").symlink_to(classroom.folder)
    os.mkfifo(ann / "ask.py")
    with (ann / "reach.py").open("wb") as big:
        big.truncate(1 << 40)
    (ann / "read_lines.py").mkdir()
    (ann / "hello_udp.py").write_bytes(b"\xff\0")
    (classroom.folder / "linked").symlink_to(tmp_path)
    classroom.put("bob/old", LOWER)
    classroom.put("bob")
    began = time.monotonic()
    done = classroom.run()
    assert time.monotonic() - began < 30
    cells = {row["learner"]: row for row in table(classroom.folder / TABLE)}
    assert list(cells) == ["ann", "bob", "empty", "linked"]
    assert cells["ann"]["passed"] == cells["bob"]["passed"] == "1"
    assert cells["ann"]["echo_once"] == cells["ann"]["ask"] == cells["ann"]["reach"] == "no verdict: unreadable"
    assert cells["ann"]["hello_udp"] == "not yet: not-text"
    assert cells["ann"]["read_lines"] == "not started"
    assert set(list(cells["empty"].values())[2:]) == {"not started"}
    listed = " ".join(done.stdout[done.stdout.index("Not checked:") :].split())  # long paths wrap
    for said in (
        "shuot.py is named after no exercise",
        "echo_once.py cannot be read: a symbolic link",
        "not a plain file",
        "another answer",
        "linked",
    ):
        assert said in listed
    assert "notes.txt" not in listed
    assert "2 of 9 passed" in done.stdout


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable to root")
def test_a_file_and_a_folder_that_may_not_be_read_are_named(classroom):
    classroom.put("ann").chmod(0)
    classroom.put("bob").parent.chmod(0)
    done = classroom.run()
    (classroom.folder / "bob").chmod(0o700)
    assert "Permission denied" in done.stdout
    assert "may not be opened" in done.stdout


@pytest.mark.parametrize(
    ("name", "shown", "in_csv"),
    [
        ("Ann Lee", "Ann Lee  ", "Ann Lee"),
        ("名前 é", "名前 é ", "名前 é"),
        ("=1+1", "=1+1", "'=1+1"),
        ("a\x1b[2Jb", "a\\x1b[2Jb", "a\\x1b[2Jb"),
        ("two\nlines", "two\\nlines", "two\\nlines"),
        (os.fsdecode(b"no\xfftext"), "no\\xfftext", "no\\xfftext"),
        ("x" * 60, "x" * 27 + "…", "x" * 60),
    ],
)
def test_a_learner_may_have_any_name(classroom, name, shown, in_csv):
    classroom.put(name)
    done = classroom.run()
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
    assert "\x1b" not in done.stdout
    assert [row["learner"] for row in table(classroom.folder / TABLE)] == [in_csv]


def test_a_learners_copy_of_the_course_counts_by_its_answers_folder(classroom):
    classroom.put("ann/answers")
    classroom.put("ann/tests", LOWER)
    done = classroom.run()
    assert done.returncode == 0
    assert "1 of 1 passed" in done.stdout


def test_one_learners_folder_gets_the_rows_and_no_files(classroom):
    classroom.put("ann")
    classroom.folder /= "ann"
    done = classroom.run()
    assert "shout.py  passed" in done.stdout
    assert os.listdir(classroom.folder) == ["shout.py"]


def test_results_go_where_they_are_sent_and_a_place_that_is_none_is_exit_2(classroom, tmp_path):
    classroom.put("ann")
    assert classroom.run("--results", str(tmp_path)).returncode == 0
    assert (tmp_path / TABLE).exists()
    assert os.listdir(classroom.folder) == ["ann"]
    done = classroom.run("--results", str(tmp_path / "missing"))
    assert done.returncode == 2
    assert "--results" in done.stderr


# ---------------------------------------------------------------------- progress
def test_a_pipe_gets_plain_lines(classroom):
    for number in range(4):
        classroom.put(f"learner {number}", f"def shout(text):\n    return text.upper()  # {number}\n")
    said = classroom.run().stderr
    assert "4 of 4 answers checked\n" in said
    assert "\r" not in said


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end(classroom):
    for number in range(4):
        classroom.put(f"learner {number}", f"def shout(text):\n    return text.upper()  # {number}\n")
    ours, theirs = pty.openpty()
    done = subprocess.Popen(classroom.command(), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    drawn = b""
    with contextlib.suppress(OSError), open(ours, "rb", buffering=0) as terminal:  # EIO: nobody writes any more
        while data := terminal.read(4096):
            drawn += data
    done.communicate()
    assert b"\r\x1b[K[........................] 0 of 4" in drawn
    assert b"[########################] 4 of 4 answers checked" in drawn
    assert drawn.endswith(b"\r\x1b[K")


# ---------------------------------------------------------------------- going on
def journal(classroom):
    with contextlib.suppress(FileNotFoundError):
        return (classroom.folder / JOURNAL).read_text().splitlines()
    return []


def results(classroom):
    return [line for line in journal(classroom) if '"key"' in line]


def begin(classroom, until):
    """Start the command; return it once `until(its id)` holds."""
    process = subprocess.Popen(
        classroom.command(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    end = time.monotonic() + 60
    while not until(process.pid) and time.monotonic() < end:
        time.sleep(0.01)  # a file that another process appends to, or the processes that it starts
    assert until(process.pid)
    return process


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files: what is killed cannot clear up after itself."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def long_class(classroom, temporary):
    """Right answers and, among them, some that take their two seconds."""
    for number in range(4):
        classroom.put(f"a{number}", f"def shout(text):\n    return text.upper()  # {number}\n")
        classroom.put(f"b{number}", f"{ENDLESS}    # {number}\n")
    return classroom


def expected(classroom):
    rows = classroom.rows()
    return {name: row.verdict for name, row in rows.items()} == {
        **{f"a{number}": "passed" for number in range(4)},
        **{f"b{number}": "not yet" for number in range(4)},
    } and all(rows[f"b{number}"].diagnosis == "spins" for number in range(4))


def test_killed_the_next_run_goes_on_where_it_was_and_clears_up_after_it(long_class, temporary):
    process = begin(long_class, lambda pid: len(results(long_class)) >= 3)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    known = results(long_class)
    assert 3 <= len(known) < 8
    assert os.listdir(temporary) != []
    done = long_class.run()
    assert os.listdir(temporary) == []
    assert f"{len(known)} answers are known" in done.stderr
    assert results(long_class)[: len(known)] == known
    assert len(results(long_class)) == 8
    assert expected(long_class)


def test_killed_it_leaves_nothing_running(classroom, temporary, monkeypatch):
    monkeypatch.setenv("NETLIB_PATIENCE", "10")  # an answer that spins has its verdict after 20 seconds
    for name in ("ann", "bob"):
        classroom.put(name, f"{ENDLESS}    # {name}\n")
    # for each answer: its worker, who checks it, and its own process at least
    process = begin(classroom, lambda pid: len(descendants(pid)) >= 6)
    watched = [os.pidfd_open(pid) for pid in descendants(process.pid)]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    for pidfd in watched:
        assert select.select([pidfd], [], [], 8)[0]  # it has ended
        os.close(pidfd)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_says_how_far_it_is_and_blames_nobody(long_class, number, code):
    process = begin(long_class, lambda pid: len(results(long_class)) >= 2)
    os.kill(process.pid, number)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == code
    assert "The same command goes on from here" in said
    book = Journal(long_class.folder / JOURNAL)
    begun = {json.loads(line)["begun"] for line in journal(long_class) if "begun" in line}
    assert {book.tries(key) for key in begun} == {0}
    book.close()
    assert expected(long_class)


def test_a_changed_answer_is_run_again_and_only_that(classroom):
    classroom.put("ann")
    classroom.put("bob", LOWER)
    classroom.run()
    before = results(classroom)
    classroom.put("bob", "def shout(text):\n    return str.upper(text)\n")
    assert classroom.run().returncode == 0
    after = results(classroom)
    assert after[:2] == before
    assert len(after) == 3
    assert classroom.run().returncode == 0
    assert results(classroom) == after


def test_what_the_machine_did_not_let_be_checked_is_counted_apart_and_checked_in_the_next_run(classroom, monkeypatch):
    refused = {"exercise": "shout", "verdict": "not checked", "case": "", "diagnosis": "machine", "message": "why"}

    def refuses(pool, jobs):
        for job in jobs:
            yield "begun", job, {}
            yield "done", job, refused | {"seconds": 0.0}

    classroom.put("ann")
    with monkeypatch.context() as patched:
        patched.setattr("course.classroom.command.Pool.run", refuses)
        report, rows = verify_class(classroom.folder, Options())
    assert [row.verdict for row in rows] == ["not checked"]
    assert report.state("ann", "shout") == "no verdict"
    assert classroom.run().returncode == 0
    assert [cell["shout"] for cell in table(classroom.folder / TABLE)] == ["passed"]


@pytest.mark.parametrize("name", ["__MACOSX", "@eaDir", "lost+found", "$RECYCLE.BIN"])
def test_what_a_system_puts_beside_the_learners_is_no_learner(classroom, name):
    classroom.put("ann")
    (classroom.folder / name / "ann").mkdir(parents=True)
    (classroom.folder / name / "ann" / "._shout.py").write_bytes(b"\x00\x05")
    (classroom.folder / "Thumbs.db").touch()
    assert classroom.run().returncode == 0
    assert [cell["learner"] for cell in table(classroom.folder / TABLE)] == ["ann"]


def test_another_version_of_the_checker_runs_all_again(classroom, monkeypatch):
    classroom.put("ann")
    classroom.rows()
    monkeypatch.setattr("course.classroom.journal.version", lambda exercise: "another")
    classroom.rows()
    assert len(results(classroom)) == 2


def test_fresh_begins_anew(classroom):
    classroom.put("ann")
    classroom.run()
    done = classroom.run("--fresh")
    assert "known" not in done.stderr
    assert len(results(classroom)) == 1


def test_the_same_text_of_two_learners_is_run_once(classroom):
    classroom.put("ann")
    classroom.put("bob")
    assert classroom.run().returncode == 0
    assert len(results(classroom)) == 1


def test_a_line_cut_short_and_lines_that_are_none_are_passed_over(classroom):
    classroom.put("ann")
    classroom.run()
    path = classroom.folder / JOURNAL
    path.write_text(path.read_text() + '[1]\nnull\n{"stopped": 3}\n{"key": "cut sh')
    classroom.put("bob", LOWER)
    assert classroom.run().returncode == 1
    assert [next(iter(json.loads(line))) for line in journal(classroom)[-2:]] == ["begun", "key"]
    again = classroom.run()
    assert "2 answers are known" in again.stderr


def test_who_ends_the_whole_run_again_and_again_is_run_alone_then_not_at_all(classroom):
    """As `kill -9` by an answer would leave it: begun, and never a result."""
    classroom.put("ann", LOWER)
    classroom.run()
    key = json.loads(journal(classroom)[0])["begun"]
    path = classroom.folder / JOURNAL
    path.write_text(json.dumps({"begun": key}) + "\n")
    assert classroom.rows()["ann"].diagnosis == "lower-case"
    path.write_text((json.dumps({"begun": key}) + "\n") * MOST_TRIES)
    row = classroom.rows()["ann"]
    assert row.diagnosis == "crashed-the-checker"
    assert "--fresh" in row.message
    assert classroom.rows(fresh=True)["ann"].diagnosis == "lower-case"


def test_two_answers_are_run_at_a_time(classroom):
    for name in ("ann", "bob", "cy"):
        classroom.put(name, f"import time\n\n\ndef shout(text):\n    time.sleep(0.2)\n    return text  # {name}\n")
    classroom.run()
    assert all('"begun"' in line for line in journal(classroom)[:2])


def test_two_runs_at_a_time_are_refused(classroom):
    classroom.put("ann")
    with (classroom.folder / JOURNAL).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        done = classroom.run()
    assert done.returncode == 2
    assert "another verification" in done.stderr


def test_a_learners_copy_of_the_course_is_one_learner_and_no_class(classroom):
    classroom.put("answers")
    classroom.put("notebooks", LOWER)
    done = classroom.run("--json")
    assert len(json.loads(done.stdout)) == 2
    assert not (classroom.folder / TABLE).exists()
