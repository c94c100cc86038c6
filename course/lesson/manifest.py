"""The lessons in order, read from the notebooks themselves: the only list of lessons there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course.lesson.notebook import LessonError, read_notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"

_NAME = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)\.ipynb")
_TITLE = re.compile(r"^# (\d+) · (.+)$", re.MULTILINE)
_MINUTES = re.compile(r"About (\d+) minutes to read and run, (\d+) for the exercises?")


@dataclass(frozen=True)
class Lesson:
    """One lesson: its file, its number, the title and the estimated minutes that stand in its first cell."""

    path: Path
    number: int
    title: str
    reading_minutes: int
    exercise_minutes: int

    @property
    def name(self) -> str:
        """The file's name without its suffix, such as `03_server_lifecycle`."""
        return self.path.stem


def read_lesson(path: Path) -> Lesson:
    """Read what the manifest says of the lesson at `path`.

    Raises:
        LessonError: its name or its first cell is not that of a lesson.
    """
    name = _NAME.fullmatch(path.name)
    if not name:
        raise LessonError(f"{path.name}: a lesson is called NN_name.ipynb, such as 07_udp.ipynb")
    cells = read_notebook(path).cells
    head = cells[0].source if cells and cells[0].cell_type == "markdown" else ""
    title, minutes = _TITLE.search(head), _MINUTES.search(head)
    if not title or int(title[1]) != int(name[1]):
        raise LessonError(f"{path.name}: its first cell must begin with `# {int(name[1])} · Title`")
    if not minutes:
        raise LessonError(
            f"{path.name}: its first cell must say `About N minutes to read and run, M for the exercises`"
        )
    return Lesson(path, int(title[1]), title[2].strip(), int(minutes[1]), int(minutes[2]))


def lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """Return the lessons of `folder` in order.

    Raises:
        LessonError: there is none, one is damaged, or a notebook is there that is no lesson.
    """
    found = [read_lesson(path) for path in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise LessonError(f"there is no lesson in {folder}")
    return found


def find_lesson(wanted: str, folder: Path = NOTEBOOKS) -> Lesson:
    """Return the lesson whose number ("3", "03") or name ("03_server_lifecycle", "server_lifecycle") is `wanted`.

    Raises:
        LessonError: there is no such lesson; the text lists those there are.
    """
    wanted = wanted.removesuffix(".ipynb").rpartition("/")[2]
    known = lessons(folder)
    for lesson in known:
        if wanted in (lesson.name, lesson.name[3:]) or (wanted.isdigit() and int(wanted) == lesson.number):
            return lesson
    names = ", ".join(lesson.name for lesson in known)
    raise LessonError(f"there is no lesson {wanted!r}; there are: {names}")


class LessonMap:
    """The lessons with their minutes, shown as a table: `show()`."""

    def __init__(self, known: list[Lesson]) -> None:
        self.known = known

    def __repr__(self) -> str:
        return "\n".join(
            f"{lesson.number:2} · {lesson.title:30} {lesson.reading_minutes:3} + {lesson.exercise_minutes} minutes"
            for lesson in self.known
        )

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {lesson.number} | [{lesson.title}]({lesson.path.name}) "
            f"| {lesson.reading_minutes} | {lesson.exercise_minutes} |"
            for lesson in self.known
        ]
        head = ["| lesson | | to read and run | exercises |", "| ---: | --- | ---: | ---: |"]
        return "\n".join(head + rows)


def show() -> LessonMap:
    """Return the map of the lessons; as the last line of a cell it is shown."""
    return LessonMap(lessons())
