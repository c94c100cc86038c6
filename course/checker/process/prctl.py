"""What a process asks of the kernel for itself (prctl(2)). Where there is no prctl, nothing happens."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from course.checker.process.interrupts import interrupts_wait

PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE = 1, 3, 4  # linux/prctl.h
PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 37, 38

_libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None  # loaded before any fork


def prctl(option: int, value: int = 0) -> int:
    """Ask for one thing; return what the kernel returns, 0 where there is no prctl."""
    return int(_libc.prctl(option, value, 0, 0, 0)) if _libc is not None else 0


@dataclass
class Setting:
    """A setting of the whole process, held at a value while anyone needs it and then as it was before.

    Checks may overlap, in threads: the first sets it, the last sets it back. A forked child is not in any of them.
    """

    read: Callable[[], int]
    write: Callable[[int], object]
    users: int = 0
    _before: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def held(self, value: int) -> Iterator[None]:
        """Hold the setting at `value` inside the `with` block."""
        entered = False
        try:
            with interrupts_wait(), self._lock:
                if not self.users:
                    self._before = self.read()
                    self.write(value)
                self.users += 1
                entered = True
            yield
        finally:
            if entered:
                self._leave()

    def _leave(self) -> None:
        with interrupts_wait(), self._lock:
            self.users -= 1
            if not self.users:
                self.write(self._before)

    def forget(self) -> None:
        """In a forked child: nobody here needs it."""
        self.users, self._lock = 0, threading.Lock()


def _is_subreaper() -> int:
    answer = ctypes.c_int(0)
    if _libc is not None:
        _libc.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0)
    return answer.value


subreaper = Setting(_is_subreaper, lambda value: prctl(PR_SET_CHILD_SUBREAPER, value))
dumpable = Setting(lambda: prctl(PR_GET_DUMPABLE), lambda value: prctl(PR_SET_DUMPABLE, value))


def _in_child() -> None:
    """The checker looks into the processes that it forks: those can be seen, also where it cannot be seen itself."""
    if dumpable.users:
        prctl(PR_SET_DUMPABLE, 1)
    dumpable.forget()
    subreaper.forget()


os.register_at_fork(after_in_child=_in_child)
