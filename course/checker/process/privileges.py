"""What an answer's process may do: without privileges of its own (`give_up`), and without a look into who checks it.

Root passes by every permission, so that nothing is ever denied to it: for that `case.call(…, before=give_up)`. The user
stays the same and only the capabilities go: with another user, the learner's own files (Python's library among them,
if it lies in a home folder) could not be read any more.

A process of the same user may open what another one holds, by /proc/PID/fd (proc(5)), unless that one is not
*dumpable* (prctl(2), PR_SET_DUMPABLE; ptrace(2), "ptrace access mode checking"). Root with its capabilities may always.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterator

_VERSION_3 = 0x20080522  # _LINUX_CAPABILITY_VERSION_3 of linux/capability.h
PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4  # linux/prctl.h
_ANYBODY = 65534  # "nobody" on most systems; any user but root will do


def give_up() -> None:
    """Give up every privilege of this process, for good. An ordinary user's process has none and stays as it is.

    Raises:
        OSError: the kernel did not allow it.
    """
    if not sys.platform.startswith("linux"):
        if os.geteuid() == 0:
            os.setuid(_ANYBODY)
        return
    # capset(2): a header (version, process; 0 is this one), then effective, permitted, inheritable, 32 bits at a time.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset((ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()):
        number = ctypes.get_errno()
        raise OSError(number, f"capset failed: {os.strerror(number)}")


def set_dumpable(value: bool) -> None:
    """Let processes of the same user look into this one, or not. Nothing happens where there is no prctl."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(value), 0, 0, 0)


class _Closed:
    """How many checks keep this process closed at the moment, and whether it was open before the first."""

    def __init__(self) -> None:
        self.checks, self.before = 0, False
        self.lock = threading.Lock()


_closed = _Closed()
if hasattr(os, "register_at_fork"):  # a lock that another thread holds would stay locked in the copy
    os.register_at_fork(after_in_child=_closed.__init__)  # type: ignore[misc]


@contextlib.contextmanager
def out_of_reach() -> Iterator[None]:
    """Keep what this process holds from others of the same user inside the `with` block; nested and in threads too."""
    if not sys.platform.startswith("linux"):
        yield
        return
    with _closed.lock:
        if not _closed.checks:
            _closed.before = ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1
            set_dumpable(False)
        _closed.checks += 1
    try:
        yield
    finally:
        with _closed.lock:
            _closed.checks -= 1
            if not _closed.checks and _closed.before:
                set_dumpable(True)
