"""Which process makes a call: one that has done so before and left nothing, or a new one. And what neither inherits."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import pytest

from course.checker import Answer, run_check

pytestmark = pytest.mark.usefixtures("nothing_left")

PID = "import os\ndef answer(*args):\n    {}\n    return os.getpid()\n"


def twice(function, *args):
    """What a case may ask for in the answer's process."""
    return function(*args), function(*args)


@pytest.fixture
def processes(monkeypatch):
    """processes(text, scene) runs `scene(case)` as two cases and returns the process of each, numbered from 1."""

    def run(text, scene=lambda case: case.call().result(), count=2):
        pids = []

        def check(trial):
            for number in range(count):
                with trial.case(f"case {number}", seconds=1) as case:
                    pids.append(scene(case))

        verdict = run_check("example", check, [Answer("answer", text)])
        assert verdict.outcome == "passed", verdict
        return [list(dict.fromkeys(pids)).index(pid) + 1 for pid in pids]

    return run


def test_a_process_whose_call_left_nothing_makes_the_next_ones_call(processes):
    assert processes(PID.format("pass"), count=4) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "leaves",
    [
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "import socket; global kept; kept = socket.socket()",
        "os.dup(0)",
        "os.fork() or os.kill(os.getpid(), 9)",
        "os.posix_spawn('/bin/sleep', ['sleep', '60'], {})",
    ],
)
def test_one_that_left_anything_does_not(processes, leaves):
    assert processes(PID.format(leaves)) == [1, 2]


def test_within_a_case_calls_share_a_process_that_is_free(processes):
    assert processes(PID.format("pass"), lambda case: [case.call().result(), case.call().result()][1]) == [1, 1]

    def both_at_once(case):
        listener = case.listener()
        calls = [case.call(listener) for _ in range(2)]
        for name in ("ann", "bob"):
            case.connect(listener, name)
        pids = {call.result() for call in calls}
        assert len(pids) == 2
        return "these"

    text = "import os\ndef answer(listener):\n    listener.accept()[0].close()\n    return os.getpid()\n"
    assert processes(text, both_at_once) == [1, 1]


def test_sockets_and_functions_of_the_check_cross(processes):
    def scene(case):
        listener = case.listener()
        call = case.call(listener, b"bytes", via=twice)
        for name in ("ann", "bob"):
            case.connect(listener, name).hears(b"bytes")
        one, other = call.result()
        assert one == other
        return one

    talk = "conn, _ = args[0].accept(); conn.sendall(args[1]); conn.close()"
    assert processes(PID.format(talk), scene, count=3) == [1, 1, 1]


def test_what_cannot_cross_gets_a_process_of_its_own(processes):
    assert processes(PID.format("pass"), lambda case: case.call(object()).result()) == [1, 2]
    assert processes(PID.format("pass"), lambda case: case.call(bytes(100_000)).result()) == [1, 2]
    assert processes(PID.format("pass"), lambda case: case.call(via=lambda f: f()).result()) == [1, 2]
    assert processes(PID.format("pass"), lambda case: case.call(before=lambda: None).result()) == [1, 2]


def test_a_lent_socket_is_closed_again_and_its_port_is_free(processes):
    ports = []

    def scene(case):
        for port in ports:
            socket.create_server(("127.0.0.1", port)).close()
        listener = case.listener()
        pid = case.call(listener).result()
        ports.append(listener.getsockname()[1])
        return pid

    assert processes(PID.format("pass"), scene, count=3) == [1, 1, 1]


def test_each_call_finds_the_text_as_if_it_were_the_first(judge):
    def scene(case):
        for _ in range(3):
            case.call().returns(1)

    assert judge(scene, "calls = []\ndef answer():\n    calls.append(1)\n    return len(calls)\n").outcome == "passed"


def test_what_an_earlier_call_printed_or_did_is_not_taken_for_the_next_ones(judge):
    def scene(case):
        listener = case.listener()
        call = case.call(listener, "first")
        case.connect(listener, "ann")
        call.result()
        case.call(listener, "second").returns(0)

    text = """
    def answer(listener, name):
        print(name)
        if name == "first":
            listener.accept()[0].close()
        return 1
    """
    verdict = judge(scene, text)
    assert verdict.printed == "second\n"
    assert verdict.diagnosis.name == "wrong-value"


SETTINGS = {
    "socket.getdefaulttimeout()": (lambda: socket.setdefaulttimeout(0.01), lambda: socket.setdefaulttimeout(None)),
    "signal.getsignal(signal.SIGTERM) is signal.SIG_DFL": (
        lambda: signal.signal(signal.SIGTERM, lambda *_: None),
        lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
    ),
    "signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN": (
        lambda: signal.signal(signal.SIGPIPE, lambda *_: None),
        lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    ),
    "sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ()))": (
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]),
        lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2]),
    ),
    "signal.getitimer(signal.ITIMER_REAL)": (
        lambda: signal.signal(signal.SIGALRM, lambda *_: None) and signal.setitimer(signal.ITIMER_REAL, 60),
        lambda: signal.setitimer(signal.ITIMER_REAL, 0) and signal.signal(signal.SIGALRM, signal.SIG_DFL),
    ),
    "sys.getrecursionlimit()": (lambda: sys.setrecursionlimit(5000), lambda: sys.setrecursionlimit(1000)),
    "sys.gettrace() is None": (lambda: sys.setprofile(lambda *_: None), lambda: sys.setprofile(None)),
    "os.listdir()": (lambda: None, lambda: None),
}
if sys.version_info < (3, 14):  # from there on policies are deprecated, and 3.16 has none

    class Broken(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self):
            raise RuntimeError("of the notebook")

    SETTINGS["asyncio.get_event_loop_policy().new_event_loop().close()"] = (
        lambda: asyncio.set_event_loop_policy(Broken()),
        lambda: asyncio.set_event_loop_policy(None),
    )


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_the_notebook_has_set_for_the_whole_process_does_not_reach_the_answer(setting):
    text = f"import asyncio, os, signal, socket, sys\ndef answer():\n    return str({setting})\n"

    def found(times):
        values = []

        def check(trial):
            for number in range(times):
                with trial.case(f"case {number}") as case:
                    values.append(case.call().result())

        assert run_check("example", check, [Answer("answer", text)]).outcome == "passed"
        return values

    change, undo = SETTINGS[setting]
    plain = found(1)
    change()
    try:
        assert found(2) == plain * 2
    finally:
        undo()


def test_nor_does_what_an_earlier_call_has_set(judge):
    text = """
    import os, signal, socket, sys
    def answer():
        found = socket.getdefaulttimeout(), sys.getrecursionlimit(), os.listdir(), signal.getsignal(signal.SIGTERM)
        socket.setdefaulttimeout(0.1)
        sys.setrecursionlimit(300)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open("left.txt", "w").close()
        return str(found)
    """
    seen = []

    def scene(case):
        seen.append(case.call().result())
        seen.append(case.call().result())

    assert judge(scene, text).outcome == "passed"
    assert seen[0] == seen[1]


def test_what_the_notebook_printed_and_has_not_written_yet_is_not_printed_by_the_answer(judge, capfd):
    with capfd.disabled():
        verdict = judge(
            lambda case: case.call().returns(1),
            "import gc, sys\ndef answer():\n    sys.stdout = sys.__stdout__ = None\n    gc.collect()\n    return 2",
        )
    assert verdict.printed == ""
