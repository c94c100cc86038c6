"""What the tests of the labs share: waiting, as the lab's own watch does, for what a model waits for."""

import select
import time

import pytest

from netlib.patience import patience


@pytest.fixture
def until():
    """Give a function that lets a model look again, each time its sockets or its timer say so, until `true()`."""

    def wait(model, true, seconds=10):
        deadline = time.monotonic() + patience(seconds)
        waits = model.turn()
        while not true():
            left = deadline - time.monotonic()
            assert left > 0, f"it did not come within {seconds} s; the model waits for {waits}"
            assert waits.readable or waits.writable or waits.seconds is not None, "the model waits for nothing"
            pause = left if waits.seconds is None else min(left, waits.seconds)
            select.select(waits.readable, waits.writable, [], pause)
            waits = model.turn()

    return wait
