"""The picture of a failing case: the answer's calls and its peers', in one, under the words, the same on each run.

CHECKER_PANEL_RUNS=200 runs each failing case so often; a few runs are enough for every day.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from course.checker import Answer, run_check
from course.checker.drawn.picture import timeless
from course.checker.told.panel import as_html, as_text
from sockscope.trace import Record, draw

RUNS = int(os.environ.get("CHECKER_PANEL_RUNS", "3"))
HEAD = "import os, socket, threading, time\ndef answer(listener):\n"
ONE_RECV = "    conn, _ = listener.accept()\n    conn.sendall(conn.recv(9))\n    conn.recv(9)\n    conn.close()"

pytestmark = pytest.mark.usefixtures("nothing_left")


def words(verdict):
    assert verdict.trace, verdict
    return draw(Record.from_json(verdict.trace)).text()


def has_picture(verdict):
    return 'src="data:image/svg+xml;base64,' in as_html(verdict)


def two_things(case):
    """A client that waits for the echo of each of two things."""
    listener = case.listener()
    case.call(listener)
    client = case.connect(listener, "ann")
    for thing in (b"one", b"and two"):
        client.sends(thing)
        client.hears(thing)


# ---------------------------------------------------------------------- what is in it
def test_the_calls_of_the_answer_and_of_its_client_are_in_one_picture(judge):
    verdict = judge(two_things, HEAD + ONE_RECV)
    assert words(verdict).splitlines() == [
        "  1  ann.connect(127.0.0.1:PORT)",
        "       ⇢ SYN, SYN-ACK, ACK (inferred) to listener",
        "  2  ann.sendall(b'one')",
        "  3  listener.accept() → conn",
        "  4  conn.recv(9) → b'one'",
        "       ⇠ 3 B from ann, call 2",
        "  5  conn.sendall(b'one')",
        "  6  ann.recv(…) → b'one'",
        "       ⇠ 3 B from conn, call 5",
        "  7  ann.sendall(b'and two')",
        "  8  conn.recv(9) → b'and two'",
        "       ⇠ 7 B from ann, call 7",
        "  9  conn.close()",
        " 10  ann.recv(…) → b'' (end of stream)",
        "       ⇠ FIN (inferred) from conn, call 9",
        "inferred: told from the calls; the packets themselves were not watched",
    ]
    html = as_html(verdict)
    assert (
        html.index("on the wire") < html.index("data:image/svg") < html.index("The same as text") < html.index("hint(")
    )
    assert "⇢" not in as_text(verdict)


def test_a_case_without_sockets_has_no_picture(judge):
    verdict = judge(lambda case: case.gives("a", expected="A"), "def answer(text):\n    return text")
    assert verdict.trace == ""
    assert not has_picture(verdict)


def test_what_hangs_is_drawn_as_waiting(judge):
    lines = words(judge(two_things, HEAD + "    conn, _ = listener.accept()\n    conn.recv(9)\n    conn.recv(9)"))
    assert "conn.recv(9) … still waiting" in lines
    assert "ann.recv(…) … still waiting" in lines


def test_an_endless_loop_is_drawn_twice_and_said_to_go_on(judge):
    def scene(case):
        listener = case.listener()
        case.call(listener)
        client = case.connect(listener)
        client.ends()
        client.hears_end()

    verdict = judge(scene, HEAD + "    conn, _ = listener.accept()\n    while True:\n        conn.recv(9)")
    assert words(verdict).count("conn.recv(9) → b'' (end of stream)") == 2
    assert "again and again" in as_html(verdict)


def test_sockets_made_without_end_are_drawn_twice_too(judge):
    verdict = judge(lambda case: case.call().result(), HEAD.replace("listener", "") + ENDLESS_SOCKETS)
    assert words(verdict).count("close()") == 2
    assert verdict.diagnosis.name == "spins"


ENDLESS_SOCKETS = (
    "    while True:\n        sock = socket.socket()\n        sock.bind(('127.0.0.1', 0))\n        sock.close()"
)


def test_all_calls_of_a_case_are_drawn_whether_one_process_made_them_or_several(judge):
    def scene(case):
        listener = case.listener()
        for name in ("ann", "bob"):
            answer = case.call(listener)
            client = case.connect(listener, name)
            client.sends(b"A")
            client.hears(b"A")
            answer.result()
        case.expect(False, "both are served", "none was")

    once = "    conn, _ = listener.accept()\n    with conn:\n        conn.sendall(conn.recv(9))\n"
    threads = once + "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    for text in (once, threads):
        assert re.findall(r"⇠ 1 B from ([\w #]+)", words(judge(scene, HEAD + text))) == [
            "ann",
            "conn",
            "bob",
            "conn #2",
        ]


def test_servers_and_datagrams_of_the_checker_are_drawn(judge):
    def served(case):
        server = case.server()
        case.call(server.address)
        peer = server.accepts()
        peer.sends(b"hello")
        peer.resets()
        peer = server.accepts()

    lines = words(judge(served, "import socket\ndef answer(to):\n    s = socket.create_connection(to)\n    s.recv(9)"))
    assert "server.accept() → server #2" in lines
    assert "⇠ 5 B from server #2" in lines
    assert "server.accept() … still waiting" in lines

    def asked(case):
        server = case.datagrams("server")
        case.call(server.address)
        server.hears(b"what?")
        server.sends(b"that")
        server.hears(b"thanks")

    text = "import socket\ndef answer(to):\n    s = socket.socket(type=socket.SOCK_DGRAM)\n    s.sendto(b'what?', to)\n"
    lines = words(judge(asked, text + "    s.recvfrom(9)"))
    assert re.findall(r"⇠ (\d B from \w+)", lines) == ["5 B from s", "4 B from server"]
    assert "server.recvfrom(…) … still waiting" in lines


def test_bytes_on_their_way_to_a_closed_socket_are_drawn_as_a_reset_whichever_was_first(judge):
    lines = words(judge(two_things, HEAD + "    listener.accept()[0].close()"))
    assert "ann.recv(…) ✗ ConnectionResetError" in lines
    assert "FIN" not in lines


def test_an_answer_that_made_no_call_on_a_socket_has_no_picture(judge):
    assert not has_picture(judge(two_things, HEAD + "    nonsense"))


@pytest.mark.parametrize("end", ["    os._exit(3)", "    sum(range(10**12))"])
def test_a_process_that_cannot_tell_any_more_has_no_picture(judge, end):
    assert not has_picture(judge(two_things, HEAD + "    conn, _ = listener.accept()\n" + end))


def test_a_record_that_the_answer_forged_does_no_harm(judge):
    forge = (
        "    import course.checker.process.tracing as t\n    t.FirstCalls.json = lambda self, running: WHAT\n    1 / 0"
    )
    for what in ("'x'", "'{}'", "'[]'", """'{"sockets": [], "calls": [{"sock": 7, "thread": 0, "name": "recv"}]}'"""):
        verdict = judge(two_things, HEAD + forge.replace("WHAT", what))
        assert verdict.diagnosis.name == "raised"
        assert not has_picture(verdict)


def test_times_of_day_are_masked_at_their_length():
    for data in (b"[Fri Nov 20 21:04:05 2026] A", b"[Sun Nov  1 01:04:05 2026] \xff"):
        assert timeless(data) == b"[Www Mmm dd hh:mm:ss yyyy] " + data[-1:]


def test_an_exercise_may_mask_what_differs(judge):
    def check(trial):
        trial.draws(lambda data: data.replace(data[:4], b"####"))
        with trial.case("a number") as case:
            two_things(case)

    verdict = run_check("x", check, [Answer("answer", HEAD + ONE_RECV.replace("conn.recv(9))", "b'1234')"))])
    assert "conn.sendall(b'####')" in words(verdict)


# ---------------------------------------------------------------------- the same on each run
@pytest.fixture(params=["idle", "busy"])
def machine(request):
    """A machine with nothing to do, and one whose processors are all wanted by others."""
    count = (os.cpu_count() or 1) if request.param == "busy" else 0
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    yield
    for process in spinning:
        process.kill()
        process.wait()


# Not here: an answer that spins. Where it is when its time is up is chance, and its panel says that line.
FAILING = {
    "one recv": ONE_RECV,
    "closes at once": "    listener.accept()[0].close()",
    "closes with bytes on their way": "    conn, _ = listener.accept()\n    conn.send(conn.recv(3))\n    conn.close()",
    "other bytes": "    conn, _ = listener.accept()\n    conn.sendall(conn.recv(9).upper())\n    conn.recv(9)",
    "hangs": "    conn, _ = listener.accept()\n    conn.recv(9)\n    conn.recv(9)",
    "raises": "    conn, _ = listener.accept()\n    conn.sendall(conn.recv(9))\n    conn.recv(9).nonsense",
    "in a thread": "    conn, _ = listener.accept()\n"
    "    t = threading.Thread(target=lambda: conn.send(conn.recv(9)))\n    t.start()\n    t.join()\n    conn.recv(1)",
}


@pytest.mark.parametrize("name", FAILING)
def test_the_panel_is_the_same_in_every_run(judge, machine, name):
    seen = Counter()
    for _ in range(RUNS):
        verdict = judge(two_things, HEAD + FAILING[name], seconds=0.5)
        assert has_picture(verdict)
        seen[as_html(verdict), as_text(verdict) + "\n" + words(verdict)] += 1
    assert len(seen) == 1, "\n\nand:\n".join(text for _, text in seen)
