"""What it costs to make each edition of each lesson, once everything is imported: `python -m benchmarks.editions`."""

from __future__ import annotations

import time

from course.editions.learner import learner
from course.editions.live import live
from course.editions.schedule import text
from course.editions.solved import solved
from course.lesson.manifest import lessons
from course.lesson.notebook import read_notebook, to_bytes
from course.lesson.prompts import _tree, defines, needs

EDITIONS = (learner, solved, live)


def seconds(make, notebook):
    """Return the seconds of one edition, from notebook to bytes, with nothing remembered from the one before."""
    for remembered in (_tree, defines, needs):
        remembered.cache_clear()
    began = time.perf_counter()
    to_bytes(make(notebook))
    return time.perf_counter() - began


def main():
    print(f"{'':24}" + "".join(f"{edition.__name__:>10}" for edition in EDITIONS))
    worst = 0.0
    for lesson in lessons():
        notebook = read_notebook(lesson.path)
        seconds(solved, notebook)  # imports the exercises' modules
        took = [seconds(edition, notebook) for edition in EDITIONS]
        worst = max(worst, *took)
        print(f"{lesson.name:24}" + "".join(f"{one * 1000:7.0f} ms" for one in took))
    began = time.perf_counter()
    text([])
    print(f"worst edition: {worst:.2f} s; all plans: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
