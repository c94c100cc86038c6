"""What the tests of the checker share: a way to run one scene against one text."""

from __future__ import annotations

import os
import textwrap
import threading
from pathlib import Path

import pytest

from course.checker import Answer, run_check
from course.checker.process.survivors import descendants


@pytest.fixture
def judge():
    """judge(scene, text) runs `scene(case)` as the only case against the function `answer` of `text`."""

    def run(scene, *texts, seconds=0.3, name="answer", rules=(), lines=None):
        def check(trial):
            trial.explain(*rules)
            with trial.case("the scene", seconds=seconds) as case:
                scene(case)

        answers = [Answer(name, textwrap.dedent(text).strip() + "\n", lines or {}) for text in texts]
        return run_check("example", check, answers)

    return run


@pytest.fixture
def nothing_left():
    """Fail when a test leaves a thread, a descriptor or a process behind."""

    def census():
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir())), descendants(os.getpid())

    before = census()
    yield
    assert census() == before


def one_echo(case):
    """A client that says one thing, hears it, ends, and waits for the end."""
    listener = case.listener()
    answer = case.call(listener)
    client = case.connect(listener)
    client.sends(b"hello")
    client.hears(b"hello")
    client.ends()
    client.hears_end()
    return answer


@pytest.fixture
def echo():
    """The scene of one echo, as a function of the case; it gives the call."""
    return one_echo
