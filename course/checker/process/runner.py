"""One call of an answer in a forked process, seen from the kernel: events, output, and the end of it.

A fork, because nothing less stops an answer that sleeps, holds a lock or catches everything; and JSON over
pipes, because the process may do with its end what it likes.
"""

from __future__ import annotations

import _socket
import contextlib
import json
import os
import re
import select
import signal
import time
import warnings
from dataclasses import dataclass, field
from typing import Any

from course.checker.process import jobs, survivors
from course.checker.process.child import live
from course.checker.process.encoding import Opaque, unpack
from course.checker.process.jobs import Job
from course.checker.process.scheduling import all_ran, all_ran_or_queued, any_ready
from course.checker.process.task import Pipes, Task
from netlib.patience import patience

KEPT_OUTPUT = 4_000  # characters of what an answer printed
QUESTION_SECONDS = 0.055  # a live interpreter answers in 25 ms; one that C code holds never will
DUMP_SECONDS = 0.035
LATE_SECONDS = 0.4
LONGEST_REST = 10  # times the processor time that is granted to one that does not wait
PIPE_READS = 8
POLL_MILLISECONDS = 20  # only where there is no pidfd: then a death is noticed this late

OWN_FRAME = re.compile(rb'File "(<answer \d+>)", line (\d+) in')

Event = dict[str, Any]


@dataclass(eq=False)
class Process:
    """The answer's process. `events` are its reports in order; `exit` its code, once it has ended by itself."""

    pid: int
    report: int
    question: _socket.socket
    output: int
    stacks: int
    inode: int
    pidfd: int | None = None
    began: float = field(default_factory=time.monotonic)
    events: list[Event] = field(default_factory=list)
    exit: int | None = None
    printed: bytearray = field(default_factory=bytearray)
    cut: bool = False
    _partial: bytes = b""
    _ended: set[int] = field(default_factory=set)  # pipes whose other end is closed: always "readable"
    _stopped: bool = False
    _buried: bool = False
    _below: list[int] = field(default_factory=list)

    def fds(self) -> list[int]:
        """Return what to poll to learn of anything new here."""
        fds = {self.report, self.output} | ({self.pidfd} if self.pidfd is not None else set())
        return [] if self._stopped or self.exit is not None else sorted(fds - self._ended)

    def pump(self) -> None:
        """Take what has arrived, without waiting."""
        if self._stopped:
            return
        self._take_output()
        gone = self.exit is None and self._gone()
        self._take_reports()
        if gone:
            self._take_output()

    def latest(self, *names: str) -> Event | None:
        """Return the newest event with one of these names."""
        return next((event for event in reversed(self.events) if event["event"] in names), None)

    def ask(self, question: str, answer: str, seconds: float) -> Event | None:
        """Ask the process something; return its answer, or None if it gave none in `seconds`."""
        known = len(self.events)
        try:
            self.question.sendall(question.encode())
        except (BrokenPipeError, ConnectionResetError):
            return None
        return self.awaited(answer, known, seconds)

    def awaited(self, answer: str, known: int, seconds: float) -> Event | None:
        """Return the first event of that name after the first `known` ones, waiting `seconds` at most."""
        end = time.monotonic() + seconds
        while True:
            self.pump()
            for event in self.events[known:]:
                if event["event"] == answer:
                    return event
            left = end - time.monotonic()
            if left <= 0 or self.exit is not None:
                return None
            wait(self.fds(), left)

    def where(self) -> tuple[Event | None, bytes]:
        """Ask what each thread is in: the process's own answer, or the stacks that the fault handler writes.

        CPython's fault handler needs no interpreter: it answers also when C code never lets go of the lock.
        """
        known = len(self.events)
        crowd = crowding()
        found = self.ask("w", "where", patience(QUESTION_SECONDS) * crowd)
        if found is not None or self.exit is not None:
            return found, b""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGUSR1)
        dump, began = b"", time.monotonic()
        while (passed := time.monotonic() - began) < patience(LATE_SECONDS):
            if OWN_FRAME.search(dump) and passed > patience(DUMP_SECONDS) * crowd:
                break  # its own answer says more, so it had its chance; a crowded machine gets a longer one
            stacks = [] if OWN_FRAME.search(dump) else [self.stacks]
            wait([*stacks, *self.fds()], DUMP_SECONDS / 4)
            dump += self.stack_dump()
            late = self.awaited("where", known, 0)
            if late is not None:
                return late, b""
        return None, dump

    def calls_again(self, job: Job) -> bool:
        """Ask for another call, the last one being over; return whether that was possible."""
        packed = job.packed()
        self.pump()
        if packed is None or self._stopped or self.exit is not None:
            return False
        self.events.clear()
        self.printed.clear()
        self.cut = False
        try:
            jobs.send(self.question, packed)
        except OSError:
            return False
        return True

    def rest(self, seconds: float) -> None:
        """Wait until every thread waits for something: what it did by then is not chance. Linux only (proc(5)).

        One that never waits is left alone when it has had a processor for `seconds`, however crowded the machine is.
        """
        end, enough = time.monotonic() + LONGEST_REST * seconds, all_ran(self.pid) + seconds
        while any_ready(self.pid) and all_ran(self.pid) < enough and time.monotonic() < end:
            time.sleep(0.001)  # no event tells that a thread of another process begins to wait

    def trace(self) -> str | None:
        """Return what the sockets did, as the JSON of a record; None if the process cannot tell any more."""
        told = self.ask("t", "trace", patience(QUESTION_SECONDS) * crowding())
        return str(told["trace"]) if told is not None else None

    def stack_dump(self) -> bytes:
        """Return what the fault handler has written by now: on request, or as the process crashed."""
        try:
            return os.read(self.stacks, 65536)
        except BlockingIOError:
            return b""

    def busy(self) -> bool:
        """Return whether the process, seen from outside, wanted a processor for more than half of its time."""
        used = all_ran_or_queued(self.pid)
        return used > (time.monotonic() - self.began) / 2

    def stop(self) -> None:
        """Kill the process and everything it started, close the pipes. A second time: nothing."""
        if self._stopped:
            return
        try:
            self._below = survivors.kill(self.pid)
        finally:
            self._stopped = True
            self.question.close()
            for fd in (self.report, self.output, self.stacks, self.pidfd):
                if fd is not None:
                    os.close(fd)

    def bury(self) -> None:
        """Reap what `stop` killed. Apart from it, because the next case need not wait for this one's end."""
        if not self._buried:
            self._buried = True
            survivors.bury(self.pid, self._below, self.inode)

    def _gone(self) -> bool:
        """Note the exit code if the process has ended by itself; it is reaped only by `bury`."""
        try:
            ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # this kernel ignores SIGCHLD: nobody kept the exit code
            self.exit = 0
            return True
        if ended is None:
            return False
        self.exit = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        return True

    def _read(self, fd: int) -> bytes:
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            return b""
        if not data:
            self._ended.add(fd)
        return data

    def _take_output(self) -> None:
        for _ in range(PIPE_READS):  # whoever prints without end must not keep us here
            data = self._read(self.output)
            room = KEPT_OUTPUT - len(self.printed)
            self.printed += data[:room]
            self.cut = self.cut or len(data) > room
            if not data:
                break

    def _take_reports(self) -> None:
        while data := self._read(self.report):
            *lines, self._partial = (self._partial + data).split(b"\n")
            for line in lines:
                event = _event(line)
                if event is not None:
                    self.events.append(event)


def start(task: Task) -> Process:
    """Fork, let the child `live`, return the parent's view of it."""
    (report_r, report_w), (output_r, output_w), (stacks_r, stacks_w) = (os.pipe() for _ in range(3))
    # not socket.socket: what is patched there, by the answer or by a trace, is not for the checker's own questions
    questions, asked = _socket.socketpair()
    with warnings.catch_warnings():  # 3.12 warns of forking beside threads: the child runs only this module
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            survivors.become_subreaper()
            survivors.die_with_the_kernel()
            questions.close()
            for fd in (report_r, output_r, stacks_r):
                os.close(fd)
            live(task, Pipes(report_w, asked.detach(), output_w, stacks_w))
        finally:
            os._exit(0)
    process = Process(pid, report_r, questions, output_r, stacks_r, os.fstat(report_r).st_ino)
    asked.close()
    with contextlib.suppress(OSError):  # the child did it first, or is gone
        os.setpgid(pid, pid)
    for fd in (report_w, output_w, stacks_w):
        os.close(fd)
    for fd in (report_r, output_r, stacks_r):
        os.set_blocking(fd, False)
    with contextlib.suppress(OSError, AttributeError):
        process.pidfd = os.pidfd_open(pid)
    return process


def crowding() -> float:
    """Return how many want each processor at the moment, at least 1: so much longer does every answer take."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait(fds: list[int], seconds: float, write: int | None = None) -> list[int]:
    """Return which of `fds` can be read (or `write` written), waiting `seconds` at most."""
    poller = select.poll()
    for fd in fds:
        poller.register(fd, select.POLLIN)
    if write is not None:
        poller.register(write, select.POLLOUT | (select.POLLIN if write in fds else 0))
    limit = max(0, seconds * 1000)
    if not hasattr(os, "pidfd_open"):
        limit = min(limit, POLL_MILLISECONDS)
    return [fd for fd, _ in poller.poll(limit)]


def _value(packed: object) -> object:
    """Return a value of the answer's; what was not packed by us is none of ours, and the report of it is a report."""
    try:
        return unpack(packed)
    except (ValueError, TypeError, RecursionError):
        return Opaque("object", "a value that cannot be shown")


def _event(line: bytes) -> Event | None:
    """Return one report, its value unpacked; None for a line that is none (the answer may write there too)."""
    try:
        event = json.loads(line)
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            if "value" in event:
                event["value"] = _value(event["value"])
            return event
    except ValueError:
        return None
    return None
