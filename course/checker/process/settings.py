"""What a notebook can set for its whole process, set aside while a check runs and set back for the answer.

A default time-out, a umask, warnings made errors, `time.sleep` replaced: none of it is the answer's, and a later check
by `python -m course verify` would not have it. The checker's own sockets and clocks obey it too, and with them wrong
verdicts are told of right answers: `socket.setdefaulttimeout(3)`, with which many published programs begin, made 12 of
26 exercises refuse their reference.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import locale
import os
import select
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

RECURSION_LIMIT = 1000  # CPython's default
SWITCH_SECONDS = 0.005  # CPython's default
UMASK = 0o022
HOOKS = {"input", "excepthook", "breakpoint"}
MODULES = (builtins, os, select, socket, subprocess, threading, time)  # what the checker and most answers call


def _functions(module: ModuleType) -> dict[str, Any]:
    """Return the functions and classes that `module` gives away, but for the hooks: those are there to be set."""
    public = {name: value for name, value in vars(module).items() if callable(value) and name[:1] != "_"}
    return {name: value for name, value in public.items() if name not in HOOKS}


# As they were when the course was imported: in a lesson's first cell.
_AT_FIRST = [(module, name, value) for module in MODULES for name, value in _functions(module).items()]


def put_back_functions() -> list[tuple[ModuleType, str, Any]]:
    """Put the standard library's functions back where others stand in their place; return those others."""
    others = []
    for module, name, function in _AT_FIRST:
        found = getattr(module, name, None)
        if found is not function:
            others.append((module, name, found))
            setattr(module, name, function)
    return others


@contextlib.contextmanager
def set_aside() -> Iterator[None]:
    """Let the checker work under Python's own settings inside the `with` block; leave the process as it was."""
    others = put_back_functions()
    timeout, limit, umask = socket.getdefaulttimeout(), sys.getrecursionlimit(), os.umask(UMASK)
    socket.setdefaulttimeout(None)
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        yield
    finally:
        socket.setdefaulttimeout(timeout)
        sys.setrecursionlimit(limit)
        os.umask(umask)
        for module, name, other in others:
            setattr(module, name, other)


def set_back() -> None:
    """Give this process Python's own settings, for good: it is an answer's."""
    put_back_functions()
    socket.setdefaulttimeout(None)
    sys.setrecursionlimit(RECURSION_LIMIT)
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.stack_size(0)
    threading.settrace(None)
    threading.setprofile(None)
    sys.settrace(None)
    sys.setprofile(None)
    os.umask(UMASK)
    locale.setlocale(locale.LC_ALL, "C")
    with contextlib.suppress(locale.Error):  # the environment names one that is not installed
        locale.setlocale(locale.LC_CTYPE, "")  # as Python does when it starts
    _set_back_warnings()
    gc.enable()


def _set_back_warnings() -> None:
    """Show and hide the warnings that Python shows and hides by itself (warnings, "Default Warning Filter")."""
    warnings.resetwarnings()
    for category in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    # 3.12 warns of forking beside threads, and the one beside is ours.
    warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
