"""Kept answers: written atomically, under a header that changes nothing, with earlier versions."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.exercises import store


@pytest.fixture(autouse=True)
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.delenv("COURSE_KEEP", raising=False)
    return tmp_path / "answers"


def versions(answers: Path) -> list[str]:
    return sorted(path.name.rsplit("-", 1)[0] for path in answers.glob(".history/shout/*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"])),
    st.sampled_from(["passed", "not yet"]),
)
def test_what_is_kept_is_read_again(text, outcome):
    store.keep("shout", text, outcome)
    assert store.read("shout") == store.Kept(text, outcome)


def test_the_header_is_comments_so_that_the_file_runs_alike(answers):
    store.keep("shout", "def shout(text):\n    return text\n", "not yet")
    written = (answers / "shout.py").read_text()
    assert written.endswith("def shout(text):\n    return text\n")
    assert all(line.startswith("#") or not line for line in written.splitlines()[:3])


def test_earlier_versions_are_kept_once_each(answers):
    for text, outcome in [("a", "not yet"), ("a", "not yet"), ("b", "passed"), ("a", "not yet"), ("c", "not yet")]:
        store.keep("shout", text, outcome)
    assert store.read("shout") == store.Kept("c", "not yet")
    kept = {path.read_text() for path in answers.glob(".history/shout/*")}
    assert (kept, len(versions(answers))) == ({"a", "b"}, 2)


def test_the_last_that_passed_outlives_all_pruning(answers, monkeypatch):
    monkeypatch.setattr(store, "KEPT_VERSIONS", 3)
    store.keep("shout", "right", "passed")
    for number in range(10):
        store.keep("shout", f"wrong {number}", "not yet")
    assert len(versions(answers)) == 4
    assert store.has_passed("shout")
    assert "right" in {path.read_text() for path in answers.glob(".history/shout/*")}


def test_an_edited_file_is_not_taken_for_a_checked_one_and_is_not_lost(answers):
    store.keep("shout", "right", "passed")
    path = answers / "shout.py"
    path.write_text(path.read_text() + "# edited\n")
    assert store.read("shout") == store.Kept("right# edited\n", "")
    assert not store.has_passed("shout")
    store.keep("shout", "new", "not yet")
    assert versions(answers) == ["0001-unchecked"]


def test_a_new_verdict_on_the_same_text_is_written(answers):
    store.keep("shout", "text", "not yet")
    store.keep("shout", "text", "passed")
    assert store.read("shout") == store.Kept("text", "passed")
    assert versions(answers) == []


def test_stubs_and_solved_editions_write_nothing(answers, monkeypatch):
    store.keep("shout", "text", "not started")
    monkeypatch.setenv("COURSE_KEEP", "0")
    store.keep("shout", "text", "passed")
    assert not answers.exists()


def test_a_failed_write_leaves_what_was_there(answers, monkeypatch):
    store.keep("shout", "old", "passed")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        store.keep("shout", "new", "passed")
    assert store.read("shout") == store.Kept("old", "passed")
    assert [path.name for path in answers.rglob("*") if path.is_file()] == ["shout.py"]


def test_answers_stand_at_the_root_of_the_checkout_that_one_works_in(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_ANSWERS")
    (tmp_path / "fork" / "course" / "exercises").mkdir(parents=True)
    (tmp_path / "fork" / "pyproject.toml").touch()
    (tmp_path / "fork" / "work").mkdir()
    monkeypatch.chdir(tmp_path / "fork" / "work")
    assert store.folder() == tmp_path.resolve() / "fork" / "answers"
    monkeypatch.chdir(tmp_path)
    root = Path(store.__file__).resolve().parents[2]
    assert store.folder() == root / "answers"
