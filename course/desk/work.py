"""The learner's copies in `work/`: laid out, renewed while untouched, and never overwritten once touched.

What was laid out is remembered by its digest. A file whose bytes still have that digest holds nothing of the
learner's and may be replaced. Any other file is the learner's: the new text of its lesson arrives beside it.
Each file is written under another name first and then renamed, so that a full disk or a kill leaves the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.editions.learner import learner
from course.lesson.manifest import NOTEBOOKS, lessons
from course.lesson.notebook import damage, read_notebook, to_bytes

STATE = ".laid-out.json"


class WorkError(Exception):
    """The copies could not be laid out. The text names the file and the reason; nothing of the learner's was lost."""


def digest(content: bytes) -> str:
    """Return the digest that a laid-out file is remembered by."""
    return hashlib.sha256(content).hexdigest()


def lay_out(work: Path, notebooks: Path = NOTEBOOKS) -> list[str]:
    """Bring the learner's copies in `work` up to date with the lessons; return what happened, a line for each file.

    Raises:
        WorkError: a file cannot be written. What was there before is still there.
    """
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _only_one(work):
            _tidy(work)
            said = []
            for lesson in lessons(notebooks):
                fresh = to_bytes(learner(read_notebook(lesson.path)))
                said += _bring(work, lesson.path.name, fresh)
            return said
    except OSError as error:
        place = error.filename or work
        raise WorkError(
            f"cannot lay out the lessons: {place}: {error.strerror}. Your own files are as they were."
        ) from (error)


@contextmanager
def _only_one(work: Path) -> Iterator[None]:
    """Hold the lock of `work`: two `make lab` at once would each take the other's new file for a touched one."""
    import fcntl

    with open(work / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bring(work: Path, name: str, fresh: bytes) -> list[str]:
    """Bring one lesson's text to `work/name`, or beside it."""
    state = _read_state(work)
    path = work / name
    now = _content(path)
    if now is None:
        _create(path, fresh)
        _remember(work, name, fresh)
        return [f"{name}: new"]
    if now == fresh:
        _remember(work, name, fresh)
        return []
    if digest(now) == state.get(name) and not path.is_symlink():
        _replace(path, fresh, now)
        _remember(work, name, fresh)
        return [f"{name}: renewed (you had not changed it)"]
    why = damage(now) if path.is_file() else ""
    if why:
        beside = _put_beside(work, name, fresh)
        why = why.partition(";")[0].partition(". ")[0]
        return [f"{name}: yours is no notebook any more ({why}); it stays as it is, and the lesson is in {beside}"]
    return _bring_beside(work, name, fresh, now)


def _bring_beside(work: Path, name: str, fresh: bytes, now: bytes) -> list[str]:
    """Put `fresh` beside the learner's `name`, which holds `now`, once for each new text of the lesson."""
    state = _read_state(work)
    if digest(fresh) in (state.get(name), state.get(name + " offered")):
        return []  # what the learner changed is this very text, or it was offered before
    beside = _put_beside(work, name, fresh)
    said = [f"{name}: yours is kept as it is; the lesson's new text is beside it, in {beside}"]
    if _set_up(now) not in ("", _set_up(fresh)):
        said.append(f"{name}: what it imports has changed; copy the first code cell of {beside} over yours")
    return said


def _set_up(content: bytes) -> str:
    """Return the source of a notebook's first code cell, the set-up cell; "" if there is none."""
    try:
        cells = json.loads(content.decode("utf-8-sig")).get("cells", [])
        return next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code").strip()
    except (ValueError, AttributeError, KeyError, TypeError, StopIteration):
        return ""


def _put_beside(work: Path, name: str, fresh: bytes) -> str:
    """Put `fresh` beside the learner's `name`, under the first name that holds nothing touched; return that name."""
    state = _read_state(work)
    stem, number = name.removesuffix(".ipynb"), 1
    while True:
        beside = f"{stem}.new{'' if number == 1 else number}.ipynb"
        there = _content(work / beside)
        if there is None:
            _create(work / beside, fresh)
            break
        if there == fresh:
            break
        if digest(there) == state.get(beside):
            _replace(work / beside, fresh, there)
            break
        number += 1  # this one is touched too
    _remember(work, beside, fresh)
    _remember(work, name + " offered", fresh)
    return beside


def _content(path: Path) -> bytes | None:
    """Return the bytes at `path`, or None if nothing is there. A dangling link counts as something."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b"" if path.is_symlink() else None
    except IsADirectoryError:
        return b""


def _written(folder: Path, content: bytes) -> Path:
    """Write `content` to a new file in `folder` and return it, with its bytes on the disk."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".laying-out-")
    path = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    except BaseException:
        path.unlink()
        raise
    return path


def _create(path: Path, content: bytes) -> None:
    """Make `path` with `content`. A file that appeared meanwhile is never overwritten: link(2) refuses."""
    temporary = _written(path.parent, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as a shared folder of a virtual machine
        os.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(path: Path, content: bytes, expected: bytes) -> None:
    """Replace `path`, unless it changed since it was read: JupyterLab may be saving it at this moment."""
    temporary = _written(path.parent, content)
    try:
        if _content(path) != expected:
            raise OSError(0, "it was saved at this moment; run the command again", str(path))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _read_state(work: Path) -> dict[str, str]:
    """Return name to digest of what was laid out. Without a readable state, every file counts as touched."""
    try:
        state = json.loads((work / STATE).read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _remember(work: Path, name: str, content: bytes) -> None:
    state = _read_state(work)
    if state.get(name) == digest(content):
        return
    state[name] = digest(content)
    os.replace(_written(work, json.dumps(state, indent=1, sort_keys=True).encode()), work / STATE)


def _tidy(work: Path) -> None:
    """Remove what an interrupted run left behind: files under the temporary name hold lesson text alone."""
    for left in work.glob(".laying-out-*"):
        left.unlink()
