"""The folder in which a verification works: removed at its end, or by the next one if it was killed.

A killed process removes nothing. So who works in a folder holds a lock in it, which the kernel drops when that process
ends, however it ends (flock(2)); a folder whose lock can be had is nobody's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

PREFIX, LOCK = "course-", "in-use"


class Scratch:
    """A folder of this process's own. Making one removes those whose makers were killed."""

    def __init__(self) -> None:
        remove_orphans()
        self.folder = tempfile.mkdtemp(prefix=PREFIX)
        self._lock = _locked(Path(self.folder, f"{LOCK}.new"))
        os.rename(Path(self.folder, f"{LOCK}.new"), Path(self.folder, LOCK))  # seen by others only once it is held

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def remove_orphans() -> None:
    """Remove the folders of this user's whose makers have ended without doing so."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another's, in use, or gone by now
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = _locked(folder / LOCK, os.O_RDWR)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open the file and lock it, without waiting.

    Raises:
        OSError: somebody else holds it, or there is no such file.
    """
    import fcntl

    fd = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise
    return fd
