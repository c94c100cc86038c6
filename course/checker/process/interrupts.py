"""The stop button pressed at the wrong moment: between a fork and the note of it, or in the middle of cleaning up.

A mask is not enough: a kernel has other threads, the signal goes to one of them, and Python's handler still
interrupts the main thread (signal(7), "delivered to any one of the threads").
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let SIGINT take effect only at the end of the `with` block. In a thread beside: nothing to do."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed and callable(before):
            before(*pressed[0])
