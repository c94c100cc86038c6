"""Show a real error in one line, and fail when it does not come."""

from __future__ import annotations

from types import TracebackType
from typing import Literal


class expect:  # reads as a word of the lesson: `with expect(ConnectionRefusedError):`
    """Expect an error of one of `kinds` (subclasses count) from the `with` block, and print it in one line.

    The block's error is shown as `ConnectionRefusedError: [Errno 111] Connection refused`. The error object
    stays readable as `.error`, without its traceback, so that no socket is kept alive by it.

    Raises:
        AssertionError: the block ended without an error.
        TypeError: `kinds` is empty or holds something that is not an exception class.

    An error of another kind passes through unchanged.
    """

    def __init__(self, *kinds: type[BaseException]) -> None:
        for kind in kinds:
            if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                raise TypeError(f"expect() takes exception classes such as OSError, not {kind!r}")
        if not kinds:
            raise TypeError("expect() needs the exception class that you expect: expect(OSError)")
        self.kinds = kinds
        self.error: BaseException | None = None

    def __enter__(self) -> expect:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[True] | None:
        if error is None:
            names = " or ".join(kind.__name__ for kind in self.kinds)
            raise AssertionError(f"expected {names}, but nothing was raised")
        if not isinstance(error, self.kinds):
            return None
        # A traceback holds the frames, and the frames hold their sockets open.
        self.error = error.with_traceback(None)
        print(one_line(error))
        return True


def one_line(error: BaseException) -> str:
    """Return the class and the first line of the message: `TimeoutError: timed out`."""
    message = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
