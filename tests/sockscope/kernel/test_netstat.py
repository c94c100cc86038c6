"""netstat(): this process's sockets and what they leave behind, the same text in each run."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys

from sockscope.kernel import netstat

# An address that no other program of this machine has left a TIME-WAIT on within the last minute.
HERE = f"127.{77 + os.getpid() % 100}.{os.getpid() >> 8 & 0xFF}.{os.getpid() & 0xFF}"


def masked(table) -> list[str]:
    return re.sub(rf"({HERE}|127\.0\.0\.1):\d+", "HOST:PORT", repr(table)).splitlines()


def test_lists_listener_connections_and_the_one_not_accepted(connected, keep):
    listener, client, conn = connected((HERE, 0))
    client.sendall(b"hello")
    late = keep(socket.create_connection(listener.getsockname()))
    shown = [
        "listener        LISTEN       HOST:PORT                     waiting to be accepted: 1 of 128",
        "(not accepted)  ESTABLISHED  HOST:PORT -> HOST:PORT  nothing waiting",
        "client          ESTABLISHED  HOST:PORT -> HOST:PORT  nothing waiting",
        "conn            ESTABLISHED  HOST:PORT -> HOST:PORT  waiting to be read: 5 bytes",
        "late            ESTABLISHED  HOST:PORT -> HOST:PORT  nothing waiting",
    ]
    assert masked(netstat()) == masked(netstat(listener.getsockname())) == shown
    assert {late.fileno(), conn.fileno()}.isdisjoint({-1})


def test_a_client_that_closes_first_leaves_a_time_wait_too(connected):
    listener, client, conn = connected((HERE, 0))
    address = listener.getsockname()
    netstat()
    client.close()
    conn.close()
    assert [record.state for record in netstat()] == ["LISTEN", "TIME-WAIT"]
    assert netstat()[1].remote == address
    listener.close()
    assert repr(netstat()) == "no sockets"
    assert [record.state for record in netstat(address)] == ["TIME-WAIT"]


def test_a_connection_that_was_never_shown_may_be_another_programs(connected):
    listener, client, conn = connected((HERE, 0))
    client.close()
    conn.close()
    assert [record.state for record in netstat()] == ["LISTEN"]
    assert [record.state for record in netstat(listener.getsockname())] == ["LISTEN", "TIME-WAIT"]


def test_whoever_closes_first_is_left_in_time_wait(connected):
    listener, client, conn = connected((HERE, 0))
    address = listener.getsockname()
    conn.close()
    client.close()
    over = "over; the pair of addresses is kept for a minute"
    assert (
        masked(netstat())
        == masked(netstat(address))
        == [
            "listener  LISTEN     HOST:PORT                     waiting to be accepted: 0 of 128",
            f"(closed)  TIME-WAIT  HOST:PORT -> HOST:PORT  {over}",
        ]
    )
    assert netstat(address)[1].local == address, "the side that closed first, the server's"
    listener.close()
    assert repr(netstat()) == "no sockets"
    assert masked(netstat(address)) == [f"TIME-WAIT  HOST:PORT -> HOST:PORT  {over}"]


def test_the_text_is_the_same_in_each_of_twenty_runs():
    scene = """if True:
        import re, socket
        from sockscope.kernel import netstat
        first, second = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        clients = [socket.create_connection(s.getsockname()) for s in (first, second, first)]
        conn = first.accept()[0]
        clients[0].sendall(b"abc")
        datagrams = socket.socket(type=socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", 0))
        left, right = socket.socketpair()
        ended = second.accept()[0]
        ended.shutdown(socket.SHUT_WR)
        print(re.sub(r"127\\.0\\.0\\.1:\\d+", "PORT", repr(netstat())))
        """
    runs = {
        subprocess.run([sys.executable, "-W", "ignore", "-c", scene], capture_output=True, text=True, check=True).stdout
        for _ in range(20)
    }
    assert len(runs) == 1, "\n\n".join(runs)
    assert len(runs.pop().splitlines()) == 11


def test_sockets_of_other_processes_are_shown_on_request_only(keep):
    program = f"import socket; s = socket.create_server(({HERE!r}, 0)); print(s.getsockname()[1], flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        address = (HERE, int(other.stdout.readline()))
        assert repr(netstat()) == "no sockets"
        assert [record.local for record in netstat(address)] == [address]
        assert address in [record.local for record in netstat(all=True)]
        assert [r.name for r in netstat(all=True) if r.local == address] == ["(another process)"]
        other.communicate("\n")


def test_the_pair_with_which_an_event_loop_wakes_itself_is_not_yours():
    loop = asyncio.new_event_loop()
    try:
        assert repr(netstat()) == "no sockets"
    finally:
        loop.close()


def test_every_kind_of_socket_has_a_place(keep):
    udp = keep(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
    udp.bind(("::1", 0))
    left, right = map(keep, socket.socketpair())
    tcp = keep(socket.create_server(("::1", 0), family=socket.AF_INET6))
    assert [(record.name, record.kind) for record in netstat()] == [
        ("tcp", "TCP"),
        ("udp", "UDP"),
        ("left", "unix stream"),
        ("right", "unix stream"),
    ]
    assert {udp.family, left.family, right.family, tcp.family} == {socket.AF_INET6, socket.AF_UNIX}
    fresh = keep(socket.socket())
    assert fresh.fileno() != -1
    assert len(netstat()) == 4, "a socket without an address is in no table"
