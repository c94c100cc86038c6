"""The tables of a class: learners and exercises, and what is most often wrong. For people, and as CSV."""

from __future__ import annotations

import csv
import os
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.classroom.rows import NO_VERDICT, Row, plain

PASSED, NOT_YET, NOT_STARTED, NONE = "passed", "not yet", "not started", "no verdict"
MARKS = {PASSED: "✓", NOT_YET: "…", NOT_STARTED: "·", NONE: "!"}
LEGEND = (
    "✓ passed   … not yet   · not started   ! no verdict: the check did not come to its end, or the file cannot be read"
)
WIDEST_NAME = 28
MOST_LISTED, LONGEST_LINE = 20, 200
MOST_COMMON = 5


@dataclass
class ClassReport:
    """The rows of a class: `cells` by learner and exercise, `others` for files that are no answers."""

    learners: Sequence[str]
    exercises: Sequence[str]
    cells: Mapping[tuple[str, str], Row]
    others: Sequence[Row] = field(default_factory=list)

    def state(self, learner: str, exercise: str) -> str:
        """Return `passed`, `not yet`, `not started` (no file, or a stub) or `no verdict`."""
        row = self.cells.get((learner, exercise))
        if row is None:
            return NOT_STARTED
        return NONE if row.diagnosis in NO_VERDICT or row.verdict not in MARKS else row.verdict

    def counts(self, exercise: str) -> Counter[str]:
        """Return how many learners are in each state."""
        return Counter(self.state(learner, exercise) for learner in self.learners)

    def diagnoses(self, exercise: str) -> list[tuple[str, int]]:
        """Return why answers to `exercise` have not passed, the most common first; of equals in alphabetical order."""
        wrong = [learner for learner in self.learners if self.state(learner, exercise) == NOT_YET]
        found = Counter(self.cells[learner, exercise].diagnosis for learner in wrong)
        return _by_number(found)

    def misconceptions(self) -> list[tuple[str, int]]:
        """Return the diagnoses of all exercises together, the most common first."""
        return _by_number(sum((Counter(dict(self.diagnoses(one))) for one in self.exercises), Counter()))

    # ------------------------------------------------------------------ for people
    def lines(self) -> Iterator[str]:
        """Give the lines of the whole report."""
        yield from self._grid()
        yield ""
        yield from self._summary()
        if self.others:
            yield ""
            yield from self._not_answers()

    def _grid(self) -> Iterator[str]:
        names = {learner: _fitted(plain(learner), WIDEST_NAME) for learner in self.learners}
        width = max(map(_columns, [*names.values(), "learner"]))
        yield _padded("learner", width) + "".join(f" {number:2}" for number, _ in enumerate(self.exercises, 1))
        for learner in self.learners:
            marks = "".join(f"  {MARKS[self.state(learner, exercise)]}" for exercise in self.exercises)
            yield _padded(names[learner], width) + marks
        yield LEGEND

    def _summary(self) -> Iterator[str]:
        width = max(map(len, [*self.exercises, "exercise"]))
        yield f" #  {'exercise':{width}}  passed  not yet  not started  no verdict  most common"
        for number, exercise in enumerate(self.exercises, 1):
            counts, found = self.counts(exercise), self.diagnoses(exercise)
            common = f"{found[0][0]} ({found[0][1]})" if found else ""
            figures = f"{counts[PASSED]:6}  {counts[NOT_YET]:7}  {counts[NOT_STARTED]:11}  {counts[NONE]:10}"
            yield f"{number:2}  {exercise:{width}}  {figures}  {common}".rstrip()
        most = self.misconceptions()[:MOST_COMMON]
        if most:
            yield "Most common of all: " + ", ".join(f"{name} ({number})" for name, number in most)

    def _not_answers(self) -> Iterator[str]:
        yield "Not checked:"
        for row in self.others[:MOST_LISTED]:
            message = textwrap.shorten(plain(row.message), LONGEST_LINE, placeholder=" …")
            yield f"  {plain(row.path)}: {message}"  # a long path costs nothing of what is said about it
        if len(self.others) > MOST_LISTED:
            yield f"  and {len(self.others) - MOST_LISTED} more"

    # ------------------------------------------------------------------ as CSV
    def write_csv(self, path: Path) -> None:
        """Write learners × exercises: in each cell the state, and behind a colon the diagnosis.

        Raises:
            OSError: the file cannot be written.
        """
        head = ["learner", PASSED, *self.exercises]
        lines = [head]
        for learner in self.learners:
            states = [self._cell(learner, exercise) for exercise in self.exercises]
            lines.append([_harmless(plain(learner)), str(states.count(PASSED)), *states])
        _write(path, lines)

    def write_summary_csv(self, path: Path) -> None:
        """Write exercises × states, with the most common diagnosis and how many answers have it.

        Raises:
            OSError: the file cannot be written.
        """
        lines = [["exercise", *MARKS, "most common", "answers with it"]]
        for exercise in self.exercises:
            counts = self.counts(exercise)
            name, number = (self.diagnoses(exercise) or [("", 0)])[0]
            lines.append([exercise, *(str(counts[state]) for state in MARKS), name, str(number)])
        _write(path, lines)

    def _cell(self, learner: str, exercise: str) -> str:
        row, state = self.cells.get((learner, exercise)), self.state(learner, exercise)
        return f"{state}: {row.diagnosis}" if row and row.diagnosis else state


def _by_number(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _write(path: Path, lines: Sequence[Sequence[str]]) -> None:
    """Write under another name first: whoever reads the file meanwhile sees a whole one. With the mark Excel needs."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(lines)
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula: a learner may be called `=1+1`."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes: wide characters take two, marks upon others none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _fitted(text: str, most: int) -> str:
    if _columns(text) <= most:
        return text
    while _columns(text) > most - 1:
        text = text[:-1]
    return text + "…"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
