"""The answer's own process: everything that happens between the fork and the end of that process.

It reports in JSON lines on one pipe and takes one-word questions on another: `where` (what is each thread in?)
and `left` (what is still open?). It never returns into the kernel that it was copied from.
"""

from __future__ import annotations

import _thread
import asyncio.events
import builtins
import contextlib
import faulthandler
import gc
import io
import json
import linecache
import os
import resource
import signal
import socket
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from course.checker.encoding import pack
from course.checker.recorder import Recorder
from course.checker.where import span_text, thread_spots
from netlib.patience import patience

SETTLE_SECONDS = 0.3  # how long a thread of the answer may take to end after its function has returned

MEMORY_BYTES = 2 << 30


@dataclass(frozen=True)
class Task:
    """What the child is to do: define the answers, then call one, through `via` if that is given. `before` runs first.

    `code` and `sources` are by pseudo file name, `names` in the order of the answers.
    """

    code: Mapping[str, types.CodeType]
    sources: dict[str, str]
    names: Sequence[tuple[str, str]]  # (pseudo file name, expression)
    args: tuple[Any, ...]
    which: int = 0
    via: Callable[..., Any] | None = None
    before: Callable[[], None] | None = None
    close: Sequence[socket.socket] = ()  # the peers' ends: a copy kept here would suppress their end of stream


@dataclass(frozen=True)
class Pipes:
    """The child's ends: reports out, questions in, what is printed, and where a C-level stack dump goes."""

    report: int
    question: int
    printed: int
    stacks: int


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
    """Run `task` and stay until killed, so that what the answer left open stays open."""
    try:
        reporter, recorder = Reporter(pipes.report), Recorder()
        _settle_in(pipes, task)
        threading.excepthook = lambda failed: _thread_died(failed, task, reporter)
        _thread.start_new_thread(_answer_questions, (pipes.question, task, reporter, recorder))
        recorder.install()
        if task.before is not None:
            task.before()
        function = _define(task, reporter)
        if function is not None:
            _call(function, task, reporter, recorder)
        while True:
            time.sleep(3600)
    finally:
        os._exit(0)


def _settle_in(pipes: Pipes, task: Task) -> None:
    """Cut what ties this copy to its kernel: signals, streams, the event loop, the notebook's input."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    faulthandler.enable(pipes.stacks)  # a crash says its line there, and not in the kernel's own log
    faulthandler.register(signal.SIGUSR1, file=pipes.stacks, all_threads=True)
    _limit()
    for sock in task.close:
        sock.close()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (pipes.printed, 1), (pipes.printed, 2)):
        os.dup2(source, target)
    out = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), out, out
    vars(sys).update(__stdin__=sys.stdin, __stdout__=out, __stderr__=out)
    builtins.input = _nobody_to_ask
    asyncio.events._set_running_loop(None)
    if sys.version_info >= (3, 12):  # it warns of forking beside threads, and the one beside is ours
        warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
    gc.freeze()  # the kernel's objects are not this process's to collect, and their pages stay shared
    for file, source_text in task.sources.items():
        linecache.cache[file] = (len(source_text), None, source_text.splitlines(keepends=True), file)


def _limit() -> None:
    """No core file of a crash, and no more memory than the kernel has plus 2 GiB: else the whole machine suffers."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY_BYTES, hard))


class NobodyToAsk(EOFError):
    """The answer called input()."""


def _nobody_to_ask(prompt: object = "", /) -> NoReturn:
    raise NobodyToAsk("input() has nobody to ask: a checked answer runs without a keyboard")


def _define(task: Task, reporter: Reporter) -> Callable[..., Any] | None:
    """Execute each text in a module of its own; return the callable to call, or None once that is reported."""
    modules: dict[str, types.ModuleType] = {}
    found: list[Any] = []
    for file, expression in task.names:
        try:
            if file not in modules:
                modules[file] = module = types.ModuleType(f"answer_{len(modules) + 1}")
                sys.modules[module.__name__] = module  # dataclasses and typing look their module up
                exec(task.code[file], module.__dict__)
            found.append(eval(expression, modules[file].__dict__))
        except BaseException as error:
            reporter.say("raised", stage="define", **_error(error, task))
            return None
        if not callable(found[-1]):
            reporter.say("not callable", type=type(found[-1]).__name__)
            return None
    function: Callable[..., Any] = found[task.which]
    return function


def _call(function: Callable[..., Any], task: Task, reporter: Reporter, recorder: Recorder) -> None:
    value: Any = None
    try:
        value = task.via(function, *task.args) if task.via else function(*task.args)
        outcome: dict[str, Any] = {"event": "returned", "value": pack(value)}
    except BaseException as error:
        outcome = {"event": "raised", "stage": "call"} | _error(error, task)
        error.__traceback__ = None
    with contextlib.suppress(Exception):  # the answer may have closed it
        sys.stdout.flush()
    left = {"open": recorder.left_open(value), "threads": _threads()}
    reporter.say(**outcome, facts=recorder.facts(), left=left)
    recorder.returned = value


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
        return str(error)
    except Exception:
        return ""


def _thread_died(failed: threading.ExceptHookArgs, task: Task, reporter: Reporter) -> None:
    if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
        name = failed.thread.name if failed.thread else ""
        reporter.say("thread raised", thread=name, **_error(failed.exc_value, task))


def _threads() -> list[str]:
    """Return one phrase for each thread of the answer that is still alive."""
    main = threading.main_thread()
    return [("a daemon thread" if t.daemon else "a thread") for t in threading.enumerate() if t is not main]


def _answer_questions(fd: int, task: Task, reporter: Reporter, recorder: Recorder) -> None:
    """Answer the kernel's questions; if the kernel is gone, end this process and its group."""
    while question := os.read(fd, 1):
        if question == b"w":
            spots = thread_spots(task.sources, recorder.under_way)
            reporter.say("where", spots=spots, facts=recorder.facts(), threads=_threads())
        elif question == b"l":
            end = time.monotonic() + patience(SETTLE_SECONDS)
            while (left := _left(recorder)) != {"open": [], "threads": []} and time.monotonic() < end:
                time.sleep(0.002)  # no event tells that a foreign thread closed a socket
            reporter.say("left", left=left)
    os.killpg(0, signal.SIGKILL)


def _left(recorder: Recorder) -> dict[str, list[str]]:
    return {"open": recorder.left_open(recorder.returned), "threads": _threads()}
