"""What a notebook lacks for network programming: a second terminal, an error in one line; and code to read."""

from netlib.expecting import expect
from netlib.terminals import background, serving

__all__ = ["background", "expect", "serving"]


def __getattr__(name: str) -> object:
    """Say where three names have gone, to the set-up cell of a lesson that its learner began before they went.

    Raises:
        ImportError: one of the three.
        AttributeError: any other name.
    """
    if name in ("look", "netstat", "trace"):
        raise ImportError(f"netlib.{name} has moved: write `from sockscope import {name}`", name=__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
