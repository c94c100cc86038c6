"""Folders for what is written while answers are checked: removed, whatever lies in them, and whoever was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX, HELD = "course-", ".held"


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """Give a folder, and remove it at the end. If this process is killed, the next one to ask for a folder removes it.

    It is known by a file that its owner keeps locked (flock(2)): the kernel unlocks it when the owner ends.
    """
    _remove_orphans()
    folder = tempfile.mkdtemp(prefix=PREFIX)
    try:
        with open(f"{folder}/{HELD}.new", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            os.rename(held.name, f"{folder}/{HELD}")  # so that it is never seen unlocked
            yield folder
    finally:
        remove(folder)


def remove(folder: str) -> None:
    """Remove a folder, also one in which an answer has taken every permission away. Never raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        with contextlib.suppress(OSError):
            _open_up(Path(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _open_up(folder: Path) -> None:
    folder.chmod(0o700)
    for parent, folders, _ in os.walk(folder):
        for below in (Path(parent, name) for name in folders):
            if not below.is_symlink():
                below.chmod(0o700)


def _remove_orphans() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or held, or none of ours
            if stat.S_ISDIR(folder.lstat().st_mode) and folder.lstat().st_uid == os.getuid():
                fd = os.open(folder / HELD, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                with open(fd) as held:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    remove(str(folder))
