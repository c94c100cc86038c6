"""An answer's process without privileges: root passes by every permission, so that nothing is ever denied to it.

For `case.call(…, before=give_up)`. The user stays the same and only the capabilities go: with another user, the
learner's own files (Python's library among them, if it lies in a home folder) could not be read any more.
"""

from __future__ import annotations

import ctypes
import os
import sys

_VERSION_3 = 0x20080522  # _LINUX_CAPABILITY_VERSION_3 of linux/capability.h
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
