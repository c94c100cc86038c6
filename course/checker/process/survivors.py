"""Processes that an answer started: found and ended, also those that left its process group.

While the answer's process lives it is a *subreaper* (prctl(2), PR_SET_CHILD_SUBREAPER): whatever its children
leave behind becomes its own child, so a walk down from it finds every descendant, `setsid` and double forks
included. The kernel is made subreaper for the time of a check too, so that it can reap them. What cannot be
found: the processes of an answer that died by itself (`os._exit`, a crash) if they moved to a session of
their own *and* closed the checker's pipe. Their group is killed; beyond it only the pipe tells whose they are.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from course.checker.process import prctl

REAP_SECONDS = 5.0  # SIGKILL is prompt; a process in disk wait, or on a crowded machine, takes its time


def become_subreaper() -> None:
    """Let orphaned descendants become children of this process. Nothing happens where there is no prctl."""
    prctl.prctl(prctl.PR_SET_CHILD_SUBREAPER, 1)


def die_with_the_kernel() -> None:
    """Let this process be killed when the thread that forked it ends: a killed kernel leaves nothing running."""
    prctl.prctl(prctl.PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def checking() -> Iterator[None]:
    """Be what a checker has to be inside the `with` block, and then what this process was before.

    A subreaper; and not dumpable, so that no answer of the same user opens what this process holds: its descriptors
    in /proc/PID/fd belong to nobody then (proc(5), ptrace(2)). Whoever has CAP_SYS_PTRACE, as root has outside a
    container, can open them all the same.
    """
    with prctl.subreaper.held(1), prctl.dumpable.held(0):
        yield


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes below `pid`, nearest first."""
    found, todo = [], [pid]
    while todo:
        below = children(todo.pop(0))
        found += below
        todo += below
    return found


def children(pid: int) -> list[int]:
    """Return the children of `pid` (proc(5), task/*/children; psutil where that file is missing)."""
    tasks = f"/proc/{pid}/task"
    try:
        texts = [Path(f"{tasks}/{thread}/children").read_bytes() for thread in os.listdir(tasks)]
    except FileNotFoundError:
        return _children_by_psutil(pid)
    except OSError:
        return []
    return [int(word) for text in texts for word in text.split()]


def _children_by_psutil(pid: int) -> list[int]:
    import psutil

    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.Error:
        return []


def holders(pipe_inode: int, own_children: list[int]) -> list[int]:
    """Return which of `own_children` hold the pipe with this inode number: orphans of the answer."""
    wanted, found = f"pipe:[{pipe_inode}]", []
    for pid in own_children:
        with contextlib.suppress(OSError):
            links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
            if wanted in links:
                found.append(pid)
    return found


def kill(pid: int) -> list[int]:
    """Kill the answer's process `pid`, its group and its descendants; return the descendants' ids."""
    below: list[int] = []
    for _ in range(20):  # a process that forks while it is hunted: again until the tree stands still
        fresh = [child for child in descendants(pid) if child not in below]
        if not fresh:
            break
        below += fresh
        for child in fresh:
            _kill(child)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    _kill(pid)
    return below


def bury(pid: int, below: list[int], pipe_inode: int) -> None:
    """Reap what `kill` killed, and what the answer's process left to us when it died by itself.

    The kernel's other children are left alone: they are neither of that group, nor do they hold that pipe.
    """
    _reap([pid])
    orphans = [child for child in children(os.getpid()) if child not in below]
    strays = [child for child in orphans if _group(child) == pid] + holders(pipe_inode, orphans)
    for child in strays:
        _kill(child)
    _reap(below + strays)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


def _reap(pids: list[int]) -> None:
    """Wait for each of `pids` that is a child of ours, for `REAP_SECONDS` in all at most."""
    deadline = time.monotonic() + REAP_SECONDS
    for pid in pids:
        _await_end(pid, deadline - time.monotonic())
        with contextlib.suppress(ChildProcessError):  # another's child, or reaped already
            while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < deadline:
                time.sleep(0.0005)  # waitpid has no time-out, and here is no pidfd


def _await_end(pid: int, seconds: float) -> None:
    """Wait until `pid` has ended, where the kernel sends an event for it (pidfd_open(2), Linux 5.3)."""
    try:
        pidfd = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return
    try:
        select.select([pidfd], [], [], max(0.0, seconds))
    finally:
        os.close(pidfd)
