"""`python -m sockscope PROGRAM`: the program runs as it would without, and its picture goes where it was asked."""

import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

ECHO = """
import socket
import sys
import threading


def serve(listener):
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(100):
            conn.sendall(data.upper())


with socket.create_server(("127.0.0.1", 0)) as listener:
    server = threading.Thread(target=serve, args=(listener,))
    server.start()
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(sys.argv[1].encode())
        print(client.recv(100))
    server.join()
"""
PICTURE = ["client.sendall(b'hello')", "conn.recv(100) → b'hello'", "client.recv(100) → b'HELLO'", "FIN (inferred)"]


@pytest.fixture
def sockscope(tmp_path):
    """Run the command on a program's text; return what became of it."""

    def run(text, *arguments, options=()):
        program = tmp_path / "program.py"
        program.write_text(text)
        command = [sys.executable, "-m", "sockscope", *map(str, options), str(program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    return run


def test_the_program_prints_what_it_prints_and_the_picture_goes_to_standard_error(sockscope):
    done = sockscope(ECHO, "hello")
    assert (done.returncode, done.stdout) == (0, "b'HELLO'\n")
    assert [part for part in PICTURE if part not in done.stderr] == []


def test_the_picture_is_written_as_text_and_as_svg_where_it_was_asked_for(sockscope, tmp_path):
    text, svg = tmp_path / "picture.txt", tmp_path / "picture.svg"
    done = sockscope(ECHO, "hello", options=("--text", text, "--svg", svg))
    assert (done.returncode, done.stdout, done.stderr) == (0, "b'HELLO'\n", "")
    assert [part for part in PICTURE if part not in text.read_text()] == []
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")


def test_a_timeline_is_another_order(sockscope):
    by_clock = sockscope(ECHO, "hello", options=("--timeline", "--text", "-"))
    assert [part for part in PICTURE if part not in by_clock.stdout] == []
    assert by_clock.stderr == ""


def test_what_ends_a_program_is_told_as_python_tells_it_and_drawn_all_the_same(sockscope):
    broken = sockscope(ECHO.replace("print(client.recv(100))", "1 / 0"), "hello")
    assert broken.returncode == 1
    assert "ZeroDivisionError: division by zero" in broken.stderr
    assert "runpy" not in broken.stderr
    assert "client.sendall(b'hello')" in broken.stderr
    asked = sockscope(f"{ECHO}\nsys.exit('enough')", "hello")
    assert asked.returncode == 1
    assert asked.stderr.startswith("enough\n")
    assert sockscope(f"{ECHO}\nsys.exit(7)", "hello").returncode == 7


def test_threads_that_outlive_the_main_line_are_waited_for(sockscope):
    done = sockscope(ECHO.replace("    server.join()\n", ""), "hello")
    assert "conn.close()" in done.stderr


# Who was started in the background, as tests may be, inherits that SIGINT is ignored (signal(7), execve(2)).
HEARS = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def test_ctrl_c_ends_the_program_and_shows_what_it_did(tmp_path):
    program = tmp_path / "waits.py"
    program.write_text("import socket\nlistener = socket.create_server(('127.0.0.1', 0))\nprint('up', flush=True)\n"
                       "listener.accept()\n")  # fmt: skip
    command = [sys.executable, "-c", HEARS, sys.executable, "-m", "sockscope", str(program)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as running:
        try:
            assert running.stdout.readline() == "up\n"
            running.send_signal(signal.SIGINT)
            _, told = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130
    assert "KeyboardInterrupt" in told
    assert "listen()" in told


def test_what_cannot_be_written_is_said_before_the_program_runs(sockscope, tmp_path):
    nowhere = tmp_path / "no such folder" / "picture.svg"
    done = sockscope("print('ran')", options=("--svg", nowhere))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"sockscope: cannot write {nowhere}: No such file or directory; the program was not run\n"


def test_a_program_that_is_not_there_is_named():
    done = subprocess.run([sys.executable, "-m", "sockscope", "nobody.py"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "sockscope: there is no program nobody.py\n")


def test_help_says_what_is_inferred():
    done = subprocess.run([sys.executable, "-m", "sockscope", "--help"], capture_output=True, text=True, timeout=60)
    assert "inferred from the calls" in " ".join(done.stdout.split())


def test_a_program_finds_the_modules_beside_it_and_not_those_of_the_folder_it_was_started_in(sockscope, tmp_path):
    (tmp_path / "beside.py").write_text("word = 'found'\n")
    assert (
        sockscope("import beside, sys\nprint(beside.word, sys.argv[1:])", "--svg", "x").stdout
        == "found ['--svg', 'x']\n"
    )


IN_PYTEST = """
import socket
from sockscope import trace


def test_they_talk():
    left, right = socket.socketpair()
    with left, right:
        with trace() as t:
            left.sendall(b"hello")
            assert right.recv(100) == b"hello"
    assert "left.sendall(b'hello')" in t.text()
    assert "right.recv(100)" in t.text()
"""


def test_a_trace_works_inside_pytest(tmp_path):
    test = tmp_path / "test_talk.py"
    test.write_text(IN_PYTEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(test)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
