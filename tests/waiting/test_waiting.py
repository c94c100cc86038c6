"""A cell that waits speaks, in its own output, and says in the end how long it was. In real kernels."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time

import nbclient
import nbformat
import pytest

from course.execution.kernels import AsyncPrivateKernelManager

ACCEPT = """print("before")
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    listener.accept()[0].close()
    print("after")"""


def knock(ran) -> None:
    """Be the client for which the cell waits."""
    socket.create_connection(("127.0.0.1", int(ran.text.split()[1]))).close()


def test_it_speaks_after_three_seconds_and_says_in_the_end_how_long_it_was(start):
    kernel = start()
    ran = kernel.run("go = threading.Event()\ngo.wait(3.5)")
    still, waited = ran.notices
    assert still == "still waiting in `go.wait(3.5)`, line 2: nobody has set it. Stop with ■."
    seconds = re.fullmatch(r"waited (\d\.\d) s in `go\.wait\(3\.5\)`, line 2\.", waited)
    assert seconds is not None
    assert 3.4 <= float(seconds[1]) <= 4.5
    assert ran.kinds == ["display_data", "update_display_data"]
    assert kernel.run("time.sleep(2.5)").notices == []


def test_a_wait_for_a_client_ends_when_one_comes(kernel):
    ran = kernel.run(ACCEPT, on_notice=knock)
    assert ran.masked == [
        "still waiting in `listener.accept()`, line 4: nobody has connected. Stop with ■.",
        "waited N s in `listener.accept()`, line 4.",
    ]
    assert ran.text.endswith("after\n")
    assert "<code>listener.accept()</code>" in ran.html[0]


def test_each_cell_has_a_notice_of_its_own(kernel):
    first, second = kernel.run(ACCEPT, on_notice=knock), kernel.run(ACCEPT, on_notice=knock)
    assert first.kinds == second.kinds == ["display_data", "update_display_data"]
    assert second.foreign == []


def test_it_stays_in_its_cell_though_a_thread_prints(kernel):
    kernel.run("stop = threading.Event()\ndef chatter():\n    while not stop.wait(0.01): print('.', end='')")
    kernel.run("chatty = threading.Thread(target=chatter); chatty.start()")
    ran = kernel.run("time.sleep(1.4)")
    assert ran.masked[-1] == "waited N s in `time.sleep(1.4)`, line 1."
    assert kernel.run("stop.set(); chatty.join()").notices == []


def test_it_stays_in_its_cell_though_a_subshell_answers_meanwhile(kernel):
    ran = kernel.run(ACCEPT, on_print=lambda _: kernel.run_beside("print('beside')"), on_notice=knock)
    assert ran.masked == [
        "still waiting in `listener.accept()`, line 4: nobody has connected. Stop with ■.",
        "waited N s in `listener.accept()`, line 4.",
    ]
    assert "display_data" not in ran.foreign
    assert "stream" in ran.foreign, "the print of the subshell"


def test_a_quick_cell_has_no_notice_and_one_stream(kernel):
    ran = kernel.run("for n in range(5): print(n)\ntime.sleep(0.2)\nprint('end')")
    assert ran.kinds == []
    assert ran.text == "0\n1\n2\n3\n4\nend\n"
    fast = kernel.run("for n in range(5): print(n)")
    assert fast.stdout == ["0\n1\n2\n3\n4\n"]


def test_many_short_calls_are_no_wait_however_long_they_take_together(kernel):
    assert kernel.run("for _ in range(40): time.sleep(0.05)").notices == []
    assert kernel.run("for _ in range(10): await asyncio.sleep(0.2)").notices == []


def test_stop_works_while_it_waits(kernel):
    ran = kernel.stopped(ACCEPT)
    assert ran.error == "KeyboardInterrupt"
    assert ran.masked[-1] == "waited N s in `listener.accept()`, line 4."
    assert kernel.run("1 + 1").result == "2"


def test_stop_works_in_an_await_too(kernel):
    ran = kernel.stopped("async def never():\n    await asyncio.Event().wait()\nawait never()")
    assert ran.masked == [
        "still waiting in `await asyncio.Event().wait()`, line 2. Stop with ■.",
        "waited N s in `await asyncio.Event().wait()`, line 2.",
    ]
    assert ran.error == "CancelledError"


def test_a_loop_that_computes_is_busy(kernel):
    ran = kernel.stopped("while True:\n    pass")
    assert re.fullmatch(r"still running line [12] \(busy\)\. Stop with ■\.", ran.notices[0])
    assert re.fullmatch(r"was busy N s in line [12]\.", ran.masked[-1])


def test_waits_of_one_cell_are_added_up_in_one_notice(kernel):
    ran = kernel.run("for _ in range(2):\n    time.sleep(1.3)\ntime.sleep(1.4)")
    assert ran.kinds[0] == "display_data"
    assert set(ran.kinds[1:]) == {"update_display_data"}
    assert ran.masked[-1].splitlines() == [
        "waited N s in `time.sleep(1.3)`, line 2 (2 times).",
        "waited N s in `time.sleep(1.4)`, line 3.",
    ]


PAIR = """listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname()); conn, _ = listener.accept()
"""
FULL = """full = socket.create_server(("127.0.0.1", 0), backlog=0)
one = socket.create_connection(full.getsockname())
"""
SERVE = "def serve(listener):\n    listener.accept()\n"


@pytest.mark.parametrize(
    ("setup", "cell", "call", "reason"),
    [
        (PAIR, "conn.recv(9)", "conn.recv(9)", "the peer has sent nothing"),
        (PAIR + "conn.sendall(b'hello')", "conn.recv(9)", "conn.recv(9)",
         "the peer has sent nothing, and has not read 5 of the bytes that you sent"),
        (PAIR + "conn.sendall(b'hello'); client.recv(9)", "conn.recv(9)", "conn.recv(9)",
         "the peer has sent nothing, and has read all that you sent"),
        (PAIR + "client.sendall(b'hello'); conn.recv(9)", "conn.recv(9)", "conn.recv(9)",
         "the peer has sent nothing more"),
        (PAIR + "client.sendall(b'no end of line')", "reader = conn.makefile()\nreader.readline()",
         "reader.readline()", "the peer has sent nothing more"),
        (PAIR + "client.sendall(b'no end of line'); reader = conn.makefile()", "for line in reader:\n    pass",
         "for line in reader", "the peer has sent nothing more"),
        (PAIR, "client.sendall(bytes(10**8))", "client.sendall(bytes(10**8))",
         r"the peer does not read: \d+ bytes wait for it"),
        (PAIR + "late = socket.create_connection(listener.getsockname())", "late.recv(9)", "late.recv(9)",
         "nobody has accepted this connection yet"),
        (FULL, "two = socket.create_connection(full.getsockname())", "socket.create_connection(full.getsockname())",
         "the listener's queue is full, waiting to be accepted: 1 of 0"),
        (FULL + "two = socket.socket()", "two.connect(full.getsockname())", "two.connect(full.getsockname())",
         "the listener's queue is full, waiting to be accepted: 1 of 0"),
        ("udp = socket.socket(type=socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 0))", "udp.recvfrom(9)",
         "udp.recvfrom(9)", "no datagram has come"),
        ("left, right = socket.socketpair()", "left.recv(9)", "left.recv(9)", "nothing more has come"),
        ("pairs = [socket.socketpair()]", "pairs[0][1].recv(9)", "pairs[0][1].recv(9)", "nothing more has come"),
        (PAIR + "thread = threading.Thread(target=conn.recv, args=(1,), daemon=True); thread.start()",
         "thread.join()", "thread.join()", "thread Thread-.* has not ended"),
        (PAIR + SERVE + "thread = threading.Thread(target=serve, args=(listener,), daemon=True); thread.start()",
         "thread.join()", "thread.join()",
         r"thread Thread-.* is in `listener.accept\(\)`, line 4 of the cell with serve\(\): nobody has connected"),
        (PAIR + SERVE, "serve(listener)", "listener.accept()", "nobody has connected"),
        ("lock = threading.Lock(); lock.acquire()", "lock.acquire()", "lock.acquire()", "it is held elsewhere"),
        ("box = queue.Queue()", "box.get()", "box.get()", "nothing is in the queue, or no room"),
        (PAIR, "select.select([conn], [], [])", "select.select([conn], [], [])", "nothing is ready"),
        ("import subprocess, sys", "subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
         "subprocess.run([sys.executable, '-c', 'import time; time.sl…", "that program has not ended"),
        ("import netlib.terminals\ntask = netlib.terminals.background(threading.Event().wait, 5)", "task.result(4)",
         "task.result(4)", "thread wait has not ended"),
    ],
)  # fmt: skip
def test_the_reason_is_read_from_the_kernel(kernel, setup, cell, call, reason):
    assert kernel.run(setup).error == ""
    ran = kernel.stopped(cell)
    text = re.fullmatch(r"still waiting in `(.*?)`, line .*?: (.*)\. Stop with ■\.", ran.notices[0])
    assert text is not None, ran.notices[0]
    assert text[1] == call
    assert re.fullmatch(reason, text[2]), text[2]


def test_a_line_in_a_function_of_another_cell_says_so(kernel):
    kernel.run(SERVE)
    ran = kernel.stopped("with socket.create_server(('127.0.0.1', 0)) as mine:\n    serve(mine)")
    assert ran.notices[0].startswith("still waiting in `listener.accept()`, line 2 of the cell with serve(): nobody")


def test_without_a_known_reason_it_speaks_all_the_same(kernel):
    assert kernel.run("time.sleep(1.4)").notices[0] == "still waiting in `time.sleep(1.4)`, line 1. Stop with ■."


def test_a_checkers_own_wait_is_not_spoken_of(kernel):
    kernel.run("import types; checker = types.ModuleType('course.exercises')")
    kernel.run("exec('import time\\ndef check(): time.sleep(1.4)', checker.__dict__)")
    assert kernel.run("checker.check()").notices == []


def test_fifty_cells_leave_one_watcher(kernel):
    names = "[thread.name for thread in threading.enumerate()]"
    before = eval(kernel.run(names).result)
    for _ in range(50):
        assert kernel.run("course.waiting.enable()").result == "True"
    after = eval(kernel.run(names).result)
    assert after.count("course.waiting") == 1
    assert set(after) <= set(before)
    assert len(after) <= len(before)


def test_the_watcher_uses_no_processor_while_no_cell_runs(kernel):
    clock = "next(t.ident for t in threading.enumerate() if t.name == 'course.waiting')"
    kernel.run(f"CLOCK = time.pthread_getcpuclockid({clock}); spent = lambda: time.clock_gettime(CLOCK)")
    before = float(kernel.run("spent()").result)
    time.sleep(1)  # the time that is measured
    assert float(kernel.run("spent()").result) - before < 0.01


def test_turned_off_nothing_speaks_and_no_thread_is_there(start):
    kernel = start(NETLIB_PATIENCE="0.3", COURSE_NOTICES="0")
    assert kernel.run("ON").result == "False"
    ran = kernel.run("time.sleep(1.4)")
    assert (ran.kinds, ran.notices) == ([], [])
    assert kernel.run("[t.name for t in threading.enumerate()].count('course.waiting')").result == "0"


def test_outside_a_notebook_it_does_nothing_and_loads_no_checker():
    program = (
        "import sys, threading, course.waiting\n"
        "print(course.waiting.enable(), threading.active_count(), 'course.checker' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False 1 False\n"


def test_it_can_be_loaded_as_an_extension(start):
    kernel = start(NETLIB_PATIENCE="0.3", COURSE_NOTICES="0")
    kernel.run("import os; os.environ['COURSE_NOTICES'] = '1'")
    kernel.run("%load_ext course.waiting")
    assert kernel.run("time.sleep(1.4)").notices[0].startswith("still waiting in")


def test_what_is_stored_in_a_notebook_is_the_last_text():
    cells = [
        "import course.waiting, time\ncourse.waiting.enable()",
        "print('a')\ntime.sleep(4)\nprint('b')",
        "print('c')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_NOTICES"}
    nbclient.NotebookClient(notebook, kernel_manager_class=AsyncPrivateKernelManager).execute(
        env=environment | {"NETLIB_PATIENCE": "0.5"}
    )
    outputs = notebook.cells[1].outputs
    assert [output.output_type for output in outputs] == ["stream", "display_data", "stream"]
    first, notice, second = outputs
    assert (first.text, second.text) == ("a\n", "b\n")
    assert notice.data["text/plain"].startswith("waited 4.")
    assert [output.output_type for output in notebook.cells[2].outputs] == ["stream"]
