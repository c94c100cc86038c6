"""Workers, and the answers handed to them: two at a time, or as many as there are processors."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import course
from course.checker.process.interrupts import interrupts_wait
from course.classroom import limits
from course.classroom.box import Level
from course.classroom.rows import CRASHED
from course.classroom.scratch import remove, scratch
from course.classroom.worker import ANSWER_SECONDS, no_verdict
from netlib.patience import patience

START_SECONDS = 60.0
SPARE_SECONDS = 10.0  # a worker stops each answer in time by itself; one that does not is stopped this much later
TICK_SECONDS = 0.5
MOST_FAILED_STARTS = 3  # one after the other, while nothing runs


class PoolError(Exception):
    """The workers do not start."""


@dataclass(frozen=True)
class Job:
    """One answer to be run; `key` is by what the caller knows it."""

    key: str
    exercise: str
    content: bytes
    alone: bool = False  # nothing else runs beside it


@dataclass(eq=False)
class Hand:
    """A worker's process, seen from here. It has a job, or is idle, or has not said that it is ready."""

    process: subprocess.Popen[bytes]
    home: str
    deadline: float
    job: Job | None = None
    ready: bool = False
    partial: bytes = b""
    began: float = 0.0

    def take(self) -> list[dict[str, Any]] | None:
        """Return what has arrived, None when the worker is gone."""
        assert self.process.stdout is not None
        data = os.read(self.process.stdout.fileno(), 65536)
        if not data:
            return None
        *lines, self.partial = (self.partial + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def give(self, job: Job) -> None:
        """Hand over a job. If nobody is left to take it, the end of the worker says so."""
        assert self.process.stdin is not None
        self.job, self.began = job, time.monotonic()
        self.deadline = self.began + patience(ANSWER_SECONDS) + SPARE_SECONDS
        plain = {"exercise": job.exercise, "content": job.content.decode("latin-1")}
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(plain).encode() + b"\n")
            self.process.stdin.flush()

    def end(self) -> int:
        """Kill the worker, and with it all that it runs; return its exit code. Its scratch goes too."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # a job may be stuck in the pipe
                stream.close() if stream else None
        code = self.process.wait()
        remove(self.home)
        return code


@dataclass
class Pool:
    """The workers. A context manager: at its end none is left."""

    size: int
    most: Level = Level.CLOSED
    hidden: tuple[str, ...] = ()
    level: Level | None = None
    trouble: str = ""
    _hands: list[Hand] = field(default_factory=list)
    _waiting: deque[Job] = field(default_factory=deque)
    _failed_starts: int = 0
    _folder: str = ""
    _cleanups: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __enter__(self) -> Pool:
        """Start the workers, and wait until the first says how far it can box answers in."""
        self._folder = self._cleanups.enter_context(scratch())
        try:
            for _ in range(self.size):
                self._start()
            while self.level is None:
                self._look()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End every worker."""
        with interrupts_wait(), self._cleanups:
            for hand in self._hands:
                hand.end()
            self._hands.clear()
            self._selector.close()

    def under_way(self) -> list[Job]:
        """Return the jobs that are being run at the moment."""
        return [hand.job for hand in self._hands if hand.job]

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[str, Job, dict[str, Any]]]:
        """Run `jobs` in their order; give ("begun", job, {}) and ("done", job, row), and ("", …) as time goes by."""
        self._waiting.extend(jobs)
        while self._waiting or self.under_way():
            for job in self._hand_out():
                yield "begun", job, {}
            done = self._look()
            for job, row in done:
                yield "done", job, row
            if not done:
                yield "", Job("", "", b""), {}

    # ------------------------------------------------------------------ underneath
    def _hand_out(self) -> Iterator[Job]:
        """Give each idle worker a job. Whoever asks hears of it before the worker does: a kill leaves a trace."""
        for hand in list(self._hands):
            if hand.ready and hand.job is None and self._may_go_on():
                hand.job = self._waiting.popleft()
                yield hand.job
                hand.give(hand.job)

    def _may_go_on(self) -> bool:
        """Tell whether the next job may be run beside those that run."""
        running = self.under_way()
        return bool(self._waiting) and not (running and (self._waiting[0].alone or any(job.alone for job in running)))

    def _look(self) -> list[tuple[Job, dict[str, Any]]]:
        """Wait for news, half a second at most; return the jobs that are over, with their rows."""
        done = []
        for ready, _ in self._selector.select(TICK_SECONDS):
            hand: Hand = ready.data
            if hand not in self._hands:  # replaced since
                continue
            messages = hand.take()
            if messages is None:
                done += self._lost(hand)
            for message in messages or ():
                if "ready" in message:
                    self._welcome(hand, Level(message["ready"]), message["trouble"])
                elif hand.job is not None:
                    done.append((hand.job, message))
                    hand.job = None
        for hand in [hand for hand in self._hands if time.monotonic() > hand.deadline and (hand.job or not hand.ready)]:
            done += self._lost(hand)
        return done

    def _welcome(self, hand: Hand, level: Level, trouble: str) -> None:
        """Take a worker that is ready, unless its box is not as good as was said of all: then another is started."""
        if self.level is None:
            self.level, self.trouble = level, trouble
        if level < self.level:
            self._replace(hand)
            self._count_failed_start(f"a box as before, {self.level.name.lower()}, is not possible any more: {trouble}")
        else:
            hand.ready, self._failed_starts = True, 0

    def _lost(self, hand: Hand) -> list[tuple[Job, dict[str, Any]]]:
        """Replace a worker that is gone, or that has not answered in time; return what that says of its job.

        One that was not alone may have been killed by what ran beside it: it is run once more, alone.
        """
        code = self._replace(hand)
        if hand.job is None:
            if not hand.ready:
                self._count_failed_start(f"the last ended with code {code}")
            return []
        # What brought this one down may have killed those without a job too, and the end of one that is not noticed yet
        # would be laid at the door of the next job.
        for idle in [other for other in self._hands if other.job is None]:
            self._replace(idle)
        if not hand.job.alone:
            self._waiting.appendleft(replace(hand.job, alone=True))
            return []
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"which ended with code {code}"
        text = f"This answer brought down the process that checks answers ({how})."
        return [(hand.job, no_verdict(hand.job.exercise, CRASHED, text, round(time.monotonic() - hand.began, 3)))]

    def _count_failed_start(self, why: str) -> None:
        if self.under_way():  # which may be what killed it
            return
        self._failed_starts += 1
        if self._failed_starts >= MOST_FAILED_STARTS:
            raise PoolError(f"The processes that check answers do not start ({why}).")

    def _replace(self, hand: Hand) -> int:
        """End a worker and start another in its place; return the exit code."""
        self._selector.unregister(hand.process.stdout or 0)
        self._hands.remove(hand)
        code = hand.end()
        self._start()
        return code

    def _command(self) -> list[str]:
        most = self.most if self.level is None else self.level
        return [sys.executable, "-m", "course.classroom.worker", str(int(most)), *self.hidden]

    def _start(self) -> None:
        home = tempfile.mkdtemp(dir=self._folder)
        with interrupts_wait():  # or a worker would live of which nobody knows
            process = subprocess.Popen(
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=limits.clean_environment(home),
                cwd=Path(course.__file__).parent.parent,
                start_new_session=True,  # Ctrl-C is for the one who waits for it
            )
            hand = Hand(process, home, time.monotonic() + patience(START_SECONDS))
            self._hands.append(hand)
            self._selector.register(process.stdout or 0, selectors.EVENT_READ, hand)


def size() -> int:
    """Return how many answers to run at a time: one for each processor, two at least."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)
