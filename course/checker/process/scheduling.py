"""What the scheduler tells of a thread: whether it could run, and how long it did. Linux only (proc(5)).

`task` is /proc/PID/task/TID everywhere.
"""

from __future__ import annotations

import contextlib
from pathlib import Path


def is_ready(task: Path) -> bool:
    """Return whether a thread runs or could run at this moment (state R).

    Raises:
        OSError: the thread is gone, or this kernel does not tell.
    """
    return (task / "stat").read_bytes().rpartition(b") ")[2][:1] == b"R"


def ran_or_queued(task: Path) -> float:
    """Return the seconds for which a thread ran, and those for which it stood ready and did not get a processor.

    On a crowded machine the first alone would make a spinning thread look idle.

    Raises:
        OSError, ValueError: the thread is gone, or this kernel does not tell.
    """
    return sum(_seconds(task))


def any_ready(pid: int) -> bool:
    """Return whether a thread of the process runs or could run at this moment; False if that is not known."""
    with contextlib.suppress(OSError):
        return any(map(is_ready, _tasks(pid)))
    return False


def all_ran(pid: int) -> float:
    """Return the seconds for which the threads of the process had a processor; 0 if that is not known."""
    with contextlib.suppress(OSError, ValueError):
        return sum(_seconds(task)[0] for task in _tasks(pid))
    return 0.0


def all_ran_or_queued(pid: int) -> float:
    """Return for a process what `ran_or_queued` does for a thread; 0 if that is not known."""
    with contextlib.suppress(OSError, ValueError):
        return sum(map(ran_or_queued, _tasks(pid)))
    return 0.0


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").iterdir())


def _seconds(task: Path) -> tuple[float, float]:
    """Return how long a thread ran and was queued; in the file, nanoseconds (scheduler/sched-stats.rst)."""
    ran, queued, _ = (task / "schedstat").read_text().split()
    return int(ran) / 1e9, int(queued) / 1e9
