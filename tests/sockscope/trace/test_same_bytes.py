"""The same program is drawn with the same bytes, whatever its threads' timing.

NETLIB_TRACE_RUNS=200 runs each conversation so often; a few runs are enough for every day.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from sockscope.trace import Trace

RUNS = int(os.environ.get("NETLIB_TRACE_RUNS", "12"))


@pytest.fixture(params=["idle", "busy"])
def machine(request: pytest.FixtureRequest) -> Iterator[int]:
    """A machine with nothing to do, and one whose interpreter lock is always wanted by others; how many runs."""
    stop = threading.Event()

    def spin() -> None:
        while not stop.is_set():
            sum(range(2000))

    threads = [threading.Thread(target=spin) for _ in range(2 if request.param == "busy" else 0)]
    for thread in threads:
        thread.start()
    yield RUNS if request.param == "idle" else max(3, RUNS // 4)
    stop.set()
    for thread in threads:
        thread.join()


def test_text_and_svg_are_the_same_in_every_run(scenario: Callable[[], Trace], machine: int) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for _ in range(machine):
        t = scenario()
        seen[t.text(), t.svg()] += 1
    texts = [text for (text, _), _ in seen.most_common()]
    assert len(seen) == 1, "\n\nand:\n".join(texts[:2])
