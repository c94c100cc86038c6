"""What is recorded, and that recording changes nothing."""

from __future__ import annotations

import gc
import io
import os
import selectors
import socket
import ssl
import tempfile
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sockscope.trace import trace

LOOPBACK = ("127.0.0.1", 0)
Thread = Callable[..., threading.Thread]


@pytest.fixture(autouse=True)
def _no_patch_is_left() -> Iterator[None]:
    before = dict(socket.socket.__dict__)
    yield
    assert dict(socket.socket.__dict__) == before


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, LOOPBACK), (socket.AF_INET6, ("::1", 0)), (socket.AF_UNIX, "talk.sock")]
)
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_each_family_and_type_shows_what_arrived(
    family: socket.AddressFamily,
    address: object,
    kind: socket.SocketKind,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # a relative path fits into a socket's address (unix(7)), however long the folder's is
    with trace() as t, socket.socket(family, kind) as server, socket.socket(family, kind) as client:
        server.bind(address)  # type: ignore[arg-type]
        if kind == socket.SOCK_STREAM:
            server.listen()
            client.connect(server.getsockname())
            conn, _ = server.accept()
            with conn:
                client.sendall(b"hello")
                assert conn.recv(10) == b"hello"
        else:
            client.sendto(b"hello", server.getsockname())
            assert server.recv(10) == b"hello"
    assert "⇠ 5 B from client" in t.text()
    assert ("FIN" in t.text()) == (kind == socket.SOCK_STREAM and family != socket.AF_UNIX)


def test_every_way_to_send_and_receive_is_recorded(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"from a file")
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            a.send(b"1")
            b.recv_into(bytearray(10))
            a.sendmsg([b"2", bytearray(b"22")])
            b.recvmsg(10)
            a.sendall(memoryview(b"333"))
            b.recvmsg_into([bytearray(2), bytearray(2)])
            a.sendall(b"4")
            b.recvfrom(10)
            a.sendall(b"55555")
            b.recvfrom_into(bytearray(10), 5)
            with file.open("rb") as opened:
                a.sendfile(opened)
            assert b.recv(100, socket.MSG_PEEK) == b"from a file"
            assert b.recv(100) == b"from a file"
            a.sendall(b"6 line\n")
            with b.makefile("rb") as lines:
                assert lines.readline() == b"6 line\n"
    text = t.text()
    arrows = [line.split()[1] for line in text.splitlines() if "⇠" in line and " B " in line]
    assert arrows == ["1", "3", "3", "1", "5", "11", "7"]
    for name in ("recv_into", "sendmsg", "recvmsg(", "recvmsg_into", "recvfrom(", "recvfrom_into", "sendfile"):
        assert f".{name}" in text
    assert "recv(100, MSG_PEEK) → b'from a file' (left in the queue)" in text


def test_a_close_with_an_open_makefile_or_copy_sends_no_fin() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        a.sendall(b"x")
        b.recv(1)
        copy = a.dup()
        a.close()
        copy.close()
        file = b.makefile("rb")
        b.close()
        file.close()
    assert "a.close() → stays open: a file or a copy still uses it\n  4  " in t.text()
    assert "b.close() → stays open: a file or a copy still uses it" in t.text()
    assert t.text().count("⇢ end") == 2


def test_non_blocking_calls_say_that_nothing_is_there_yet(in_thread: Thread) -> None:
    with trace() as t, socket.create_server(LOOPBACK) as listener, socket.socket() as client:
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.connect(listener.getsockname())
        conn, _ = listener.accept()
        with conn, pytest.raises(BlockingIOError):
            client.recv(10)
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ)
            assert selector.select(5)
        assert client.recv(10) == b""
    assert "client.connect(127.0.0.1:PORT) → BlockingIOError: under way\n       ⇢ SYN, SYN-ACK, ACK" in t.text()
    assert "client.recv(10) → BlockingIOError: nothing there yet" in t.text()
    assert "client.recv(10) → b'' (end of stream)\n       ⇠ FIN (inferred) from conn" in t.text()


def test_errors_pass_unchanged() -> None:
    with trace() as t, socket.socket() as client:
        with pytest.raises(TypeError, match="bytes-like object is required"):
            client.sendall("text")  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            client.recv()  # type: ignore[call-arg]
        with pytest.raises(OSError, match="not connected"):
            client.getpeername()
        with pytest.raises(OSError, match="not connected"):
            client.recv(1)
    assert "client.recv(1) ✗ OSError ENOTCONN: not connected" in t.text()


def test_nested_traces_each_have_their_record() -> None:
    with trace() as outer:
        a, b = socket.socketpair()
        a.sendall(b"one")
        with trace() as inner:
            b.recv(2)
            a.sendall(b"two")
        b.recv(10)
        a.close()
        b.close()
    assert [c.name for c in inner.record.calls] == ["recv", "sendall"]
    assert [c.name for c in outer.record.calls] == ["sendall", "recv", "sendall", "recv", "close", "close"]
    assert "⇠" not in inner.text()  # the two bytes were sent before it began; its own were not read in it
    assert "3 B not read" in inner.text()


def test_traces_that_overlap_each_have_their_record() -> None:
    first, second = trace(), trace()
    a, b = socket.socketpair()
    first.__enter__()
    a.sendall(b"1")
    second.__enter__()
    b.recv(1)
    first.__exit__(None, None, None)
    with a, b:
        a.sendall(b"2")
    second.__exit__(None, None, None)
    assert [c.name for c in first.record.calls] == ["sendall", "recv"]
    assert [c.name for c in second.record.calls] == ["recv", "sendall", "close", "close"]


def test_an_exception_in_the_block_passes_and_leaves_the_record() -> None:
    def fail() -> None:
        with socket.socket() as client:
            client.bind(LOOPBACK)
            raise LookupError("mine")

    t = trace()
    with pytest.raises(LookupError, match="mine"), t:
        fail()
    assert t.text().splitlines() == ["  1  client.bind(127.0.0.1:0)", "  2  client.close()"]


def test_a_socket_that_outlives_the_block_works_on_and_is_drawn_open() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        send = a.sendall  # a bound method taken in the block
    send(b"later")
    assert b.recv(10) == b"later"
    a.close()
    b.close()
    assert t.record.calls == []


def test_bytes_sent_before_the_block_do_not_shift_the_arrows() -> None:
    a, b = socket.socketpair()
    with a, b:
        a.sendall(b"before")
        with trace() as t:
            a.sendall(b"traced")
            assert b.recv(8) == b"beforetr"
            assert b.recv(10) == b"aced"
    assert "b.recv(8) → b'beforetr'\n       ⇠ 2 B from a, call 1" in t.text()
    assert "b.recv(10) → b'aced'\n       ⇠ 4 B from a, call 1" in t.text()


@pytest.mark.parametrize("inside", [True, False])
def test_no_socket_is_kept_alive(inside: bool) -> None:
    def speak() -> weakref.ref[socket.socket]:
        client = socket.create_connection(listener.getsockname())
        conn, _ = listener.accept()
        with conn:
            client.sendall(b"x")
            conn.recv(1)
        ref = weakref.ref(client)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            client = None  # type: ignore[assignment]  # in 3.11 and 3.12 a copy in f_locals would hold it
            gone.append(ref() is None)
        return ref

    gone: list[bool] = []
    with socket.create_server(LOOPBACK) as listener:
        if inside:
            with trace() as t:
                speak()
            assert t.text()
        else:
            speak()
    gc.collect()
    assert gone == [True]


def test_the_locals_of_the_learner_stay_as_they_are() -> None:
    mine = "kept"
    a, b = socket.socketpair()
    with a, b, trace():
        a.sendall(b"x")
        seen = dict(locals())
    assert (mine, seen["mine"], seen["a"]) == ("kept", "kept", a)


def test_only_waits_that_never_ended_are_said_to_wait(in_thread: Thread) -> None:
    a, b = socket.socketpair()
    with trace() as t:
        thread = in_thread(a.recv, 10)
        other = socket.socketpair()
        other[0].close()
        other[1].close()
    b.sendall(b"now")
    thread.join()
    a.close()
    b.close()
    assert "recv(10) … still waiting" in t.text()


def test_what_a_thread_had_begun_is_finished_in_the_record(in_thread: Thread) -> None:
    """The client has the end of the stream before close() has returned in the server's thread."""
    for _ in range(50):
        with socket.create_server(LOOPBACK) as listener:

            def serve(listener: socket.socket = listener) -> None:
                conn, _ = listener.accept()
                conn.sendall(b"bye")
                conn.close()

            with trace() as t:
                thread = in_thread(serve)
                with socket.create_connection(listener.getsockname()) as client:
                    while client.recv(10):
                        pass
            thread.join()
        assert [c.name for c in t.record.calls if c.end is None] == []
        assert "conn.close()" in t.text()


def test_a_fork_in_the_block_is_left_alone() -> None:
    read, write = os.pipe()
    with trace() as t:
        a, b = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            a.sendall(b"child")
            with trace() as own:
                a.sendall(b"again")
            os.write(write, f"{len(own.record.calls)} {'sendall' in socket.socket.__dict__}".encode())
            os._exit(0)
        os.waitpid(pid, 0)
        assert b.recv(100) == b"childagain"
        a.close()
        b.close()
    assert os.read(read, 100) == b"1 False"
    os.close(read)
    os.close(write)
    assert [c.name for c in t.record.calls] == ["recv", "close", "close"]


def test_calls_in_many_threads_are_all_recorded(in_thread: Thread) -> None:
    def talk() -> None:
        a, b = socket.socketpair()
        with a, b:
            for _ in range(200):
                a.sendall(b"x")
                b.recv(1)

    with trace() as t:
        for thread in [in_thread(talk) for _ in range(8)]:
            thread.join()
    assert len(t.record.calls) == 8 * 402
    assert t.text()


def test_a_sendall_that_fails_part_way_shows_what_arrived() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            a.setblocking(False)
            with pytest.raises(BlockingIOError):
                a.sendall(b"x" * 10_000_000)
            got = len(b.recv(1000))
    assert f"⇠ {got} B from a" in t.text()
    assert "✗" not in t.text()


def test_io_on_text_and_bytes_is_untouched() -> None:
    assert isinstance(ssl.SSLSocket, type)
    assert issubclass(ssl.SSLSocket, socket.socket)
    with trace():
        assert type(socket.socket) is type
        with tempfile.TemporaryFile() as file:
            assert isinstance(file, io.BufferedIOBase)
