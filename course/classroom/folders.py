"""What there is to verify: learners' folders, and the answers in them, read with care.

A learner decides what lies in a folder: a link to a file elsewhere, a pipe that nobody writes to, a file without end.
So nothing found in a folder is opened before it is known to be a plain file of moderate size.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course.classroom.judge import unknown_exercise, unreadable
from course.classroom.rows import Row
from course.exercises.registry import UnknownExercise, find

LARGEST = 1 << 20  # bytes; the longest answer of the course's own has some thousand
MOST_FILES = 500  # of one learner; there are some twenty exercises


# What systems put beside the files of people: archives of macOS, network drives, the root of a disk.
NO_LEARNERS = {
    "__MACOSX",
    "__pycache__",
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
}


class VerifyError(Exception):
    """There is nothing to verify at a path. The text names the path and what was expected there."""


@dataclass(frozen=True)
class Submission:
    """A file of a learner: what it holds, or `row`, which says why it is no answer to be checked."""

    learner: str
    path: Path
    exercise: str
    content: bytes = b""
    row: Row | None = None


def answer_files(path: Path) -> list[Path]:
    """Return the files at `path`, sorted.

    Raises:
        VerifyError: there is no such path, it is neither file nor folder, or a folder without answers.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise VerifyError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        raise VerifyError(f"{path}: neither a file nor a folder")
    found = sorted(_python_files(path))
    if not found:
        raise VerifyError(f"{path}: there is no answer in this folder; one is a file such as shout.py")
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in NO_LEARNERS)
        yield from (Path(parent, name) for name in sorted(files) if name.endswith(".py") and name[0] != ".")


def learners(path: Path) -> list[str]:
    """Return the names of the learners whose folders lie in `path`; [] if that is no class but one learner's folder.

    A class is a folder of folders, with no answer beside them. A folder that holds one called `answers` is a
    learner's copy of the course.
    """
    try:
        entries = [entry for entry in os.scandir(path) if entry.name[0] != "." and entry.name not in NO_LEARNERS]
    except OSError:
        return []
    if any(entry.name.endswith(".py") or entry.name == "answers" for entry in entries):
        return []
    return sorted(entry.name for entry in entries if entry.is_dir())


def submissions(folder: Path, learner: str) -> Iterator[Submission]:
    """Give the files of one learner. Of two files for one exercise the one nearer to the top counts."""
    place = folder / learner
    if place.is_symlink():
        yield Submission(learner, place, "", row=unreadable(place, "a symbolic link, which may lead anywhere"))
        return
    if not os.access(place, os.R_OK | os.X_OK):
        yield Submission(learner, place, "", row=unreadable(place, "this folder may not be opened"))
        return
    inner = place / "answers"  # a copy of the whole course: all else in it is not the learner's answers
    files = _python_files(inner if inner.is_dir() and not inner.is_symlink() else place)
    seen: set[str] = set()
    for file in sorted(_first(files), key=lambda file: (len(file.parts), file)):
        found = submission(learner, file)
        if found.exercise and found.exercise in seen:
            text = f"{file.name} is another answer to {found.exercise}: the one nearer to the top was checked."
            found = Submission(
                learner, file, "", row=Row(file.stem, str(file), "unknown", "", "second-answer", 0.0, text)
            )
        seen.add(found.exercise)
        yield found


def _first(files: Iterator[Path]) -> list[Path]:
    return [file for file, _ in zip(files, range(MOST_FILES), strict=False)]


def submission(learner: str, path: Path, follow: bool = False) -> Submission:
    """Return what the file at `path` holds. A symbolic link is followed only with `follow`."""
    try:
        exercise = _known(path.stem)
    except UnknownExercise as error:
        return Submission(learner, path, "", row=unknown_exercise(path, error))
    try:
        return Submission(learner, path, exercise, content=_content(path, follow))
    except OSError as error:
        return Submission(learner, path, exercise, row=unreadable(path, error.strerror or str(error)))


@cache  # to look for the exercises' files once for each answer of a class takes seconds
def _known(name: str) -> str:
    return find(name).name


def _content(path: Path, follow: bool) -> bytes:
    if path.is_symlink() and not follow:
        raise OSError("a symbolic link; an answer is a file of its own")
    # not blocking: opening a named pipe would wait for a writer (fifo(7))
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    with open(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a plain file")
        if status.st_size > LARGEST:
            raise OSError(f"{status.st_size:,} bytes long, and {LARGEST:,} is the most that is read")
        return file.read(LARGEST)
