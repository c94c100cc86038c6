"""Run what is to be verified through the pool: one learner's answers, or a class with a journal and tables."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from course.classroom.box import NOTES, Level
from course.classroom.folders import Submission, learners, submission, submissions
from course.classroom.journal import MOST_TRIES, Journal, key_of
from course.classroom.pool import Job, Pool, size
from course.classroom.progress import Progress
from course.classroom.report import ClassReport
from course.classroom.rows import CRASHED, NOT_CHECKED, Row, count, plain
from course.classroom.worker import no_verdict
from course.exercises.registry import course_order

JOURNAL, TABLE, SUMMARY = ".verified.jsonl", "verified.csv", "verified-summary.csv"


class Stopped(BaseException):
    """The run was asked to end: by Ctrl-C, or by SIGTERM. `code` is the exit code that says so."""

    def __init__(self, code: int, done: int, total: int) -> None:
        super().__init__(code)
        self.code, self.done, self.total = code, done, total


@dataclass(frozen=True)
class Options:
    """How to run: how far to box answers in at most, whether to begin anew, and where results go (the class folder)."""

    most: Level = Level.CLOSED
    fresh: bool = False
    results: Path | None = None


def verify_files(paths: Sequence[Path], follow: frozenset[Path], options: Options) -> list[Row]:
    """Return a row for each file, in their order. Links in `follow` are followed: they were named by the caller."""
    found = [submission("", path, path in follow) for path in paths]
    rows = {one.path: one.row for one in found if one.row}
    jobs = {str(one.path): one for one in found if not one.row}
    if jobs:
        with Pool(min(size(), len(jobs)), options.most, _hidden(paths)) as pool:
            for event, job, plain_row in pool.run(Job(key, one.exercise, one.content) for key, one in jobs.items()):
                if event == "done":
                    rows[jobs[job.key].path] = Row.from_plain(plain_row, job.key)
    return [row for path in paths if (row := rows[path]) is not None]


def verify_class(folder: Path, options: Options) -> tuple[ClassReport, list[Row]]:
    """Verify every learner's folder in `folder`; return the report and all rows.

    Raises:
        JournalError: results cannot be kept.
        Stopped: Ctrl-C or SIGTERM; what is done is kept.
        OSError: a table cannot be written.
    """
    place = options.results or folder
    names = learners(folder)
    found = [one for name in names for one in submissions(folder, name)]
    with contextlib.closing(Journal(place / JOURNAL, options.fresh)) as journal, _interruptible() as signals:
        rows = _Run(folder, found, journal, options, signals).rows()
    report = _report(names, found, rows)
    report.write_csv(place / TABLE)
    report.write_summary_csv(place / SUMMARY)
    return report, rows


def show(report: ClassReport, rows: Sequence[Row], place: Path) -> None:
    """Print the report."""
    for line in report.lines():
        print(line)
    print(f"\nWritten: {plain(str(place / TABLE))} and {plain(str(place / SUMMARY))}")
    print("Why one learner's answers did not pass: make check DIR=…/name")
    if rows:
        print(count(rows))


class _Run:
    """One run over a class."""

    def __init__(
        self, folder: Path, found: Sequence[Submission], journal: Journal, options: Options, signals: list[int]
    ) -> None:
        self.folder, self.found, self.journal, self.options, self.signals = folder, found, journal, options, signals
        self.unchecked: dict[str, dict[str, Any]] = {}  # the machine refused something: no result to be kept
        self.keys = {one.path: key_of(one.exercise, one.content) for one in found if not one.row}

    def rows(self) -> list[Row]:
        """Run what is not known yet; return the rows of all."""
        jobs = self._jobs()
        known = len(set(self.keys.values())) - len(jobs)
        if known:
            _say(f"{known} answers are known from before and unchanged; --fresh checks them again.")
        if jobs:
            self._work(jobs)
        return [one.row or self._kept(one) for one in self.found]

    def _kept(self, one: Submission) -> Row:
        key = self.keys[one.path]
        return Row.from_plain(self.journal.known(key) or self.unchecked.get(key) or {}, str(one.path))

    def _jobs(self) -> list[Job]:
        """Return what is to be run, a text that two learners gave once; first what may have ended an earlier run."""
        wanted = {}
        for one in self.found:
            key = self.keys.get(one.path)
            if key is None or self.journal.known(key) is not None:
                continue
            if self.journal.tries(key) >= MOST_TRIES:
                self.journal.keeps(key, _took_all_down(one.exercise))
                continue
            wanted[key] = Job(key, one.exercise, one.content, alone=self.journal.tries(key) > 0)
        return sorted(wanted.values(), key=lambda job: not job.alone)

    def _work(self, jobs: Sequence[Job]) -> None:
        where = {key: str(path.relative_to(self.folder)) for path, key in self.keys.items()}
        progress = Progress(len(jobs))
        with Pool(min(size(), len(jobs)), self.options.most, _hidden([self.folder])) as pool:
            for line in _said_of(pool):
                _say(line)
            progress.show(at_once=True)
            try:
                self._take(pool, jobs, progress, where)
            finally:
                progress.end()

    def _take(self, pool: Pool, jobs: Sequence[Job], progress: Progress, where: dict[str, str]) -> None:
        for event, job, row in pool.run(jobs):
            if event == "begun":
                self.journal.begins(job.key)
            elif event == "done":
                kept = asdict(Row.from_plain(row, ""))
                if kept["verdict"] == NOT_CHECKED:
                    self.unchecked[job.key] = kept
                    self.journal.stops([job.key])
                else:
                    self.journal.keeps(job.key, kept)
                progress.step(where[job.key])
            else:
                progress.show()
            if self.signals:
                self.journal.stops(job.key for job in pool.under_way())
                raise Stopped(128 + self.signals[0], progress.done, progress.total)


def _took_all_down(exercise: str) -> dict[str, Any]:
    text = f"The whole verification ended {MOST_TRIES} times while this answer was run. --fresh tries it again."
    return no_verdict(exercise, CRASHED, text, 0.0) | {"path": ""}


def _report(names: Sequence[str], found: Sequence[Submission], rows: Sequence[Row]) -> ClassReport:
    exercises = [place.exercise.name for place in course_order()]
    cells, others = {}, []
    for one, row in zip(found, rows, strict=True):
        if one.exercise:
            cells[one.learner, one.exercise] = row
        if one.row:
            others.append(row)
    return ClassReport(names, exercises, cells, others)


def _said_of(pool: Pool) -> Iterator[str]:
    level = pool.level or Level.OPEN
    because = f" The reason: {pool.trouble}." if pool.trouble else ""
    yield NOTES[level] + because
    if level is not Level.CLOSED:
        yield "See docs/verifying_a_class.md for how to run this in a container or a virtual machine."


def _hidden(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return the folders of answers, which no answer is to read: none that holds the course, its Python or scratch."""
    needed = [Path(__file__), Path(sys.executable).absolute(), Path(sys.base_prefix), Path(tempfile.gettempdir())]
    needed += [path.resolve() for path in needed]
    folders = {(path if path.is_dir() else path.parent).resolve() for path in paths}
    outermost = {one for one in folders if not any(other in one.parents for other in folders)}
    return tuple(str(one) for one in sorted(outermost) if not any(one in (place, *place.parents) for place in needed))


@contextlib.contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM in a list in place of ending: what is under way is to be noted first."""
    noted: list[int] = []
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's (signal, Python)
        yield noted
        return

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
