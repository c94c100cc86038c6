"""The learner's copies: renewed while untouched, never overwritten once touched, and nothing is ever lost."""

import errno
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import nbformat
import pytest

from course.desk import work
from course.desk.work import WorkError, lay_out
from course.lesson.notebook import LessonError

NAME = "00_hello.ipynb"
MINE = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def publish(folder, text, name=NAME):
    """Write a lesson with `text` as it would be published: executed, with an output."""
    folder.mkdir(exist_ok=True)
    number = int(name[:2])
    head = f"# {number} · Hello\n\nAbout 1 minutes to read and run, 1 for the exercises, by estimate. Before this: -"
    code = nbformat.v4.new_code_cell("1 + 1", id="b", execution_count=1)
    code.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
    cells = [
        nbformat.v4.new_markdown_cell(head, id="a"),
        code,
        nbformat.v4.new_markdown_cell(text, id="c"),
        nbformat.v4.new_markdown_cell("for the speaker", id="d", metadata={"tags": ["instructor"]}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / name)


@pytest.fixture
def place(tmp_path):
    """A published lesson, version one, and its copy laid out."""
    publish(tmp_path / "notebooks", "one")
    lay_out(tmp_path / "work", tmp_path / "notebooks")
    return tmp_path


def again(place):
    return lay_out(place / "work", place / "notebooks")


def copy_of(place, name=NAME):
    return (place / "work" / name).read_bytes()


def visible(place):
    return sorted(path.name for path in (place / "work").iterdir() if not path.name.startswith("."))


def test_a_copy_has_no_outputs_and_no_instructors_notes(place):
    notebook = nbformat.read(place / "work" / NAME, as_version=4)
    assert [cell.get("outputs") for cell in notebook.cells] == [None, [], None]
    assert notebook.cells[1].execution_count is None
    assert "for the speaker" not in copy_of(place).decode()


def test_laying_out_again_changes_nothing_and_says_nothing(place):
    before = copy_of(place)
    assert again(place) == []
    assert (copy_of(place), visible(place)) == (before, [NAME])


def test_an_untouched_copy_is_renewed(place):
    publish(place / "notebooks", "two")
    assert again(place) == [f"{NAME}: renewed (you had not changed it)"]
    assert b"two" in copy_of(place)


def test_a_touched_copy_is_kept_and_the_new_text_is_beside_it(place):
    (place / "work" / NAME).write_bytes(mine := copy_of(place) + b"\n")
    publish(place / "notebooks", "two")
    [line] = again(place)
    assert "yours is kept" in line
    assert "00_hello.new.ipynb" in line
    assert copy_of(place) == mine
    assert b"two" in copy_of(place, "00_hello.new.ipynb")


def test_a_touched_copy_whose_imports_have_changed_is_told_which_cell_to_take(place):
    (place / "work" / NAME).write_bytes(copy_of(place) + b"\n")
    publish(place / "notebooks", "two")
    path = place / "notebooks" / NAME
    path.write_bytes(path.read_bytes().replace(b"1 + 1", b"import another"))
    _, line = again(place)
    assert line == f"{NAME}: what it imports has changed; copy the first code cell of 00_hello.new.ipynb over yours"
    assert again(place) == []


def test_an_update_is_offered_once(place):
    (place / "work" / NAME).write_bytes(MINE)
    publish(place / "notebooks", "two")
    again(place)
    (place / "work" / "00_hello.new.ipynb").unlink()
    assert again(place) == []
    assert visible(place) == [NAME]


def test_a_touched_copy_without_an_update_is_left_in_peace(place):
    (place / "work" / NAME).write_bytes(MINE)
    assert again(place) == []
    assert visible(place) == [NAME]


def test_an_untouched_new_text_is_renewed_in_its_place(place):
    (place / "work" / NAME).write_bytes(MINE)
    for text in ("two", "three"):
        publish(place / "notebooks", text)
        again(place)
    assert visible(place) == ["00_hello.ipynb", "00_hello.new.ipynb"]
    assert b"three" in copy_of(place, "00_hello.new.ipynb")


def test_a_touched_new_text_is_kept_too(place):
    (place / "work" / NAME).write_bytes(MINE)
    publish(place / "notebooks", "two")
    again(place)
    (place / "work" / "00_hello.new.ipynb").write_bytes(b"mine too")
    publish(place / "notebooks", "three")
    again(place)
    assert copy_of(place) == MINE
    assert copy_of(place, "00_hello.new.ipynb") == b"mine too"
    assert b"three" in copy_of(place, "00_hello.new2.ipynb")


def test_a_deleted_copy_comes_back_fresh(place):
    (place / "work" / NAME).unlink()
    assert again(place) == [f"{NAME}: new"]


def test_a_renamed_copy_stays_and_a_fresh_one_arrives(place):
    (place / "work" / NAME).write_bytes(MINE)
    (place / "work" / NAME).rename(place / "work" / "my_own.ipynb")
    again(place)
    assert visible(place) == [NAME, "my_own.ipynb"]
    assert copy_of(place, "my_own.ipynb") == MINE


BROKEN = {
    "empty": lambda whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "conflict markers": lambda whole: b"{\n<<<<<<< HEAD\n" + whole + b"=======\n{}\n>>>>>>> theirs\n",
    "no notebook": lambda whole: b"[1, 2]",
}


WHY = {"empty": "it is empty", "cut off": "it is cut off or damaged", "no notebook": "it is JSON, and no notebook"}
WHY["conflict markers"] = "it holds the conflict markers of a merge"


@pytest.mark.parametrize("how", BROKEN)
def test_a_copy_that_is_no_notebook_any_more_is_named_each_time_and_the_lesson_is_beside_it_once(place, how):
    whole, beside = copy_of(place), NAME.replace(".ipynb", ".new.ipynb")
    broken = BROKEN[how](whole)
    (place / "work" / NAME).write_bytes(broken)
    said = f"{NAME}: yours is no notebook any more ({WHY[how]}); it stays as it is, and the lesson is in {beside}"
    assert [again(place), again(place)] == [[said], [said]]
    assert copy_of(place) == broken
    assert copy_of(place, beside) == whole
    assert visible(place) == sorted([NAME, beside])


def test_a_lesson_with_conflict_markers_is_named_with_what_to_do(place):
    lesson = place / "notebooks" / NAME
    lesson.write_bytes(BROKEN["conflict markers"](lesson.read_bytes()))
    with pytest.raises(LessonError, match="git checkout --theirs FILE") as caught:
        again(place)
    assert str(lesson) in str(caught.value)


def test_a_copy_behind_a_link_counts_as_touched(place):
    (place / "elsewhere").write_bytes(copy_of(place))
    (place / "work" / NAME).unlink()
    (place / "work" / NAME).symlink_to(place / "elsewhere")
    publish(place / "notebooks", "two")
    again(place)
    assert b"one" in (place / "elsewhere").read_bytes()
    assert b"two" in copy_of(place, "00_hello.new.ipynb")


@pytest.mark.parametrize("state", [None, b"", b"{", b"[]", b'{"00_hello.ipynb": 3}'])
def test_without_its_memory_every_copy_counts_as_touched(place, state):
    path = place / "work" / work.STATE
    path.unlink() if state is None else path.write_bytes(state)
    publish(place / "notebooks", "two")
    before = copy_of(place)
    again(place)
    assert copy_of(place) == before
    assert b"two" in copy_of(place, "00_hello.new.ipynb")


def test_a_file_that_is_saved_during_the_update_is_not_overwritten(place, monkeypatch):
    publish(place / "notebooks", "two")
    written = work._written

    def saved_meanwhile(folder, content):
        (place / "work" / NAME).write_bytes(b"saved by the editor")
        return written(folder, content)

    monkeypatch.setattr(work, "_written", saved_meanwhile)
    with pytest.raises(WorkError, match="saved at this moment"):
        again(place)
    assert copy_of(place) == b"saved by the editor"


def in_a_child(function):
    """Run `function` in a forked child; return its exit code (negative for a signal) and what it raised."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork in a process with threads
        pid = os.fork()
    if pid == 0:
        code = 0
        try:
            function()
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
            code = 1
        finally:
            os._exit(code)
    os.close(writer)
    with open(reader, "rb") as said:
        text = said.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def test_a_folder_that_cannot_be_written_is_named():
    with tempfile.TemporaryDirectory() as name:  # pytest's own folder is closed to other users
        place = Path(name)
        place.chmod(0o755)
        publish(place / "notebooks", "one")
        lay_out(place / "work", place / "notebooks")
        publish(place / "notebooks", "two")
        before = copy_of(place)
        (place / "work").chmod(0o555)

        def as_an_ordinary_user():
            if os.geteuid() == 0:
                os.setuid(65534)
            again(place)

        code, said = in_a_child(as_an_ordinary_user)
        (place / "work").chmod(0o755)
        assert code == 1
        assert said.startswith(f"WorkError: cannot lay out the lessons: {place}/work")
        assert "Permission denied" in said
        assert copy_of(place) == before


def broken_off(how, last, place):
    """Lay out, but the call number `last` on the disk kills the process or finds the disk full."""
    calls = itertools.count(1)

    def broken(real):
        def call(*arguments, **options):
            if next(calls) == last:
                if how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **options)

        return call

    for name in ("fsync", "link", "replace"):
        setattr(os, name, broken(getattr(os, name)))
    again(place)


@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.parametrize("last", range(1, 11))
def test_nothing_is_lost_when_laying_out_breaks_off(tmp_path, how, last):
    for name in ("00_hello.ipynb", "01_touched.ipynb", "02_untouched.ipynb"):
        publish(tmp_path / "notebooks", "one", name)
    lay_out(tmp_path / "work", tmp_path / "notebooks")
    (tmp_path / "work" / "00_hello.ipynb").unlink()
    (tmp_path / "work" / "01_touched.ipynb").write_bytes(MINE)
    old = copy_of(tmp_path, "02_untouched.ipynb")
    for name in ("00_hello.ipynb", "01_touched.ipynb", "02_untouched.ipynb"):
        publish(tmp_path / "notebooks", "two", name)

    code, said = in_a_child(lambda: broken_off(how, last, tmp_path))
    if how == "kill":
        assert code == -signal.SIGKILL
    else:  # without room for a link, the file is renamed, which may still succeed
        assert code == 0 or "Your own files are as they were" in said
    assert copy_of(tmp_path, "01_touched.ipynb") == MINE
    now = copy_of(tmp_path, "02_untouched.ipynb")
    assert now == old or b"two" in now

    again(tmp_path)
    assert copy_of(tmp_path, "01_touched.ipynb") == MINE
    for name in ("00_hello.ipynb", "01_touched.new.ipynb", "02_untouched.ipynb"):
        assert b"two" in copy_of(tmp_path, name)
    assert not list((tmp_path / "work").glob(".laying-out-*"))


def test_a_disk_that_is_really_full_loses_nothing(place):
    """A file system of 64 KiB in a mount namespace of our own."""
    probe = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    try:
        allowed = subprocess.run(probe, capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("a mount namespace needs Linux and root")
    publish(place / "notebooks", "two " * 9000)
    program = f"""
        mount -t tmpfs -o size=64k none /mnt && cp -a {place}/work /mnt/work && echo mine > /mnt/work/mine.ipynb
        head -c 40000 /dev/zero > /mnt/filler
        cd {place} && {sys.executable} -c "
from pathlib import Path; from course.desk.work import *; lay_out(Path('/mnt/work'), Path('notebooks'))"
        cmp /mnt/work/{NAME} {place}/work/{NAME} && grep -q mine /mnt/work/mine.ipynb && echo intact
        ls -A /mnt/work
    """
    done = subprocess.run(["unshare", "--mount", "sh", "-c", program], capture_output=True, text=True)
    assert os.strerror(errno.ENOSPC) in done.stderr
    assert "intact" in done.stdout
    assert ".laying-out-" not in done.stdout


def test_two_at_once_do_not_take_each_other_for_the_learner(place):
    publish(place / "notebooks", "two")
    program = "from pathlib import Path; from course.desk.work import *; lay_out(Path('work'), Path('notebooks'))"
    both = [subprocess.Popen([sys.executable, "-c", program], cwd=place) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert visible(place) == [NAME]
    assert Path(place / "work" / NAME).read_bytes().count(b"two") == 1
