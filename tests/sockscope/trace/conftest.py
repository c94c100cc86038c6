"""Conversations whose causes fix their order, each a function that traces itself."""

from __future__ import annotations

import array
import fcntl
import socket
import termios
import threading
import time
from collections.abc import Callable

import pytest

from netlib.patience import patience
from sockscope.trace import Trace, trace

LOOPBACK = ("127.0.0.1", 0)


def started(target: Callable[..., object], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args)
    thread.start()
    return thread


def wait_until_unread(sock: socket.socket, count: int) -> None:
    """Wait until so many bytes are in the receive queue. The kernel has no event for "exactly n": so this polls."""
    waiting = array.array("i", [0])
    deadline = time.monotonic() + patience(5)
    while time.monotonic() < deadline:
        fcntl.ioctl(sock.fileno(), termios.FIONREAD, waiting)
        if waiting[0] == count:
            return
        time.sleep(0.0002)
    raise AssertionError(f"{count} bytes never waited in the queue, but {waiting[0]}")


def echo(listener: socket.socket, clients: int = 1) -> None:
    for _ in range(clients):
        conn, _ = listener.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data.upper())


def exchange() -> Trace:
    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(echo, listener)
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(b"hello")
            client.recv(1024)
        server.join()
    return t


def cut_in_three() -> Trace:
    def read_three(listener: socket.socket) -> None:
        conn, _ = listener.accept()
        with conn:
            for _ in range(3):
                wait_until_unread(conn, 4)
                conn.recv(1024)
                conn.sendall(b"+")

    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(read_three, listener)
        with socket.create_connection(listener.getsockname()) as client:
            for piece in (b"one ", b"two ", b"three"[:4]):
                client.sendall(piece)
                client.recv(1)
        server.join()
    return t


def one_send_in_three() -> Trace:
    def read_three(listener: socket.socket) -> None:
        conn, _ = listener.accept()
        with conn:
            wait_until_unread(conn, 11)
            for size in (4, 3, 10):
                conn.recv(size)

    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(read_three, listener)
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(b"hello world")
            client.recv(1)
        server.join()
    return t


def half_close() -> Trace:
    def answer_at_the_end(listener: socket.socket) -> None:
        conn, _ = listener.accept()
        with conn:
            heard = b""
            while data := conn.recv(1024):
                heard += data
            conn.sendall(heard[::-1])

    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(answer_at_the_end, listener)
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(b"that is all")
            client.shutdown(socket.SHUT_WR)
            while client.recv(1024):
                pass
        server.join()
    return t


def reset() -> Trace:
    def hang_up(listener: socket.socket) -> None:
        conn, _ = listener.accept()
        wait_until_unread(conn, 12)
        conn.close()

    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(hang_up, listener)
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(b"hello server")
            with pytest.raises(ConnectionResetError):
                client.recv(1024)
        server.join()
    return t


def udp_exchange() -> Trace:
    def answer(server: socket.socket) -> None:
        question, client = server.recvfrom(1024)
        server.sendto(b"you asked: " + question, client)

    with trace() as t, socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(LOOPBACK)
        thread = started(answer, server)
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"what?", server.getsockname())
            client.recvfrom(1024)
        thread.join()
    return t


def two_clients() -> Trace:
    with trace() as t, socket.create_server(LOOPBACK) as listener:
        server = started(echo, listener, 2)
        for word in (b"first", b"second"):
            with socket.create_connection(listener.getsockname()) as client:
                client.sendall(word)
                client.recv(1024)
        server.join()
    return t


def four_lanes() -> Trace:
    """Three clients and a listener, more than forty calls, none of them repeating the ones before."""
    with trace() as t, socket.create_server(LOOPBACK) as listener:
        clients = alice, bob, carol = [socket.create_connection(listener.getsockname()) for _ in range(3)]
        served = a, b, c = [listener.accept()[0] for _ in range(3)]
        words = [b"x" * n for n in (3, 30, 300)]
        for word, (client, conn) in zip(words, zip(clients, served, strict=True), strict=True):
            client.sendall(word)
            for other, out in zip(clients, served, strict=True):
                if out is not conn:
                    out.sendall(word + b"\0")
                    other.recv(2)
                    other.recv(1000)
        bob.sendall(b"1")
        bob.sendall(b"2")
        alice.sendall(b"3")
        for conn in (a, b, c):
            conn.recv(1)
            conn.recv(1000)
        carol.shutdown(socket.SHUT_WR)
        with pytest.raises(OSError, match="connected"):
            carol.connect(listener.getsockname())
        for s in (*clients, *served):
            s.close()
    return t


FIXED_ORDER = (exchange, cut_in_three, one_send_in_three, half_close, reset, udp_exchange, two_clients)


@pytest.fixture(params=FIXED_ORDER, ids=lambda scenario: scenario.__name__)
def scenario(request: pytest.FixtureRequest) -> Callable[[], Trace]:
    """One of the conversations whose causes fix their order."""
    chosen: Callable[[], Trace] = request.param
    return chosen


@pytest.fixture
def scenarios() -> dict[str, Callable[[], Trace]]:
    """All the conversations, by name."""
    return {f.__name__: f for f in (*FIXED_ORDER, four_lanes)}


@pytest.fixture
def in_thread() -> Callable[..., threading.Thread]:
    """Start a function in a thread."""
    return started
