"""netlib.chat.client: the conversation, against servers of every kind."""

import queue
import socket
import struct

import pytest

from netlib import background
from netlib.chat import converse
from netlib.messages import TooLong


@pytest.fixture
def ends():
    """Our socket, and the server's end of it."""
    ours, servers = socket.socketpair()
    with ours, servers:
        servers.settimeout(5)
        yield ours, servers


def heard_until_the_end(sock):
    data = b""
    while piece := sock.recv(1024):
        data += piece
    return data


def test_the_name_goes_first_and_the_lines_after_it_until_they_run_out(ends):
    ours, server = ends
    client = background(converse, ours, "ann", ["one", "two"], print)
    assert heard_until_the_end(server) == b"ann\none\ntwo\n"  # half-closed: the server may still speak
    assert client.running
    server.sendall(b"bob: late\n")
    server.close()
    assert client.result() is None


def test_after_exit_nothing_more_is_taken_from_the_lines(ends):
    ours, server = ends
    lines = iter(["exit", "not sent"])
    client = background(converse, ours, "ann", lines, print)
    with server.makefile("rb") as said:
        assert [said.readline() for _ in range(2)] == [b"ann\n", b"exit\n"]
    server.close()
    client.result()
    assert next(lines) == "not sent"


def test_every_line_is_shown_without_its_end_and_without_what_a_terminal_obeys(ends):
    ours, server = ends
    shown = []
    client = background(converse, ours, "ann", [], shown.append)
    server.sendall("bob: Zoë\r\n\x1b[2J\x07\n".encode())
    server.close()
    client.result()
    assert shown == ["bob: Zoë", "?[2J?"]


def test_a_server_that_resets_ends_the_conversation(ends):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as ours:
        server, _ = listener.accept()
        waiting = queue.SimpleQueue()
        client = background(converse, ours, "ann", iter(waiting.get, None), print, lambda: waiting.put(None))
        assert server.recv(1024) == b"ann\n"
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.close()
        client.result()


def test_a_line_that_is_two_is_refused_and_the_conversation_ended(ends):
    ours, server = ends
    with pytest.raises(ValueError, match="a line cannot hold a newline"):
        converse(ours, "ann", ["one\ntwo"], print)
    assert heard_until_the_end(server) == b"ann\n"


def test_what_show_raises_goes_to_the_caller(ends):
    ours, server = ends
    server.sendall(b"hello\n")
    with pytest.raises(ZeroDivisionError):
        background(converse, ours, "ann", [], lambda line: 1 / 0).result()


def test_a_server_that_does_not_speak_in_lines_is_an_error(ends):
    ours, server = ends
    client = background(converse, ours, "ann", [], print)
    server.sendall(b"x" * 70_000)
    with pytest.raises(TooLong, match="the limit"):
        client.result()
