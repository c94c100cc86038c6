"""The processes of one check: forked when they must be, used again when they can be."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field

from course.checker.process.interrupts import interrupts_wait
from course.checker.process.jobs import Job
from course.checker.process.runner import Process, start
from course.checker.process.task import Task
from netlib.patience import patience

GIVE_BACK_SECONDS = 1.0  # it takes a tenth of a millisecond


@dataclass
class Crew:
    """The processes of one check. `idle` is one whose call has left nothing: it makes the next case's call."""

    idle: Process | None = None
    hired: list[Process] = field(default_factory=list)
    folder: str = ""

    def process(self, task: Task, job: Job) -> Process:
        """Return a process that makes this call: the idle one if the call can cross to it, else a new one."""
        idle, self.idle = self.idle, None
        if idle is not None and task.before is None and idle.calls_again(job):
            return idle
        if idle is not None:
            idle.stop()
        with interrupts_wait():  # or a child would live of which nobody knows
            self.hired.append(start(task))
        return self.hired[-1]

    def workplace(self) -> str:
        """Return the folder in which each call gets one of its own."""
        self.folder = self.folder or tempfile.mkdtemp()
        return self.folder

    def gives_back(self) -> None:
        """Let the idle process close what was lent to it."""
        if self.idle is not None and self.idle.ask("g", "given back", patience(GIVE_BACK_SECONDS)) is None:
            self.idle.stop()
            self.idle = None

    def close(self) -> None:
        """Kill and reap all."""
        with interrupts_wait(), contextlib.ExitStack() as graves:
            graves.callback(shutil.rmtree, self.folder, ignore_errors=True)
            for process in self.hired:
                graves.callback(process.bury)
            for process in self.hired:
                graves.callback(process.stop)
