"""Where the kernel speaks no netlink, what the sockets themselves and psutil know is shown, and the rest is said."""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import pytest

from sockscope.kernel import look, netstat


@pytest.fixture(autouse=True)
def no_netlink(monkeypatch):
    monkeypatch.delattr(socket, "AF_NETLINK")


def masked(table) -> list[str]:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", repr(table)).splitlines()


def test_states_addresses_and_unread_bytes_are_known(connected):
    listener, client, conn = connected()
    client.sendall(b"hello")
    client.shutdown(socket.SHUT_WR)
    assert masked(look(listener, client, conn)) == [
        "listener  LISTEN      127.0.0.1:PORT                     waiting to be accepted: not known here",
        "client    FIN-WAIT-2  127.0.0.1:PORT -> 127.0.0.1:PORT  this side has finished sending",
        "conn      CLOSE-WAIT  127.0.0.1:PORT -> 127.0.0.1:PORT  waiting to be read: 5 bytes; "
        "the peer has finished sending",
    ]


def test_netstat_shows_this_process(connected):
    listener, client, conn = connected()
    assert [record.name for record in netstat()] == ["listener", "client", "conn"]
    assert [record.name for record in netstat(client.getsockname())] == ["client", "conn"]
    assert conn.fileno() != listener.fileno()


def test_other_kinds_have_a_state_too(keep):
    left, right = map(keep, socket.socketpair())
    right.sendall(b"12")
    udp, fresh = (keep(socket.socket(type=type)) for type in (socket.SOCK_DGRAM, socket.SOCK_STREAM))
    gone = socket.socket()
    gone.close()
    assert [record.state for record in look(left, udp, fresh, gone)] == ["CONNECTED", "UNBOUND", "CLOSED", "closed"]
    assert look(left)[0].recv_queue == 2


def test_importing_the_views_loads_no_psutil():
    program = "import sys, sockscope.kernel; print('psutil' in sys.modules, 'ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
