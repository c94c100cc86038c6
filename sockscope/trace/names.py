"""What the learner calls a socket: the variable that holds it in a frame of their own code."""

from __future__ import annotations

import inspect
import sys
from types import FrameType

MACHINERY = sys.stdlib_module_names | {"netlib", "sockscope", "course", "IPython", "ipykernel"}
"""Packages whose variables mean nothing to the learner."""


def is_machinery(frame: FrameType) -> bool:
    """Whether the frame's code is the standard library's, ours, or an installed package's."""
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in MACHINERY or "site-packages" in frame.f_code.co_filename


def variable_of(sock: object, frame: FrameType | None) -> str:
    """Return the variable that holds `sock` in the outermost of the learner's frames, or "".

    The outermost, because `client` in a cell says more than the parameter `sock` of a function it calls.
    """
    found = ""
    while frame is not None:
        if not is_machinery(frame):
            found = _name_in(frame, sock) or found
        frame = frame.f_back
    return found


def _name_in(frame: FrameType, sock: object) -> str:
    variables = frame.f_locals
    try:
        for scope in (variables, frame.f_globals):
            for name, value in list(scope.items()):
                if value is sock and not name.startswith("_"):
                    return name
        for name, value in list(getattr(variables.get("self"), "__dict__", {}).items()):
            if value is sock:
                return f"self.{name}"
        return ""
    finally:
        # Before 3.13 (PEP 667) f_locals of a function is a copy that the frame keeps: left there, it would
        # hold every socket of the function, and `conn = None` would close nothing.
        if frame.f_code.co_flags & inspect.CO_OPTIMIZED and sys.version_info < (3, 13):
            variables.clear()
