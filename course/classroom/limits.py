"""What a checked answer may use: limits that any process can set for itself, and an eye on what no limit covers."""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from course.checker.process import fresh
from course.checker.process.survivors import descendants

MEGABYTE = 1 << 20
# Of address space, for each process, beyond what it has at its beginning: more than the checker lets an answer have, so
# that a notebook and this agree. Threads take much of it unused: a stack of 8 MB each, and 64 MB where they allocate.
MEMORY_BYTES = 2 * fresh.MEMORY_BYTES
ALL_MEMORY_BYTES = 3 << 29  # of memory in use by all processes of one answer together: 1.5 GiB
ALL_PROCESSES = 300
FILE_BYTES = 32 * MEGABYTE
ALL_FILES_BYTES, ALL_FILES = 96 * MEGABYTE, 2_000
PROCESSOR_SECONDS = 30
MORE_THREADS = 256  # than the user has already: the kernel counts all that belong to the user (setrlimit(2))
OPEN_FILES = 1024
LOOK_SECONDS = 0.1  # no event tells that a group of processes has grown; cgroups would, and need privilege

PATH = "/usr/local/bin:/usr/bin:/bin"
KEPT_NAMES = ("NETLIB_PATIENCE",)


def clean_environment(home: str) -> dict[str, str]:
    """Return the environment of who checks answers: nothing of the caller's, who may hold passwords there."""
    kept = {name: os.environ[name] for name in KEPT_NAMES if name in os.environ}
    return {"PATH": PATH, "LANG": "C.UTF-8", "COURSE_KEEP": "0", "PYTHONDONTWRITEBYTECODE": "1"} | at_home(home) | kept


def at_home(folder: str) -> dict[str, str]:
    """Return the names by which a process finds its own folder."""
    return {"HOME": folder, "TMPDIR": folder}


def settle_in(folder: str) -> None:
    """Make `folder` this process's home, working directory and place for temporary files."""
    os.environ.update(at_home(folder))
    tempfile.tempdir = None  # asked for once, then remembered: ask again
    os.chdir(folder)


def limit_this_process(threads_of_user: int) -> None:
    """Set every limit that an ordinary process can set for itself and for all that it starts."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, FILE_BYTES)
    _set(resource.RLIMIT_CPU, PROCESSOR_SECONDS)
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    _set(resource.RLIMIT_NPROC, threads_of_user + MORE_THREADS)
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _set(resource.RLIMIT_AS, pages * resource.getpagesize() + MEMORY_BYTES)


def be_the_first_to_go() -> None:
    """If memory runs out nevertheless, let the kernel take this process, or the largest below it (proc(5)).

    To be called before this process is hidden: the file belongs to root then.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _set(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def threads_of_user() -> int:
    """Return how many threads the user of this process has on this machine; 0 where nobody says."""
    found, user = 0, os.getuid()
    with contextlib.suppress(OSError):
        for process in os.scandir("/proc"):
            with contextlib.suppress(OSError):
                if process.name.isdigit() and process.stat().st_uid == user:
                    found += len(os.listdir(f"/proc/{process.name}/task"))
    return found


@dataclass
class Watch:
    """An eye on all processes below `pid` and on the files in `folder`."""

    pid: int
    folder: str
    _next: float = 0.0

    def complaint(self) -> str:
        """Return what there is too much of, "" if nothing; looks at most every tenth of a second."""
        if time.monotonic() < self._next:
            return ""
        self._next = time.monotonic() + LOOK_SECONDS
        below = descendants(self.pid)
        if len(below) > ALL_PROCESSES:
            return f"it started {len(below)} processes, and {ALL_PROCESSES} is the most"
        memory = sum(map(_own_memory, below))
        if memory > ALL_MEMORY_BYTES:
            return f"it took {memory // MEGABYTE} MB of memory, and {ALL_MEMORY_BYTES // MEGABYTE} is the most"
        files, size = _contents(self.folder)
        if files > ALL_FILES or size > ALL_FILES_BYTES:
            return f"it wrote {files:,} files of {size // MEGABYTE} MB in all, and {ALL_FILES:,} of 96 MB is the most"
        return ""


def _own_memory(pid: int) -> int:
    """Return the bytes that a process has for itself: what it shares with the checker is not its own (proc(5))."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * resource.getpagesize()


def _contents(folder: str) -> tuple[int, int]:
    """Return how many entries lie in `folder` and the bytes they take on the disk. Counting stops at too many."""
    count, size, todo = 0, 0, [folder]
    while todo and count <= ALL_FILES:
        with contextlib.suppress(OSError):
            for entry in os.scandir(todo.pop()):
                count += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                if count > ALL_FILES:
                    break
    return count, size
