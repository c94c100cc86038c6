"""The kit in which a check is written: a trial has cases, a case has listeners, peers and calls.

    def check(trial):
        with trial.case("one client, one line") as case:
            listener = case.listener()
            answer = case.call(listener)
            client = case.connect(listener)
            client.sends(b"one")
            client.hears(b"one")
            client.ends()
            client.hears_end()
            answer.returns(b"one")

Statements run in order. The first that does not hold ends the case and the check.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, cast

from course.checker.drawn.picture import Mask, timeless
from course.checker.process.crew import Crew
from course.checker.process.program import Program
from course.checker.scene.case import Case
from course.checker.scene.clock import Clock
from course.checker.scene.failure import Failed
from course.checker.told.evidence import Evidence, Rule, freeze
from netlib.patience import patience

CASE_SECONDS = 2.0  # far above what a right answer needs (some ms), short enough to wait for a wrong one


class CheckFailed(Exception):
    """A case failed; carries the evidence out of the check. Nobody but `run_check` and tests see it."""

    def __init__(self, case: str, evidence: Evidence) -> None:
        super().__init__(case)
        self.case, self.evidence = case, evidence


class Skipped(Exception):
    """The body of a case that is not to run touched its case."""


class SkippedCase:
    """Stands for a case that is not to run: its first statement ends its body."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Skipped(name)


@dataclass
class Trial:
    """One check of one answer. `passed` counts the cases that held."""

    program: Program
    passed: int = 0
    rules: list[Rule] = field(default_factory=list)
    mask: Mask = timeless
    _crew: Crew = field(default_factory=Crew)

    def explain(self, *rules: Rule) -> None:
        """Add diagnoses of this exercise's own; they are asked before the common ones, in this order."""
        self.rules += rules

    def draws(self, mask: Mask) -> None:
        """Put every payload through `mask` before it is drawn: what differs on each run must not show.

        It keeps the length. Without one, the time as `time.ctime()` writes it is masked.
        """
        self.mask = mask

    @contextlib.contextmanager
    def case(self, name: str, seconds: float = CASE_SECONDS) -> Iterator[Case]:
        """Open a case that has `seconds` in all. `name` is read by learners: say what the world does.

        Each case has a name of its own, and nothing outside the `with` depends on what happened inside.
        """
        case = Case(self.program, self.clock(seconds), crew=self._crew)
        try:
            yield case
        except Failed as failure:
            evidence = freeze(failure, case.clock, case.peers, self.program, self.mask)
            raise CheckFailed(name, evidence) from None
        else:
            case.keeps_process()
        finally:
            case.close()
        self.passed += 1

    @contextlib.contextmanager
    def skipped(self, name: str) -> Iterator[Case]:
        """Open a case that does nothing: for who runs another one, or only counts."""
        with contextlib.suppress(Skipped):
            yield cast(Case, SkippedCase())

    def clock(self, seconds: float) -> Clock:
        """Return a clock that runs out in `seconds` (times the patience of this machine)."""
        return Clock(time.monotonic() + patience(seconds))

    def close(self) -> None:
        """Reap the processes of all cases: all but one were killed when their case ended."""
        self._crew.close()


@dataclass
class Census(Trial):
    """Runs nothing and notes the names of the cases."""

    names: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def case(self, name: str, seconds: float = CASE_SECONDS) -> Iterator[Case]:
        """Note the name."""
        self.names.append(name)
        with self.skipped(name) as skipped:
            yield skipped


def case_names(check: Callable[[Trial], None]) -> list[str]:
    """Return the names of a check's cases, without running any."""
    census = Census(Program(()))
    check(census)
    return census.names
