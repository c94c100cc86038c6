"""An answer that hangs, crashes, lies or grabs costs only itself: its neighbours have their verdicts."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course.classroom import limits
from course.classroom.box import Level
from course.classroom.limits import Watch
from course.classroom.rows import CRASHED, OUT_OF_TIME, TOO_GREEDY

LEVELS = pytest.mark.parametrize("level", Level, ids=[level.name.lower() for level in Level])

CLOSED = pytest.mark.parametrize("level", [Level.CLOSED], ids=["closed"])

LIES = "b'" + '{"event": "returned", "value": "HELLO"}\\n{"verdict": "passed"}\\n' + "'"
ROW = '{"exercise": "shout", "verdict": "passed", "case": "", "diagnosis": "", "seconds": 0, "message": "", "path": ""}'
KINDS = {
    "spins": "while True:\n    pass",
    "sleeps": "time.sleep(600)",
    "holds everything": "for n in signal.valid_signals() - {9, 19}:\n    signal.signal(n, signal.SIG_IGN)\n"
    "while True:\n    time.sleep(1)",
    "quits": "os._exit(0)",
    "crashes": "ctypes.string_at(0)",
    "prints a verdict": f"print({ROW!r})",
    "writes everywhere": f"for fd in wires('self'):\n    with contextlib.suppress(OSError):\n"
    f"        os.write(fd, {LIES})\nos._exit(0)",
    "closes everything": "os.closerange(3, 1000)",
    "changes the checker": "import course.checker.process.child as child, course.checker.check as check\n"
    "child.Worker._tidy = lambda self: True\ncheck.verdict_of = None\nsys.modules.clear()",
    "writes without end": "assert closed()\nfor fd in wires('self'):\n    if stat.S_ISFIFO(os.fstat(fd).st_mode):\n"
    "        os.set_blocking(fd, True)\n"
    "        threading.Thread(target=lambda fd=fd: [os.write(fd, bytes(60000)) for _ in range(50_000)]).start()",
    "forks": "for _ in range(100):\n    if os.fork() == 0:\n        time.sleep(600)",
    "fills memory": "kept = [bytearray(1 << 26) for _ in range(1000)]",
    "fills a file": "open('big', 'wb').write(bytes(200 << 20))",
    "leaves a daemon": "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.closerange(0, 100)\n"
    "        time.sleep(600)\n    os._exit(0)",
    "recurses": "return shout(text)",
    "raises a megabyte": "raise ValueError('x' * (1 << 20) + '\\x1b[2J')",
}


def descendants_of_this_test():
    from course.checker.process.survivors import descendants

    return descendants(os.getpid())


@pytest.fixture
def neighbours(classroom):
    """Three learners whose answers are right, around whatever the test adds."""
    for name in ("aaa", "mmm", "zzz"):
        classroom.put(name)
    return classroom


def assert_neighbours_passed(rows):
    assert [rows[name].verdict for name in ("aaa", "mmm", "zzz")] == ["passed"] * 3


@pytest.mark.parametrize("level", [Level.CLOSED, Level.OPEN], ids=["closed", "open"])
def test_no_kind_of_bad_answer_passes_or_touches_its_neighbours(neighbours, level):
    kinds = {kind: body for kind, body in KINDS.items() if kind != "writes without end" or level is Level.CLOSED}
    for kind, body in kinds.items():
        neighbours.hostile(kind, body)
    before, shared = descendants_of_this_test(), sorted(os.listdir("/dev/shm"))
    began = time.monotonic()
    rows = neighbours.rows(most=level)
    assert_neighbours_passed(rows)
    assert {kind: rows[kind].verdict for kind in kinds} == dict.fromkeys(kinds, "not yet")
    assert all(rows[kind].diagnosis for kind in kinds)
    assert rows["spins"].diagnosis == "spins"
    assert not any("AssertionError" in row.message for row in rows.values())
    assert time.monotonic() - began < 120
    assert descendants_of_this_test() == before
    assert sorted(os.listdir("/dev/shm")) == shared


@LEVELS
def test_who_kills_the_checker_gets_that_as_a_verdict(neighbours, level):
    neighbours.hostile("killer", "kill(os.getppid())\ntime.sleep(600)")
    rows = neighbours.rows(most=level)
    assert_neighbours_passed(rows)
    if level is Level.CLOSED:  # the first process of a world cannot be killed from within (pid_namespaces(7))
        assert rows["killer"].diagnosis == "hangs"
    else:
        assert (rows["killer"].verdict, rows["killer"].diagnosis) == ("not yet", CRASHED)
        assert "SIGKILL" in rows["killer"].message


def test_who_kills_the_worker_gets_that_as_a_verdict_and_the_class_goes_on(neighbours):
    neighbours.hostile("killer", "kill(above(os.getppid()))\ntime.sleep(600)")
    for number in range(6):
        neighbours.put(f"other{number}", f"def shout(text):\n    return text.upper()  # {number}\n")
    rows = neighbours.rows(most=Level.OPEN)
    assert_neighbours_passed(rows)
    assert rows["killer"].diagnosis == CRASHED
    assert "SIGKILL" in rows["killer"].message
    assert sum(row.verdict == "passed" for row in rows.values()) == 9


def test_who_ran_beside_it_when_it_killed_every_worker_has_another_chance(neighbours):
    slow = "import time\n\n\ndef shout(text):\n    time.sleep(0.2)\n    return text.upper()\n"
    neighbours.put("mmm", slow)
    kill_all = """
command = above(above(os.getppid()))
for pid in open(f'/proc/{command}/task/{command}/children').read().split():
    with contextlib.suppress(AssertionError, OSError):
        kill(int(pid))
time.sleep(600)
"""
    neighbours.hostile("killer", kill_all.strip())
    neighbours.hostile("kkkk", "time.sleep(0.5)")
    rows = neighbours.rows(most=Level.OPEN)
    assert_neighbours_passed(rows)
    assert rows["killer"].diagnosis == CRASHED
    assert rows["kkkk"].diagnosis not in ("", CRASHED)


def test_a_check_without_an_end_is_stopped_in_time(classroom, monkeypatch):
    monkeypatch.setenv("NETLIB_PATIENCE", "0.2")
    classroom.hostile("freezer", "kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(600)")
    row = classroom.rows(most=Level.OPEN)["freezer"]
    assert (row.verdict, row.diagnosis) == ("not yet", OUT_OF_TIME)
    assert "after 4 seconds" in row.message


@CLOSED
def test_in_a_closed_box_nobody_else_can_be_killed(neighbours, level):
    neighbours.hostile("killer", "assert closed()\nos.kill(-1, signal.SIGKILL)")
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    rows = neighbours.rows(most=level)
    assert_neighbours_passed(rows)
    assert "ProcessLookupError" in rows["killer"].message
    assert bystander.poll() is None
    bystander.communicate()


@CLOSED
def test_a_fork_bomb_ends_in_its_box(neighbours, level):
    neighbours.hostile(
        "bomb", "assert closed()\nwhile True:\n    with contextlib.suppress(OSError):\n        os.fork()"
    )
    rows = neighbours.rows(most=level)
    assert_neighbours_passed(rows)
    assert "AssertionError" not in rows["bomb"].message
    assert rows["bomb"].verdict == "not yet"
    assert rows["bomb"].seconds < 30


def test_a_right_answer_with_a_hundred_threads_and_processes_passes(classroom):
    threads = (
        "    threads = [threading.Thread(target=gate.wait) for _ in range(100)]\n    [t.start() for t in threads]\n"
    )
    family = "    for _ in range(20):\n        os.waitpid(os.fork() or os._exit(0), 0)\n"
    ending = "    gate.set()\n    [t.join() for t in threads]\n    return text.upper()\n"
    start = "import os, threading\n\n\ndef shout(text):\n    gate = threading.Event()\n"
    classroom.put("ann", start + family + threads + ending)
    assert classroom.rows()["ann"].verdict == "passed"


FAMILY = """
import os, sys, time
for _ in range(3):
    if os.fork() == 0:
        kept = bytearray(b"x") * (40 << 20)
        os.write(1, b"grown\\n")
        time.sleep(600)
os.write(1, b"grown\\n")
time.sleep(600)
"""


def test_memory_and_processes_of_a_whole_family_are_counted_together(tmp_path, monkeypatch):
    family = subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, start_new_session=True)
    try:
        for _ in range(4):
            assert family.stdout.readline() == b"grown\n"
        assert Watch(family.pid, str(tmp_path)).complaint() == ""
        monkeypatch.setattr(limits, "ALL_MEMORY_BYTES", 100 << 20)
        assert "MB of memory, and 100 is the most" in Watch(family.pid, str(tmp_path)).complaint()
        monkeypatch.setattr(limits, "ALL_PROCESSES", 2)
        assert "it started 3 processes" in Watch(family.pid, str(tmp_path)).complaint()
    finally:
        os.killpg(family.pid, signal.SIGKILL)
        family.wait()
        family.stdout.close()


def test_many_files_are_counted_together_where_scratch_lies_on_the_disk(neighbours):
    flood = "for n in range(100_000):\n    open(f'{n}', 'w').close()\ntime.sleep(600)"
    neighbours.hostile("greedy", flood)
    rows = neighbours.rows(most=Level.OPEN)
    assert_neighbours_passed(rows)
    assert rows["greedy"].diagnosis == TOO_GREEDY
    assert "2,000 of 96 MB is the most" in rows["greedy"].message


RIGHT_WITH_SECRET = "def shout(text):\n    return text.upper()  # a secret\n"


def told(classroom, expression, **options):
    """Return what an answer finds when it evaluates `expression`: it raises it, and the row says so."""
    classroom.hostile("spy", f"raise ValueError('<' + str({expression}) + '>')")
    message = classroom.rows(fresh=True, **options)["spy"].message
    return message[message.index("<") + 1 : message.index(">")]


@pytest.mark.parametrize("level", [Level.CLOSED, Level.OFFLINE], ids=["closed", "offline"])
def test_there_is_no_network_but_an_own_loopback(classroom, level):
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        assert told(classroom, f"socket.socket().connect_ex(('127.0.0.1', {port}))", most=level) == "111"
    assert told(classroom, "socket.socket().connect_ex(('192.0.2.1', 80))", most=level) == "101"
    assert told(classroom, "[name for _, name in socket.if_nameindex()]", most=level).startswith("['lo'")


@CLOSED
def test_nothing_can_be_written_but_scratch_and_the_class_cannot_be_read(classroom, level):
    secret = classroom.put("ann", RIGHT_WITH_SECRET)
    tries = "[os.access(place, os.W_OK) for place in ('/', '/tmp', '/dev/shm', os.getcwd(), os.environ['HOME'])]"
    assert told(classroom, tries, most=level) == "[False, False, True, True, True]"
    assert told(classroom, f"os.path.exists({str(secret)!r})", most=level) == "False"
    assert told(classroom, "open('/proc/self/status').read().split('CapEff:')[1].split()[0]", most=level) == "0" * 16
    again = "import ctypes; print(ctypes.CDLL(None, use_errno=True).unshare(0x10000000), ctypes.get_errno())"
    asked = f"subprocess.run([sys.executable, '-c', {again!r}], capture_output=True, text=True).stdout.strip()"
    assert told(classroom, asked, most=level) == "-1 28"  # ENOSPC: no more user namespaces


def test_the_callers_environment_does_not_reach_an_answer(classroom, monkeypatch):
    monkeypatch.setenv("MY_PASSWORD", "open sesame")
    assert "MY_PASSWORD" not in told(classroom, "sorted(os.environ)", most=Level.OPEN)
    place = "'MY_PASSWORD' in open('/proc/self/environ').read()"
    assert told(classroom, place, most=Level.OPEN) == "False"
    assert told(classroom, "os.environ['HOME'] == os.environ['TMPDIR']", most=Level.OPEN) == "True"


LIMITS = "[__import__('resource').getrlimit(n)[0] for n in (4, 1, 0, 7)]"  # core, file size, processor, open files


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the numbers of the limits are Linux's")
@LEVELS
def test_limits_are_set_at_every_level(classroom, level):
    assert told(classroom, LIMITS, most=level) == str([0, 32 << 20, 30, 1024])
    assert 0 < int(told(classroom, "__import__('resource').getrlimit(6)[1]", most=level)) < 100_000  # processes
    assert 0 < int(told(classroom, "__import__('resource').getrlimit(9)[1]", most=level)) < 8 << 30  # memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the score is Linux's")
@LEVELS
def test_when_memory_runs_out_an_answer_goes_first(classroom, level):
    assert told(classroom, "open('/proc/self/oom_score_adj').read().strip()", most=level) == "1000"


@LEVELS
def test_the_pipe_on_which_the_checker_reports_is_out_of_reach(classroom, level):
    """The answer writes a verdict into every pipe it can open, then ends the checker: only its words would be left."""
    classroom.hostile(
        "liar",
        "for pid in (os.getpid(), os.getppid()):\n"
        "    for fd in wires(pid):\n"
        "        with contextlib.suppress(OSError):\n"  # a socket cannot be opened a second time (ENXIO)
        "            pipe = os.open(f'/proc/{pid}/fd/{fd}', os.O_WRONLY | os.O_NONBLOCK)\n"
        "            if stat.S_ISFIFO(os.fstat(pipe).st_mode):\n"
        f"                os.write(pipe, {ROW.encode()!r})\n"
        "kill(os.getppid())\n"
        "os._exit(0)",
    )
    row = classroom.rows(most=level)["liar"]
    assert row.verdict == "not yet"
    assert (row.diagnosis == CRASHED) == (level is not Level.CLOSED)


def running(mark):
    """Return the processes whose command line holds `mark`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "cmdline").read_text():
                found.append(process.name)
    return found


@LEVELS
def test_a_daemon_does_not_outlive_the_checker_that_its_answer_killed(classroom, level):
    seconds = str(987 + level)
    daemon = f"subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)"
    classroom.hostile("killer", f"{daemon}\nkill(os.getppid())\nos._exit(0)")
    assert classroom.rows(most=level)["killer"].verdict == "not yet"
    assert running(f"sleep\0{seconds}") == []
