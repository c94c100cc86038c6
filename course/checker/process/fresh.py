"""What ties a forked copy to the kernel it was copied from is cut here, and what the kernel's owner set is reset.

A check in a notebook and a later one by `python -m course verify` must agree: so nothing that a cell has set in
the kernel (a default time-out, a signal handler, a recursion limit) may reach the answer.
"""

from __future__ import annotations

import asyncio
import asyncio.events
import builtins
import contextlib
import faulthandler
import gc
import io
import os
import resource
import signal
import sys
from pathlib import Path
from typing import NoReturn

from course.checker.process.settings import set_back

MEMORY_BYTES = 2 << 30
IGNORED = {signal.SIGPIPE, signal.SIGXFSZ}  # by Python itself, from its start (Python/pylifecycle.c, init_signals)
SETTABLE = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGUSR1}  # USR1 asks where threads are

_streams_of_the_kernel: list[object] = []  # kept: what is collected here would write the kernel's unwritten text


class NobodyToAsk(EOFError):
    """The answer called input()."""


def _nobody_to_ask(prompt: object = "", /) -> NoReturn:
    raise NobodyToAsk("input() has nobody to ask: a checked answer runs without a keyboard")


def cut_ties(printed: int, stacks: int) -> None:
    """Cut what ties this copy to its kernel. `printed` takes what is printed, `stacks` what a crash has to say."""
    # a crash says its line there, and not in the kernel's own log; C's stack, since 3.14, would only take time
    faulthandler.enable(stacks, **({"c_stack": False} if sys.version_info >= (3, 14) else {}))
    faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=True)
    _limit()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (printed, 1), (printed, 2)):
        os.dup2(source, target)
    os.close(null)
    _streams_of_the_kernel.extend(getattr(sys, name) for name in ("stdin", "stdout", "stderr"))
    _streams_of_the_kernel.extend(getattr(sys, f"__{name}__") for name in ("stdin", "stdout", "stderr"))
    gc.freeze()  # the kernel's objects are not this process's to collect, and their pages stay shared


def reset(folder: str) -> None:
    """Set back what the owner of the kernel, or an earlier call, may have set for the whole process.

    `folder` becomes the working directory, and is made: in the notebook's own an answer would find what other
    cells have left there, the file of a socket for one.
    """
    set_back()
    _reset_signals()
    os.mkdir(folder, 0o700)
    os.chdir(folder)
    out = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), out, out
    vars(sys).update(__stdin__=sys.stdin, __stdout__=out, __stderr__=out)
    builtins.input = _nobody_to_ask
    asyncio.events._set_running_loop(None)
    asyncio.events._event_loop_policy = None  # type: ignore[attr-defined]  # with it goes the kernel's own loop


def _reset_signals() -> None:
    """Give every signal what it does in a fresh Python, unblocked, and no alarm pending."""
    signal.set_wakeup_fd(-1)
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in SETTABLE:
        wanted = signal.SIG_IGN if number in IGNORED else signal.SIG_DFL
        if signal.getsignal(number) is not wanted:
            signal.signal(number, wanted)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _limit() -> None:
    """No core file of a crash, and no more memory than the kernel has plus 2 GiB: else the whole machine suffers."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY_BYTES, hard))
