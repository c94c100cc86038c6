"""`python -m course.classroom.worker LEVEL [HIDDEN…]`: checks one answer after the other, each in a box of its own.

It is started anew with a clean environment, so that an answer finds nothing of its caller's in memory. On stdin come
jobs, on stdout go rows, one JSON object a line. Whatever an answer does ends with its box; if the worker itself is
killed, whoever started it knows by which answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from course.checker.process import survivors
from course.classroom import box, limits
from course.classroom.judge import verify
from course.classroom.rows import CRASHED, LONGEST, OUT_OF_TIME, TOO_GREEDY
from course.classroom.scratch import PREFIX, remove
from course.exercises.registry import exercises
from netlib.patience import patience

ANSWER_SECONDS = 20.0  # every wrong answer of the course's own has its verdict in 4
ENDING_SECONDS = 1.0  # between the report of a check and the end of its process: some milliseconds
MOST_REPORTED = 1 << 20  # bytes


@dataclass(frozen=True)
class Ended:
    """How the check of one answer ended: what it reported, its exit code, or why it was stopped."""

    reported: bytes
    code: int
    stopped: str = ""
    complaint: str = ""


class Worker:
    """Takes jobs from `jobs` and writes rows to `rows`, both file descriptors."""

    def __init__(self, jobs: int, rows: int, most: box.Level, hidden: Sequence[str]) -> None:
        self.jobs, self.rows, self.hidden = jobs, rows, hidden
        self.home = tempfile.gettempdir()
        self.threads = limits.threads_of_user()
        with tempfile.TemporaryDirectory(prefix=PREFIX) as scratch:
            self.level, self.trouble = box.best_level(scratch, most)

    def work(self) -> None:
        """Work until stdin ends."""
        self._say({"ready": int(self.level), "trouble": self.trouble})
        with open(self.jobs, "rb", closefd=False) as jobs:
            for line in jobs:
                self._say(self._checked(json.loads(line)))

    def _say(self, what: dict[str, Any]) -> None:
        line = memoryview(json.dumps(what).encode() + b"\n")
        while line:
            line = line[os.write(self.rows, line) :]

    def _checked(self, job: dict[str, str]) -> dict[str, Any]:
        began = time.monotonic()
        scratch = tempfile.mkdtemp(prefix=PREFIX)
        try:
            ended = self._run(job, scratch)
        finally:
            remove(scratch)
        return _row(ended, job["exercise"], round(time.monotonic() - began, 3))

    def _run(self, job: dict[str, str], scratch: str) -> Ended:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._live(job, scratch, reading, writing)
        os.close(writing)
        stopped = OUT_OF_TIME
        try:
            reported, stopped, complaint = self._watched(pid, reading, scratch)
        finally:
            os.close(reading)
            if not _ends(pid, 0.0 if stopped else ENDING_SECONDS):
                survivors.kill(pid)
        _, status = os.waitpid(pid, 0)
        _sweep()
        return Ended(reported, os.waitstatus_to_exitcode(status), stopped, complaint)

    def _watched(self, pid: int, reading: int, scratch: str) -> tuple[bytes, str, str]:
        """Return what the check reported, and why it has to be stopped, if so."""
        end = time.monotonic() + patience(ANSWER_SECONDS)
        watch, reported = limits.Watch(pid, scratch), b""
        while time.monotonic() < end:
            ready, _, _ = select.select([reading], [], [], limits.LOOK_SECONDS)
            if ready:
                data = os.read(reading, 65536)
                reported += data
                if not data or len(reported) > MOST_REPORTED:
                    return reported, "", ""
            complaint = watch.complaint()
            if complaint:
                return b"", TOO_GREEDY, complaint
        return b"", OUT_OF_TIME, ""

    def _live(self, job: dict[str, str], scratch: str, reading: int, writing: int) -> NoReturn:
        """Be the process that checks one answer, and never return."""
        try:
            os.setsid()
            survivors.die_with_the_kernel()
            for fd in (reading, self.jobs, self.rows):
                os.close(fd)
            limits.limit_this_process(self.threads)
            box.enter(self.level, scratch, self.hidden)
            limits.settle_in(scratch)
            box.keep_from_children(writing)
            path = Path(scratch, f"{job['exercise']}.py")
            path.write_bytes(job["content"].encode("latin-1"))
            os.write(writing, json.dumps(_short(asdict(verify(path)))).encode())
        except BaseException as error:
            with contextlib.suppress(BaseException):
                os.write(writing, json.dumps({"crashed": f"{type(error).__name__}: {error}"[:LONGEST]}).encode())
        finally:
            os._exit(0)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value[:LONGEST] if isinstance(value, str) else value for name, value in row.items()}


def _ends(pid: int, seconds: float) -> bool:
    """Return whether the child `pid` ends in `seconds`. It is not reaped."""
    if seconds and hasattr(os, "pidfd_open"):
        pidfd = os.pidfd_open(pid)
        select.select([pidfd], [], [], seconds)
        os.close(pidfd)
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _sweep() -> None:
    """End all that the check has left behind: a worker has no other children, and is heir to every orphan."""
    end = time.monotonic() + survivors.REAP_SECONDS
    while (below := survivors.descendants(os.getpid())) and time.monotonic() < end:
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.0005)  # an orphan's end is announced to whoever is its parent by then: look again


def _row(ended: Ended, exercise: str, seconds: float) -> dict[str, Any]:
    """Return the row for what a check reported, or for what became of it."""
    told: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        told = json.loads(ended.reported)
    if "verdict" in told:
        return told | {"seconds": seconds}
    if ended.stopped == OUT_OF_TIME:
        text = f"Checking this answer had no end after {patience(ANSWER_SECONDS):g} seconds, and was stopped."
        return no_verdict(exercise, OUT_OF_TIME, text, seconds)
    if ended.stopped:
        return no_verdict(exercise, TOO_GREEDY, f"This answer was stopped: {ended.complaint}.", seconds)
    how = told.get("crashed") or _end(ended.code)
    return no_verdict(exercise, CRASHED, f"This answer brought its checker down ({how}).", seconds)


def _end(code: int) -> str:
    number = -code if code < 0 else code - 128
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(number).name}"
    return f"the process ended with code {code}"


def no_verdict(exercise: str, diagnosis: str, text: str, seconds: float) -> dict[str, Any]:
    """Return the row, as plain values, for an answer whose check did not come to its end."""
    words = {"exercise": exercise, "verdict": "not yet", "case": "", "diagnosis": diagnosis, "message": text}
    return words | {"seconds": seconds}


def main() -> None:
    """Take stdin and stdout for the jobs and rows alone, then work."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, as some parents leave it, no exit code is kept (wait(2))
    survivors.die_with_the_kernel()
    survivors.become_subreaper()
    jobs, rows = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    for exercise in exercises().values():
        with contextlib.suppress(Exception):  # one that cannot be imported is told where it is asked for
            _ = exercise.module  # here once, and not in every copy
    worker = Worker(jobs, rows, box.Level(int(sys.argv[1])), sys.argv[2:])
    limits.be_the_first_to_go()
    box.hide()
    worker.work()


if __name__ == "__main__":
    main()
