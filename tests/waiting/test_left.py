"""Threads that a cell left behind: spoken of when no variable holds them, and never else. In a real kernel."""

from __future__ import annotations

import re

import pytest

SERVE = """def serve(ready):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ready.set()
        listener.accept()
def start():
    ready = threading.Event()
    thread = threading.Thread(target=serve, args=(ready,), name="server", daemon=True)
    thread.start()
    ready.wait()
    return thread
"""


@pytest.fixture(autouse=True)
def clean(kernel):
    """Begin without leftovers, and with the functions defined."""
    kernel.run("from course.waiting import stop_left\nimport threading\nthreading.excepthook = lambda _: None")
    kernel.run(SERVE)
    yield
    kernel.run("first = second = server = None")
    kernel.run("stop_left()")


def test_what_a_variable_holds_is_not_spoken_of(kernel):
    assert kernel.run("first = start()\nsecond = [{'in': start()}]").notices == []
    assert kernel.run("pass").notices == []


def test_a_server_dropped_by_running_its_cell_again_is_told_once_with_its_address(kernel):
    assert kernel.run("server = start()").notices == []
    told = kernel.run("server = start()")
    line, hint = told.notices[0].splitlines()
    assert re.fullmatch(
        r"left running, held by no variable: thread server, in `listener.accept\(\)`, "
        r"line 4 of the cell with serve\(\), listening at 127\.0\.0\.1:\d+\.",
        line,
    )
    assert hint == "`from course.waiting import stop_left; stop_left()` ends what is left."
    assert kernel.run("pass").notices == []
    assert kernel.run("stop_left()").text == "thread server has ended\n"
    assert kernel.run("stop_left()").text == "nothing was left running\n"
    assert kernel.run("server.is_alive()").result == "True", "what a variable holds goes on"


def test_a_thread_that_nobody_ever_held_is_told(kernel):
    assert "thread server, in" in kernel.run("start()\nNone").notices[0]


def test_a_dropped_thread_that_is_ending_is_not_told(kernel):
    kernel.run("go = threading.Event()\ndef wait_and_tidy_up():\n    go.wait()\n    time.sleep(0.02)")
    kernel.run("server = threading.Thread(target=wait_and_tidy_up); server.start()")
    assert kernel.run("go.set(); server = None").notices == []


def test_the_handlers_of_a_server_that_you_hold_are_its_own_business(kernel):
    kernel.run(
        "def handle(conn): conn.recv(1)\n"
        "def serve_all(listener):\n"
        "    while True:\n"
        "        threading.Thread(target=handle, args=listener.accept()[:1], daemon=True).start()\n"
        "listener = socket.create_server(('127.0.0.1', 0))\n"
        "server = threading.Thread(target=serve_all, args=(listener,), daemon=True); server.start()"
    )
    assert kernel.run("client = socket.create_connection(listener.getsockname()); time.sleep(0.1)").notices == []
    assert kernel.run("client.close(); listener.shutdown(socket.SHUT_RDWR); server.join()").notices == []


def test_a_socket_that_you_hold_is_not_shut_down(kernel):
    kernel.run("listener = socket.create_server(('127.0.0.1', 0))\ndef wait_in(listener): listener.accept()")
    kernel.run("threading.Thread(target=wait_in, args=(listener,), name='waits', daemon=True).start()")
    said = kernel.run("stop_left()").text
    assert said == "thread waits goes on with listener, which you hold; close its peer, or shut it down\n"
    kernel.run("listener.shutdown(socket.SHUT_RDWR); listener.close()")
