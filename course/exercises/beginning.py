"""What a lesson finds in its kernel: start-up files of IPython have run by then, and may have set things."""

from __future__ import annotations

import os
import socket


def without_default_timeout() -> None:
    """Switch a default time-out off, and say so in a line: the lessons show what sockets do without one.

    Many start-up files and programs call `socket.setdefaulttimeout()`. With it a `recv` that should wait raises, and a
    blocking socket is none: what is printed would contradict what is said below it.
    """
    seconds = socket.getdefaulttimeout()
    if seconds is None:
        return
    socket.setdefaulttimeout(None)
    if os.environ.get("COURSE_NOTICES") != "0":
        print(
            f"A default time-out of {seconds:g} s was set for all sockets of this kernel, by a start-up file perhaps. "
            "The lessons show what sockets do without one, so it is off now: `socket.setdefaulttimeout(None)`."
        )
