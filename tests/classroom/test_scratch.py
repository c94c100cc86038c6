"""A verification that was killed leaves a folder; the next one removes it, and nobody else's."""

import subprocess
import sys

import pytest

from course.classroom.scratch import Scratch, remove_orphans

WORKS = "from course.classroom.scratch import Scratch; print(Scratch().folder, flush=True); input()"


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The place for temporary files, in this process and in those that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def another(temporary):
    """A process that has such a folder, and its folder."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", WORKS], text=True, **pipes) as process:
        yield process, temporary / process.stdout.readline().strip()
        process.kill()


def test_at_its_end_nothing_is_left(temporary):
    Scratch().remove()
    assert list(temporary.iterdir()) == []


def test_what_a_killed_one_left_is_removed_by_the_next(another):
    process, folder = another
    (folder / "course-worker").mkdir()
    process.kill()
    process.wait()
    assert folder.exists()
    Scratch().remove()
    assert not folder.exists()


def test_a_folder_in_use_and_a_folder_of_somebody_else_stay(another, temporary):
    _, folder = another
    mine = temporary / "course-of-mine"
    mine.mkdir()
    (mine / "notes.txt").touch()
    (temporary / "course-link").symlink_to(mine)
    remove_orphans()
    assert folder.exists()
    assert (mine / "notes.txt").exists()


def test_a_class_that_is_verified_leaves_no_folder(classroom, temporary):
    classroom.put("ann")
    classroom.rows()
    assert [path.name for path in temporary.iterdir() if path.name.startswith("course-")] == []
