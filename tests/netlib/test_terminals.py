"""The second terminal: what it runs, how it ends, and what it says when it does not."""

import gc
import socket
import subprocess
import sys
import threading
import time
import warnings

import pytest

from netlib import background, serving


def echo_all(listener):
    while True:
        conn, _ = listener.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data)


def ask(address, question):
    with socket.create_connection(address[:2], timeout=5) as client:
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(1024), b""))


def test_a_background_function_gives_back_what_it_returned():
    assert background(pow, 2, 10).result() == 1024


def test_a_failure_in_the_background_is_raised_where_its_result_is_asked_for():
    with pytest.raises(ZeroDivisionError):
        background(divmod, 1, 0).result()


def test_a_background_function_that_does_not_end_is_named_with_the_call_it_waits_in():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        task = background(lambda: theirs.recv(10))
        with pytest.raises(TimeoutError, match=r"theirs\.recv\(10\)"):
            task.result(timeout=0.1)
        ours.sendall(b"now")
        assert task.result() == b"now"


def test_a_background_function_is_awaited_until_it_waits_itself():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        waiting = background(listener.accept).until_waiting()
        assert waiting.running
        with socket.create_connection(listener.getsockname()):
            waiting.result()[0].close()


def test_one_that_never_waits_is_named():
    stop = []

    def busy():
        while not stop:
            pass

    task = background(busy)
    with pytest.raises(TimeoutError, match=r"busy\(\) is still busy"):
        task.until_waiting(timeout=0.1)
    stop.append(True)
    task.result()


def test_a_failure_that_nobody_asked_for_is_a_warning():
    task = background(divmod, 1, 0)
    task._thread.join()
    with pytest.warns(RuntimeWarning, match="divmod.*ZeroDivisionError"):
        del task
        gc.collect()


def test_background_explains_a_call_in_place_of_a_function():
    with pytest.raises(TypeError, match=r"background\(f, x\)"):
        background(print())


def test_a_background_block_waits_for_its_result():
    with pytest.raises(ZeroDivisionError), background(divmod, 1, 0):
        pass


def test_a_dead_program_lets_go_of_its_sockets():
    """Otherwise the peer of a server that died would wait for ever."""

    def dies(address):
        client = socket.create_connection(address)
        client.sendall("text")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the frame lets go of a socket that nobody closed
            task = background(dies, listener.getsockname())
            conn, _ = listener.accept()
            with conn:
                conn.settimeout(5)
                assert conn.recv(10) == b""
        with pytest.raises(TypeError):
            task.result()


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_server_is_reached_at_the_address_it_yields(family):
    if family == socket.AF_INET6 and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with serving(echo_all, family=family) as address:
        assert address[1] != 0
        assert ask(address, b"one") == b"one"
        assert ask(address, b"two") == b"two"


def test_nothing_is_left_when_the_block_ends():
    before = threading.active_count()
    with serving(echo_all) as address:
        ask(address, b"hi")
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_datagram_server_is_woken_too():
    def hello(sock):
        while True:
            name, sender = sock.recvfrom(100)
            if sender is None:
                return
            sock.sendto(b"Hello, " + name, sender)

    with serving(hello, type=socket.SOCK_DGRAM) as address:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            sock.sendto(b"ann", address)
            assert sock.recvfrom(100) == (b"Hello, ann", address)


def test_what_the_server_raised_is_raised_in_the_cell():
    def typo(listener):
        conn, _ = listener.accept()
        with conn:
            conn.sendall("text")

    with pytest.raises(TypeError, match="bytes-like"):
        with serving(typo) as address, socket.create_connection(address, timeout=5) as client:
            assert client.recv(10) == b""


def test_the_servers_failure_is_a_note_on_the_blocks_own_error():
    def typo(listener):
        conn, _ = listener.accept()
        with conn:
            conn.sendall("text")

    with pytest.raises(IndexError) as caught:
        with serving(typo) as address, socket.create_connection(address, timeout=5) as client:
            b""[int.from_bytes(client.recv(10))]
    assert "typo() raised TypeError" in caught.value.__notes__[0]


def test_a_server_in_the_middle_of_a_talk_is_ended():
    with serving(echo_all) as address:
        client = socket.create_connection(address, timeout=5)
        client.sendall(b"hello")
        assert client.recv(10) == b"hello"
    with client:
        assert client.recv(10) == b""


def test_a_server_that_cannot_be_ended_is_named(monkeypatch):
    monkeypatch.setenv("NETLIB_PATIENCE", "0.1")
    go_on = threading.Event()

    def stuck(listener):
        go_on.wait()

    with pytest.raises(RuntimeError, match=r"stuck\(\) could not be ended: it is in `go_on\.wait\(\)`"):
        with serving(stuck):
            pass
    go_on.set()


def test_a_server_that_has_ended_refuses_the_next_client():
    def once(listener):
        listener.accept()[0].close()

    with serving(once) as address:
        assert ask_until_refused(address)


def ask_until_refused(address):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            socket.create_connection(address, timeout=5).close()
        except OSError:
            return True
    return False


def test_prints_of_a_server_and_of_its_own_threads_come_together_at_the_end(capsys):
    def chatty(listener):
        print("waiting")
        helper = threading.Thread(target=print, args=("from a thread of mine",))
        helper.start()
        helper.join()

    with serving(chatty) as _:
        print("in the cell")
    assert capsys.readouterr().out == "in the cell\nchatty | waiting\nchatty | from a thread of mine\n"


def test_stdout_is_itself_again_afterwards(capsys):
    before = sys.stdout
    with serving(echo_all):
        pass
    assert sys.stdout is before


def test_a_terminal_that_ends_in_the_middle_of_a_print_does_not_crash_the_process():
    """`print` borrows sys.stdout: freeing it in another thread, in mid-print, was a segmentation fault."""
    program = """
import sys, threading
from netlib import background

class EndsTheTerminal:
    def write(self, text):
        go_on.set()
        task._thread.join()
        return sys.__stdout__.write(text)

    def flush(self):
        sys.__stdout__.flush()

for number in range(100):
    go_on = threading.Event()
    sys.stdout = EndsTheTerminal()
    task = background(go_on.wait)
    print(number, number, number)
    task.result()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 100
