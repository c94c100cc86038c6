"""What a notebook, or IPython's start-up file, has set for its whole process is no answer's fault."""

import asyncio
import locale
import os
import signal
import socket
import sys
import threading
import time
import warnings

import pytest

from course.checker import Answer, run_check
from course.exercises.registry import exercises

SAMPLE = ["shout", "describe_address", "timestamp_server", "ask", "send_frame", "ask_udp", "relay"]


@pytest.mark.parametrize("name", exercises())
def test_a_default_time_out_of_the_notebook_reaches_no_check(name, reference_verdict):
    socket.setdefaulttimeout(3)
    try:
        found = reference_verdict(name)
        assert socket.getdefaulttimeout() == 3
    finally:
        socket.setdefaulttimeout(None)
    assert found.outcome == "passed", found


def refuses(*args, **kwargs):
    raise RuntimeError("of the notebook")


def replaced(module, name):
    """Return how to put a function of the notebook's in the place of the standard library's, and how to undo it."""
    before = getattr(module, name)
    return lambda: setattr(module, name, refuses), lambda: setattr(module, name, before)


SETTINGS = {
    "socket.socket": replaced(socket, "socket"),
    "socket.create_server": replaced(socket, "create_server"),
    "socket.create_connection": replaced(socket, "create_connection"),
    "socket.getaddrinfo": replaced(socket, "getaddrinfo"),
    "time.sleep": replaced(time, "sleep"),
    "time.monotonic": replaced(time, "monotonic"),
    "threading.Thread": replaced(threading, "Thread"),
    "os.fork": replaced(os, "fork"),
    "umask": (lambda: os.umask(0o777), lambda: os.umask(0o022)),
    "recursion limit": (lambda: sys.setrecursionlimit(150), lambda: sys.setrecursionlimit(1000)),
    "SIGCHLD ignored": (
        lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
        lambda: signal.signal(signal.SIGCHLD, signal.SIG_DFL),
    ),
    "signals blocked": (
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM]),
        lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM]),
    ),
    "a trace function": (lambda: sys.settrace(lambda *_: None), lambda: sys.settrace(None)),
    "thread stack size": (lambda: threading.stack_size(32 << 20), lambda: threading.stack_size(0)),
}


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("setting", SETTINGS)
def test_no_setting_of_the_whole_process_makes_a_right_answer_wrong(setting, name, reference_verdict):
    change, undo = SETTINGS[setting]
    change()
    try:
        found = reference_verdict(name)
    finally:
        undo()
    assert found.outcome == "passed", found


def test_an_alarm_of_the_notebook_goes_off_in_the_notebook(reference_verdict):
    rang = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append("rang"))
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    try:
        found = reference_verdict("timestamp_server")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert found.outcome == "passed", found
    assert rang


LOOKS = """
import locale, os, sys, threading, warnings


def shout(text):
    looked = [os.umask(0), threading.stack_size(), sys.getrecursionlimit(), locale.getlocale(locale.LC_TIME)]
    looked += [one[0] for one in warnings.filters]
    raise ValueError(looked)
"""


def test_the_answer_finds_umask_locale_and_warnings_as_a_fresh_python_has_them():
    shout = exercises()["shout"]

    def looked():
        return run_check("shout", shout.check, [Answer("shout", LOOKS)]).got

    plain = looked()
    before = os.umask(0o777), threading.stack_size(32 << 20), locale.setlocale(locale.LC_TIME)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            locale.setlocale(locale.LC_TIME, "C.UTF-8")
            assert looked() == plain
    finally:
        os.umask(before[0])
        threading.stack_size(before[1])
        locale.setlocale(locale.LC_TIME, before[2])
    assert str([0o022, 0, 1000, (None, None), "ignore"])[:-1] in plain


def test_a_check_inside_a_running_event_loop_is_as_any_other(reference_verdict):
    async def cell():
        return reference_verdict("hello_udp")

    found = asyncio.run(cell())
    assert found.outcome == "passed", found


def test_the_settings_are_the_notebooks_own_again_after_a_check(reference_verdict, monkeypatch):
    monkeypatch.setattr(time, "sleep", refuses)
    socket.setdefaulttimeout(2)
    mask = os.umask(0o077)
    try:
        reference_verdict("shout")
        assert (time.sleep, socket.getdefaulttimeout(), os.umask(0o077)) == (refuses, 2, 0o077)
    finally:
        os.umask(mask)
        socket.setdefaulttimeout(None)
