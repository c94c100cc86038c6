"""What a start-up file may have set for the whole kernel, and what a lesson needs there.

IPython runs the files in its folder `startup` before the first cell. `socket.setdefaulttimeout(3)` in one of them, or
in a cell above the lesson, gives a time-out to every socket made from then on: a plain `accept` ends with TimeoutError,
and MSG_DONTWAIT waits. The lessons show sockets as Python makes them. So what is set is put back once, when a lesson's
first cell imports the course; and that is said. What a later cell sets stays.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

_SIGNALS = (  # as Python has it, and as some programs of the command line want it
    (
        "SIGPIPE",
        signal.SIG_IGN,
        signal.SIG_DFL,
        "a `send` to a peer that is gone would have ended the notebook kernel, in place of raising BrokenPipeError.",
    ),
    (
        "SIGCHLD",
        signal.SIG_DFL,
        signal.SIG_IGN,
        "nobody could have asked how a child process has ended (wait(2)).",
    ),
)


def restore() -> list[str]:
    """Put back what Python starts with; return a line for each thing that was otherwise."""
    said = []
    seconds = socket.getdefaulttimeout()
    if seconds is not None:
        socket.setdefaulttimeout(None)
        said.append(
            f"socket.setdefaulttimeout({seconds:g}) was set in this kernel, as by a start-up file. The lessons show "
            "sockets that wait as long as it takes, so it is None again, until you set it."
        )
    for name, usual, unusual, effect in _SIGNALS:
        number = getattr(signal, name, None)  # Windows has neither
        if number is not None and signal.getsignal(number) is unusual:
            signal.signal(number, usual)
            said.append(
                f"{name} was {unusual.name} in this kernel, as by a start-up file: {effect} It is {usual.name} again."
            )
    if socket.socket.__module__ != "socket":
        name = f"{socket.socket.__module__}.{socket.socket.__qualname__}"
        said.append(
            f"socket.socket is {name} in this kernel, not Python's own: what cells print may differ from the text. "
            "Take the line that replaces it out of your start-up file, and restart the kernel."
        )
    return said


def begin() -> None:
    """Restore, in a notebook alone, and print what was restored; not with COURSE_NOTICES=0 in the environment."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return
    said = restore()
    if said and os.environ.get("COURSE_NOTICES") != "0":
        print("\n".join(said))
