"""Sockets that are files work where the path of the temporary folder is longer than their address may be.

An address of AF_UNIX holds 107 bytes of a path (unix(7)), and TMPDIR may name a folder deep in somebody's home.
"""

import tempfile

import pytest

from course.classroom.judge import verify
from course.exercises.reference import reference_text
from course.exercises.registry import find
from course.lesson.manifest import ROOT

ANSWERS = sorted((ROOT / "tests" / "answers" / "why_unreachable").glob("*.py"))


@pytest.fixture
def long_folder(tmp_path):
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    return folder


def judged(text, folder):
    path = folder / "why_unreachable.py"
    path.write_text(text)
    return verify(path)


@pytest.mark.parametrize("path", [None, *ANSWERS], ids=lambda path: path.stem if path else "the reference")
def test_why_unreachable_judges_as_ever(path, long_folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(long_folder))
    text = path.read_text() if path else reference_text(find("why_unreachable"))
    row = judged(text, long_folder)
    if path and path.stem.startswith("wrong_"):
        assert (row.verdict, row.diagnosis) == ("not yet", text.split()[2])
    else:
        assert (row.verdict, row.message) == ("passed", "")


def test_why_unreachable_is_judged_where_there_is_no_shorter_folder(long_folder, monkeypatch):
    """As in the box of a class."""
    monkeypatch.setattr(tempfile, "tempdir", str(long_folder))
    monkeypatch.setattr("course.exercises.lesson01.why_unreachable.SHORT", str(long_folder / "missing"))
    assert judged(reference_text(find("why_unreachable")), long_folder).verdict == "passed"


def test_the_folder_in_which_it_is_judged_may_be_gone(long_folder, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert judged(reference_text(find("why_unreachable")), long_folder).verdict == "passed"


def test_nothing_changes_in_the_lesson_on_families(long_folder, started, nbval):
    nbval("01_families", started(f"import os\nos.environ['TMPDIR'] = {str(long_folder)!r}\n"))
