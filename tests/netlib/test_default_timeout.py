"""netlib's own sockets are blocking ones, whatever `socket.setdefaulttimeout()` has set for the whole process.

A default of 0 makes each socket of Python's a non-blocking one: what consults it fails at once, and no clock is needed.
"""

import os
import socket
import subprocess
import sys

import pytest

from netlib import serving
from netlib.faults import LossyRelay, dribble, reset, stall


@pytest.fixture(autouse=True)
def a_default_of_0():
    socket.setdefaulttimeout(0)
    yield
    socket.setdefaulttimeout(None)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_server_gets_a_socket_that_waits(kind):
    seen = []
    with serving(lambda sock: seen.append(sock.gettimeout()), type=kind):
        pass
    assert seen == [None]


def test_a_lossy_road_waits_at_both_ends():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        client = LossyRelay(server.getsockname())._client(server, server.getsockname(), 0)
        with client.upstream:
            assert client.upstream.gettimeout() is None


@pytest.mark.parametrize("peer", [dribble, stall, reset])
def test_a_peer_that_misbehaves_does_so_in_its_own_way(peer):
    with serving(peer, b"all") as address, socket.create_connection(address, timeout=5) as client:
        client.sendall(b"a")
        with client.makefile("rb") as file:
            assert file.read(3) == b"all"


def test_a_member_of_the_chat_may_be_silent_for_as_long_as_it_likes(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import socket\nsocket.setdefaulttimeout(0)\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        port = str(listener.getsockname()[1])
        command = [sys.executable, "-m", "netlib.chat", "join", "127.0.0.1", port, "--name", "ann"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, env=environment, text=True, **pipes) as joined:
            conn, _ = listener.accept()
            with conn:
                conn.settimeout(20)
                assert conn.recv(100) == b"ann\n"
                conn.sendall(b"bob: hello\n")
                said = joined.stdout.readline()
            joined.stdin.close()
            assert (said, joined.stderr.read(), joined.wait(20)) == ("bob: hello\n", "", 0)
