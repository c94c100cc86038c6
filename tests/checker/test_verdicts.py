"""What an answer does, and what the checker says of it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import types

import pytest

from course.checker import Answer, Rule, run_check
from course.checker.process.runner import KEPT_OUTPUT
from course.checker.process.survivors import descendants

ECHO = """
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
"""
PROLOGUE = "import os, select, signal, socket, subprocess, sys, threading, time\n"


def body(text):
    return f"{PROLOGUE}def answer(listener):\n{text}"


pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_right_answer_passes_with_its_cases_counted(judge, echo):
    found = judge(lambda case: echo(case).returns(None), body(ECHO))
    assert (found.outcome, found.passed_cases, found.total_cases) == ("passed", 1, 1)


@pytest.mark.parametrize(
    ("text", "where", "diagnosis"),
    [
        ("    listener.accept()\n    listener.accept()", "listener.accept(), line 4", "accept-in-loop"),
        (
            "    conn, _ = listener.accept()\n    conn.recv(5)\n    conn.recv(7)",
            "conn.recv(7), line 5",
            "answers-too-late",
        ),
        (
            "    conn, _ = listener.accept()\n    conn.makefile().readline()",
            "conn.makefile().readline(), line 4",
            "answers",
        ),
        ("    time.sleep(\n        60)", "time.sleep( 60), line 3", "hangs"),
        ("    select.select([], [], [])", "select.select([], [], []), line 3", "hangs"),
        ("    a, b = socket.socketpair()\n    a.sendall(bytes(9**8))", "a.sendall(bytes(9**8)), line 4", "hangs"),
        (
            "    lock = threading.Lock()\n    with lock:\n        with lock:\n            pass",
            "with lock, line 5",
            "lock",
        ),
        (
            "    lock = threading.RLock()\n    t = threading.Thread(target=lock.acquire)\n    t.start()\n    t.join()\n"
            "    lock.acquire()",
            "lock.acquire(), line 7",
            "lock",
        ),
        ("    while True:\n        x = 1\n        y = 2", "while True, line 3", "spins"),
        ("    for n in iter(int, 1):\n        sum(range(100))", "for n in iter(int, 1), line 3", "spins"),
        ("    sum(range(10**12))", "sum(range(10**12)), line 3", "spins"),
        (
            "    t = threading.Thread(target=time.sleep, args=[60])\n    t.start()\n    t.join()",
            "t.join(), line 5",
            "hangs",
        ),
    ],
)
def test_a_hang_names_its_call_and_line(judge, echo, text, where, diagnosis):
    began = time.monotonic()
    found = judge(echo, body(text))
    assert time.monotonic() - began < 0.3 + 0.4
    assert found.where == where
    assert found.diagnosis.name.startswith(diagnosis)


def test_a_hang_in_a_helper_names_the_innermost_own_line(judge, echo):
    text = """
    def helper(conn):
        return conn.recv(9)
    def answer(listener):
        return helper(listener.accept()[0]) + 1
    """
    found = judge(lambda case: case.connect(listener := case.listener()) and case.call(listener).result(), text)
    assert found.where == "conn.recv(9), line 2"


def test_the_reason_of_a_hang_is_what_the_peer_does(judge):
    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        peer.sends(b"one")
        peer.hears(b"two")
        answer.result()

    found = judge(scene, "def answer(sock):\n    sock.recv(3)\n    sock.sendall(b't')\n    sock.recv(3)")
    assert "the peer has sent all it will and is waiting for your answer" in found.diagnosis.text
    assert found.got == "it heard b't' and nothing more"


def test_a_peer_that_does_not_read_is_the_reason_of_a_blocked_send(judge):
    def scene(case):
        sock, peer = case.pair(sndbuf=4096, rcvbuf=4096)
        answer = case.call(sock)
        peer.stops_reading()
        answer.result()

    found = judge(scene, "def answer(sock):\n    sock.sendall(bytes(1_000_000))")
    assert found.where == "sock.sendall(bytes(1_000_000)), line 2"
    assert "the peer does not read what you send" in found.diagnosis.text


def test_the_thread_that_a_waiting_client_depends_on_is_named_and_not_the_one_in_accept(judge, echo):
    text = """
    import threading
    def talk(conn):
        data = conn.recv(5)
        conn.recv(6)
    def answer(listener):
        while True:
            threading.Thread(target=talk, args=[listener.accept()[0]]).start()
    """
    assert judge(echo, text).where == "conn.recv(6), line 4"


def test_a_thread_that_died_is_the_cause_of_a_client_that_waits(judge, echo):
    text = """
    import threading
    def talk(conn):
        conn.recv(5)
        {}["missing"]
    def answer(listener):
        while True:
            threading.Thread(target=talk, args=[listener.accept()[0]]).start()
    """
    found = judge(echo, text)
    assert found.diagnosis.name == "thread-died"
    assert "line 4" in found.diagnosis.text


def test_an_exception_is_the_cause_and_not_what_the_client_saw_of_it(judge, echo):
    found = judge(echo, body("    conn, _ = listener.accept()\n    with conn:\n        conn.nonsense()"))
    assert found.diagnosis.name == "raised"
    assert "line 5" in found.diagnosis.text
    assert "`conn.nonsense`" in found.diagnosis.text
    assert found.got.startswith("it raised AttributeError")


def test_an_exception_that_comes_a_moment_after_the_end_is_still_the_cause(judge, echo):
    found = judge(echo, body("    listener.accept()[0].close()\n    time.sleep(0.03)\n    1 / 0"), seconds=1)
    assert found.diagnosis.name == "raised"
    assert "line 5" in found.diagnosis.text


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("    sys.exit(1)", "quits"),
        ("    os._exit(0)", "exits"),
        ("    os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("    os.killpg(0, signal.SIGKILL)", "crashed"),
        ("    os.closerange(0, 500)\n    time.sleep(60)", "hangs"),
        ("    while True:\n        try: time.sleep(60)\n        except BaseException: pass", "hangs"),
        ("    [signal.signal(n, signal.SIG_IGN) for n in range(1, 9)]; time.sleep(60)", "hangs"),
        ("    import course.checker.process.child as c\n    c.Reporter.say = None\n    time.sleep(60)", "hangs"),
        ("    if os.fork() == 0:\n        return 1\n    time.sleep(60)", "hangs"),
        ("    input('name?')", "asks-for-input"),
        ("    undefined", "name-not-defined"),
    ],
)
def test_however_it_ends_it_is_a_verdict(judge, echo, text, diagnosis):
    found = judge(echo, body(text))
    assert found.outcome == "not yet"
    assert found.diagnosis.name == diagnosis


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("    threading.Thread(target=threading.Event().wait).start()", "a thread"),
        ("    threading.Thread(target=time.sleep, args=[60], daemon=True).start()", "a daemon thread"),
        ("    global kept\n    kept = socket.create_server(('127.0.0.1', 0))", "a listening socket"),
        ("    socket.create_connection(listener.getsockname())", "a connected socket"),
        ("    listener.accept()", "a connection that accept returned"),
        ("    [socket.socket() for _ in range(3)]", "a socket (3 times)"),
        ("    if os.fork() == 0: time.sleep(60)", "a child process"),
        (
            "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)",
            "a child process",
        ),
    ],
)
def test_what_is_left_behind_is_named(judge, text, left):
    def scene(case):
        listener = case.listener()
        case.connect(listener)
        case.call(listener).leaves_nothing()

    found = judge(scene, body(text))
    assert found.diagnosis.name == "left-behind"
    assert found.left == (left,)


def test_a_leak_is_seen_with_little_patience_too(judge, monkeypatch):
    monkeypatch.setenv("NETLIB_PATIENCE", "0.3")
    text = body("    global kept\n    kept = socket.socket()")
    assert judge(lambda case: case.call(1).leaves_nothing(), text, seconds=2).left == ("a socket",)


def test_a_crash_names_its_line(judge):
    text = "import ctypes\ndef answer():\n    helper()\ndef helper():\n    ctypes.string_at(0)"
    found = judge(lambda case: case.call().result(), text)
    assert found.diagnosis.name == "crashed"
    assert "SIGSEGV" in found.diagnosis.text
    assert "line 5" in found.diagnosis.text


def test_a_process_that_left_its_group_and_its_session_dies_too(judge, tmp_path):
    text = f"""
    import os, time
    def answer():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
                time.sleep(60)
            os._exit(0)
        os.wait()
        while not os.path.exists({str(tmp_path / "pid")!r}) or not open({str(tmp_path / "pid")!r}).read():
            pass
        END
    """
    for last in ("return", "os._exit(1)"):
        judge(lambda case: case.call().result(), text.replace("END", last), seconds=2)
        pid = int((tmp_path / "pid").read_text())
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        (tmp_path / "pid").unlink()


def test_a_process_of_the_notebook_itself_is_left_alone(judge):
    mine = os.fork()
    if mine == 0:
        time.sleep(60)
        os._exit(0)
    try:
        judge(lambda case: case.call().result(), "import os\ndef answer():\n    os._exit(0)")
        assert os.waitpid(mine, os.WNOHANG) == (0, 0)
    finally:
        os.kill(mine, signal.SIGKILL)
        os.waitpid(mine, 0)


@pytest.fixture
def stop_button():
    """SIGINT interrupts, as in a kernel: a program that was started in the background may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("stop_button")
def test_the_stop_button_goes_to_the_caller_and_ends_the_answer(judge, echo):
    before = descendants(os.getpid())  # a browser that other tests share, say
    timer = threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        judge(echo, body("    time.sleep(60)"), seconds=20)
    timer.join()
    assert set(descendants(os.getpid())) <= set(before)


@pytest.mark.usefixtures("stop_button")
def test_the_stop_button_at_the_very_moment_of_the_fork_leaves_no_process(judge, echo, monkeypatch):
    def interrupted_fork(fork=os.fork):
        pid = fork()
        if pid:
            os.kill(os.getpid(), signal.SIGINT)
        return pid

    def scene(case):
        monkeypatch.setattr(os, "fork", interrupted_fork)  # here: what stands in its place before is set aside
        echo(case)

    before = descendants(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        judge(scene, body("    time.sleep(60)"), seconds=20)
    assert set(descendants(os.getpid())) <= set(before)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_mistake_in_the_check_goes_to_the_caller(judge):
    with pytest.raises(ZeroDivisionError):
        judge(lambda case: case.call() and 1 / 0, "def answer():\n    while True: pass")


def test_a_lock_held_elsewhere_in_the_notebook_is_named(judge, monkeypatch):
    notebook = types.ModuleType("notebook_things")
    notebook.guard = threading.Lock()
    notebook.guard.acquire()
    monkeypatch.setitem(sys.modules, "notebook_things", notebook)
    found = judge(
        lambda case: case.call().result(),
        "import notebook_things\ndef answer():\n    with notebook_things.guard:\n        pass",
    )
    assert found.where == "with notebook_things.guard, line 3"
    assert "held elsewhere in the notebook" in found.diagnosis.text


def test_lines_are_those_of_the_learners_cell(judge):
    text = "def helper():\n    1 / 0\ndef answer():\n    helper()"
    found = judge(lambda case: case.call().result(), text, lines={2: ("cell 4", 12), 4: ("", 9)})
    assert "line 12 of cell 4" in found.diagnosis.text


def test_a_text_that_fails_before_the_call_is_a_verdict(judge):
    found = judge(lambda case: case.call().result(), "import nowhere_to_be_found\ndef answer():\n    return 1")
    assert found.diagnosis.name == "raised"
    assert "line 1" in found.diagnosis.text


def test_text_that_is_no_python_is_a_verdict(judge):
    found = judge(lambda case: case.call().result(), "def answer(:\n    return 1")
    assert found.diagnosis.name == "syntax-error"
    assert "line 1" in found.diagnosis.text


@pytest.mark.parametrize(
    "stub",
    [
        "def answer(x):\n    ...",
        "def answer(x):\n    pass",
        'def answer(x):\n    """Say what."""',
        'def answer(x: int) -> str:\n    """Say what."""\n    raise NotImplementedError("yours")',
        "async def answer(x):\n    ...",
        "class answer:\n    '''A handler.'''\n    def handle(self):\n        ...",
        "import socket\n\n\ndef answer(x):\n    # your code here\n    ...",
        "def mine(x):\n    ...\n\n\nanswer = mine",
    ],
)
def test_an_untouched_stub_is_not_started(judge, stub):
    assert judge(lambda case: case.call(1).returns(1), stub).outcome == "not started"


@pytest.mark.parametrize(
    "begun",
    [
        "def answer(x):\n    return None",
        "def answer(x):\n    x\n    ...",
        "answer = print",
        "def mine(x):\n    return None\n\n\ndef other(x):\n    ...\n\n\nanswer = mine",
    ],
)
def test_an_answer_that_does_anything_is_started(judge, begun):
    assert judge(lambda case: case.call(1).returns(1), begun).outcome == "not yet"


def test_what_the_answer_printed_is_shown_and_cut(judge):
    scene = lambda case: case.call().returns(1)  # noqa: E731
    assert judge(scene, "def answer():\n    print('ä', 1)\n    return 2").printed == "ä 1\n"
    long = judge(
        scene, "import os\ndef answer():\n    print('x' * 1_000_000)\n    os.write(2, b'y')\n    return 2"
    ).printed
    assert 1000 < len(long) < 10_000
    assert long.endswith("(and more)")


def test_an_answer_that_prints_a_megabyte_passes(judge):
    text = "def answer():\n    for _ in range(1000):\n        print('x' * 1000)\n    return 1"
    assert judge(lambda case: case.call().returns(1), text, seconds=2).outcome == "passed"


def test_an_endless_printer_stays_bounded_and_is_stopped_in_time(judge):
    began = time.monotonic()
    found = judge(
        lambda case: case.call().result(),
        "import os\ndef answer():\n    while True:\n        os.write(1, bytes(65536))",
    )
    assert found.outcome == "not yet"
    assert len(found.printed) < 10_000
    assert time.monotonic() - began < 0.3 + 2


def test_one_look_takes_a_bounded_share_of_output_that_never_runs_dry(judge):
    def scene(case):
        process = case.call().process
        output, process.output = process.output, os.open("/dev/zero", os.O_RDONLY)
        try:
            process.pump()  # without a bound this reads for ever
        finally:
            os.close(process.output)
            process.output = output
        assert len(process.printed) == KEPT_OUTPUT
        assert process.cut

    assert judge(scene, "def answer():\n    return 1").outcome == "passed"


def test_names_may_be_expressions(judge):
    scene = lambda case: case.call("a").returns("A")  # noqa: E731
    for name, text in (
        ("lambda text: text.upper()", ""),
        ("str.upper", ""),
        ("K().up", "class K:\n    def up(self, t): return t.upper()"),
    ):
        assert judge(scene, text, name=name).outcome == "passed"


def test_answers_with_one_text_share_its_globals():
    text = "kept = []\ndef put(x):\n    kept.append(x)\n    return take()\ndef take():\n    return kept[-1]\n"

    def check(trial):
        with trial.case("both") as case:
            case.call(3, which=0).returns(3)
            case.call(which=1).raises(IndexError)

    assert run_check("pair", check, [Answer("put", text), Answer("take", text)]).outcome == "passed"


@pytest.mark.parametrize(
    "text",
    [
        ECHO.replace("data := conn.recv(1024)", "True").replace("data", "conn.recv(9)"),
        "    conn, _ = listener.accept()\n    conn.recv(5)\n    conn.close()",
        "    conn, _ = listener.accept()\n    conn.sendall(b'hel')\n    conn.recv(50)\n    conn.recv(50)",
        "    listener.accept()[0].send('x')",
        "    while True:\n        pass",
        "    os._exit(4)",
    ],
)
def test_the_verdict_is_the_same_on_each_run(judge, echo, text):
    first, *others = [judge(echo, body(text)).as_json() | {"seconds": 0} for _ in range(4)]
    for other in others:
        assert other == first


@pytest.mark.parametrize(
    ("raised", "shown"),
    [("NotImplementedError", "NotImplementedError (line 3,"), ("ValueError('no')", "ValueError: no (line 3,")],
)
def test_an_exception_without_a_text_leaves_no_colon_behind(judge, echo, raised, shown):
    found = judge(echo, f"def answer(listener):\n    listener.accept()\n    raise {raised}")
    assert f"raised {shown}" in found.diagnosis.text
    assert not found.got.endswith((":", " "))


@pytest.mark.parametrize("told", ["({line}: {message})", "({message}, {line})", "({error}: {message}, {line})"])
def test_a_rule_may_name_a_message_that_is_not_there(judge, told):
    named = Rule("named", f"It failed {told}. Go on.", lambda seen: True)
    found = judge(lambda case: case.call().result(), "def answer():\n    raise KeyError", rules=[named])
    assert found.diagnosis.text in ("It failed (line 2). Go on.", "It failed (KeyError, line 2). Go on.")


def test_a_value_that_shows_its_address_is_shown_without_it(judge):
    found = judge(lambda case: case.call().returns(b""), "def answer():\n    return object()")
    assert found.got == "it returned <object object>"
    assert found.diagnosis.name == "of-another-type"


@pytest.mark.parametrize("told", ["({line})", "({line}: {message})"])
def test_a_diagnosis_without_a_line_to_name_shows_no_empty_bracket(judge, echo, told):
    """The function has returned, so there is neither a line nor a message."""
    caught = Rule("caught", f"You gave up {told}. Go on.", lambda seen: True)
    text = "    try:\n        listener.accept()[0].send('text')\n    except TypeError:\n        return"
    found = judge(echo, body(text), rules=[caught])
    assert (found.diagnosis.name, found.diagnosis.text) == ("caught", "You gave up. Go on.")
