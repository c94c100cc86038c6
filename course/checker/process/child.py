"""The answer's own process: everything that happens between the fork and the end of that process.

It reports in JSON lines on one pipe and takes questions of one letter on a socket: `w` (what is each thread in?),
`l` (what is still open?), `t` (what did the sockets do?), `g` (give back what was lent), and `c`, another call, with
its sockets. It never returns into the kernel that it was copied from.
"""

from __future__ import annotations

import _socket
import _thread
import contextlib
import inspect
import json
import linecache
import os
import queue
import signal
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any, NoReturn

from course.checker.process import fresh
from course.checker.process.encoding import pack
from course.checker.process.jobs import Job, received
from course.checker.process.recorder import Recorder
from course.checker.process.settings import SWITCH_SECONDS
from course.checker.process.task import SETTLE_SECONDS, UNABLE, Pipes, Task
from course.checker.process.tracing import FirstCalls
from course.checker.process.where import span_text, thread_spots
from netlib.patience import patience

QUESTION_SECONDS = 0.0002  # so soon a thread that spins lets the questions be answered; Python's own value is 5 ms


class Reporter:
    """Writes whole JSON lines, one thread at a time, and only from the process that the checker made."""

    def __init__(self, fd: int) -> None:
        self._fd, self._lock, self._pid = fd, _thread.allocate_lock(), os.getpid()

    def say(self, event: str, **values: Any) -> None:
        """Send one event."""
        if os.getpid() != self._pid:
            return
        line = memoryview(json.dumps({"event": event} | values).encode() + b"\n")
        with self._lock:
            while line:
                line = line[os.write(self._fd, line) :]


def live(task: Task, pipes: Pipes) -> NoReturn:
    """Run `task`, then what else is asked for, until killed: what the answer left open stays open."""
    try:
        Worker(task, pipes).work()
    finally:  # it only ends by an exception, when the answer has left its process in a state in which nothing works
        os._exit(UNABLE)


class Worker:
    """The answer's process from within."""

    def __init__(self, task: Task, pipes: Pipes) -> None:
        self.task = task
        self.reporter, self.recorder, self.trace = Reporter(pipes.report), Recorder(), FirstCalls()
        self.jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.returned: object = None
        self.calls, self.descriptors, self.running = 0, 0, False
        for sock in task.close:
            sock.close()
        fresh.cut_ties(pipes.printed, pipes.stacks)
        fresh.reset(self._folder())
        for file, text in task.sources.items():
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        threading.excepthook = self._thread_died
        self._begin_answering(pipes.question)
        self.recorder.install()
        self.trace.begin()  # after the recorder, so that it looks for names in the answer's own frames

    def work(self) -> NoReturn:
        """Make the task's call, and every further one that is asked for."""
        self.job = Job(self.task.args, self.task.which, self.task.via)
        if self.task.before is not None:
            self.task.before()
        try:
            while True:
                self._do(self.job)
                following = self.jobs.get()
                self._forget(following.new_case)
                self.job = following
        except BaseException as error:
            self.reporter.say("unable", reason=f"{type(error).__name__}: {_message(error)}")
            raise

    def _do(self, job: Job) -> None:
        self.descriptors, self.running = len(os.listdir("/dev/fd")), True
        function = self._define(job.which)
        if function is not None:
            self._call(function, job)

    def _give_back(self) -> None:
        """Close the sockets that were lent to a call that is over."""
        for sock in self.job.sockets():
            with contextlib.suppress(OSError):  # the answer has closed it
                os.close(sock.detach())  # a close() would be recorded as the answer's own

    def _forget(self, new_case: bool) -> None:
        """Forget an earlier call, which has left nothing."""
        self._give_back()
        self.returned = None
        self.recorder.forget()
        if new_case:
            self.trace.forget()
        fresh.reset(self._folder())

    def _folder(self) -> str:
        self.calls += 1
        return f"{self.task.folder}/{os.getpid()}-{self.calls}"

    # ------------------------------------------------------------------ the answer
    def _define(self, which: int) -> Callable[..., Any] | None:
        """Execute each text in a module of its own; return the callable to call, or None once that is reported."""
        modules: dict[str, types.ModuleType] = {}
        found: list[Any] = []
        for file, expression in self.task.names:
            try:
                if file not in modules:
                    modules[file] = module = types.ModuleType(f"answer_{len(modules) + 1}")
                    sys.modules[module.__name__] = module  # dataclasses and typing look their module up
                    exec(self.task.code[file], module.__dict__)
                found.append(eval(expression, modules[file].__dict__))
            except BaseException as error:
                self.running = False
                self.reporter.say("raised", stage="define", **_error(error, self.task))
                return None
            if not callable(found[-1]):
                self.reporter.say("not callable", type=type(found[-1]).__name__)
                return None
        function: Callable[..., Any] = found[which]
        return function

    def _call(self, function: Callable[..., Any], job: Job) -> None:
        value: Any = None
        try:
            value = job.via(function, *job.args) if job.via else function(*job.args)
            outcome: dict[str, Any] = {"event": "returned", "value": pack(value)}
        except BaseException as error:
            outcome = {"event": "raised", "stage": "call"} | _error(error, self.task)
            error.__traceback__ = None
        with contextlib.suppress(Exception):  # the answer may have closed it
            sys.stdout.flush()
        left = {"open": self.recorder.left_open(value), "threads": _threads()}
        self.returned, self.running = value, False
        outcome["unrun"] = _unrun(function, value)
        self.reporter.say(**outcome, facts=self.recorder.facts(), left=left, tidy=self._tidy())

    def _tidy(self) -> bool:
        """Whether nothing at all is left of the call: then this process may make another one."""
        if self.recorder.left_open(None) or _threads():
            return False
        with contextlib.suppress(OSError):
            if len(os.listdir("/dev/fd")) > self.descriptors:
                return False
            try:
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:  # there is none
                return True
        return False

    def _thread_died(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
            name = failed.thread.name if failed.thread else ""
            self.reporter.say("thread raised", thread=name, **_error(failed.exc_value, self.task))

    # ------------------------------------------------------------------ the checker's questions
    def _begin_answering(self, fd: int) -> None:
        """Start the thread that answers, and wait until it runs.

        A thread that does not run yet has no id. Python 3.14 takes it for a freed one, and a crash in that moment
        writes "<freed thread state>" in place of all stacks (`_Py_DumpTracebackThreads`, Python/traceback.c).
        """
        runs = _thread.allocate_lock()
        runs.acquire()
        _thread.start_new_thread(self._answer_questions, (fd, runs))
        runs.acquire()

    def _answer_questions(self, fd: int, runs: _thread.LockType) -> None:
        """Answer the kernel's questions; if the kernel is gone, end this process and its group."""
        runs.release()
        with contextlib.closing(_socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, fd)) as questions:
            while (question := received(questions))[0]:
                sys.setswitchinterval(QUESTION_SECONDS)
                match question:
                    case b"w", _:
                        spots = thread_spots(self.task.sources, self.recorder.under_way)
                        self.reporter.say("where", spots=spots, facts=self.recorder.facts(), threads=_threads())
                    case b"t", _:
                        self.reporter.say("trace", trace=self.trace.json(self.running))
                    case b"l", _:
                        self.reporter.say("left", left=self._settled())
                    case b"g", _:
                        self._give_back()
                        self.reporter.say("given back")
                    case b"c", Job() as job:
                        self.jobs.put(job)
                sys.setswitchinterval(SWITCH_SECONDS)
        os.killpg(0, signal.SIGKILL)

    def _settled(self) -> dict[str, list[str]]:
        """Return what is left; its threads get a moment to end."""
        end = time.monotonic() + patience(SETTLE_SECONDS)
        while (left := self._left()) != {"open": [], "threads": []} and time.monotonic() < end:
            time.sleep(0.002)  # no event tells that a foreign thread closed a socket
        return left

    def _left(self) -> dict[str, list[str]]:
        return {"open": self.recorder.left_open(self.returned), "threads": _threads()}


def _unrun(function: Callable[..., Any], value: object) -> str:
    """Return what a call gave in place of a result: a coroutine, a generator, an instance; '' for anything else."""
    if inspect.iscoroutinefunction(function) or isinstance(value, types.CoroutineType):
        return "coroutine"
    if isinstance(value, types.GeneratorType | types.AsyncGeneratorType):
        return "generator"
    return "instance" if isinstance(function, type) and type(value) is function else ""


def _error(error: BaseException, task: Task) -> dict[str, Any]:
    """Describe an exception: type and bases, errno, message, and the learner's own lines of its traceback."""
    trail, step = [], error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in task.sources:
            trail.append(_trail(step, task))
        step = step.tb_next
    if isinstance(error, SyntaxError) and error.filename in task.sources and error.lineno:
        trail.append({"file": error.filename, "line": error.lineno, "call": (error.text or "").strip()})
    return {
        "type": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "errno": getattr(error, "errno", None) if isinstance(error, OSError) else None,
        "message": _message(error),
        "trail": trail,
    }


def _trail(step: types.TracebackType, task: Task) -> dict[str, Any]:
    code = step.tb_frame.f_code
    positions = list(code.co_positions())
    position = positions[step.tb_lasti // 2] if 0 <= step.tb_lasti // 2 < len(positions) else None
    line, text = span_text(task.sources[code.co_filename], step.tb_lineno, position)
    return {"file": code.co_filename, "line": line, "call": text, "function": code.co_name}


def _message(error: BaseException) -> str:
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()  # half of a pair is no text that can be shown
    except Exception:
        return ""


def _threads() -> list[str]:
    """Return one phrase for each thread of the answer that is still alive."""
    main = threading.main_thread()
    return [("a daemon thread" if t.daemon else "a thread") for t in threading.enumerate() if t is not main]
