"""`make live`, `make solved`: an edition of a lesson, written where nothing is yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from nbformat import NotebookNode

from course.editions.live import live
from course.editions.solved import solved
from course.lesson.manifest import NOTEBOOKS, find_lesson
from course.lesson.notebook import read_notebook, to_bytes

EDITIONS: dict[str, Callable[[NotebookNode], NotebookNode]] = {"live": live, "solved": solved}


class EditionError(Exception):
    """An edition could not be written. The text names the file and what to do; nothing was overwritten."""


def write_edition(edition: str, wanted: Iterable[str], folder: Path, notebooks: Path = NOTEBOOKS) -> list[Path]:
    """Write the edition "live" or "solved" of each lesson of `wanted` to `folder`; return the files' paths.

    All are made before the first is written: a damaged lesson, or a file that is there, leaves the folder as it was.

    Raises:
        LessonError: there is no such lesson, or its notebook is damaged.
        EditionError: a file is there already, or cannot be written.
    """
    make = EDITIONS[edition]
    lessons = [find_lesson(one, notebooks) for one in wanted]
    made = {folder / lesson.path.name: to_bytes(make(read_notebook(lesson.path))) for lesson in lessons}
    for path in made:
        if path.exists():
            raise EditionError(
                f"{path} is there already and may hold what you typed. Move it away, or name another folder: "
                f"python -m course {edition} {path.name[:2]} --to FOLDER"
            )
    for path, content in made.items():
        _write(path, content)
    return list(made)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise EditionError(f"{path} cannot be written: {error.strerror}") from error
