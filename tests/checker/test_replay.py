"""A failing case once more, in this very process."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from course.checker import replay_case
from course.checker.trial import case_names

pytestmark = pytest.mark.usefixtures("nothing_left")


def check(trial):
    with trial.case("silence") as case:
        raise AssertionError("another case ran") if case.listener() else None
    with trial.case("an echo") as case:
        listener = case.listener()
        answer = case.call(listener)
        client = case.connect(listener)
        client.sends(b"one")
        client.hears(b"one")
        client.leaves()
        answer.returns(b"one")


def right(listener):
    conn, _ = listener.accept()
    with conn:
        data = conn.recv(10)
        conn.sendall(data)
    assert threading.current_thread() is threading.main_thread()
    return data


def test_the_cases_of_a_check_are_known_without_running_any():
    assert case_names(check) == ["silence", "an echo"]


def test_the_function_runs_in_the_main_thread_with_the_same_peer():
    found = replay_case(check, "an echo", [right])
    assert (found.problem, found.error, found.value) == ("", None, b"one")
    assert found.wire[:3] == ("client connects", "client sends b'one'", "client hears b'one'")


def test_what_the_function_raises_is_kept_with_its_traceback():
    def wrong(listener):
        raise ValueError("mine")

    found = replay_case(check, "an echo", [wrong])
    assert str(found.error) == "mine"
    assert found.error.__traceback__ is not None


def test_a_function_that_waits_is_released_when_its_peer_gives_up():
    def wrong(listener):
        with listener.accept()[0] as conn:
            conn.recv(10)
            return conn.recv(10)

    began = time.monotonic()
    found = replay_case(check, "an echo", [wrong], seconds=0.2)
    assert time.monotonic() - began < 2
    assert found.problem == "expected: the client hears b'one'; it heard nothing"
    assert found.value == b""


def test_the_stop_button_ends_it():
    def wrong(listener):
        time.sleep(60)

    timer = threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        replay_case(check, "an echo", [wrong])
    timer.join()


def test_an_unknown_case_is_an_error():
    with pytest.raises(LookupError, match="nothing like it"):
        replay_case(check, "nothing like it", [right])
