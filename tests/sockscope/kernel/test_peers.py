"""What the peer has not read: counted from the send, in a socket that another process holds."""

from __future__ import annotations

import os
import socket

import pytest

from sockscope.kernel import receive_queue_of, unread_by_peer


def test_bytes_are_counted_until_another_process_reads_them(connected):
    listener, client, conn = connected()
    asks, told = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:  # the reader: 30 bytes, then all
        try:
            client.close()
            listener.close()
            for size in (30, 1000, 1000):
                os.read(asks[0], 1)
                conn.recv(size)
                os.write(told[1], b".")
            os.read(asks[0], 1)
        finally:
            os._exit(0)
    pair = client.getpeername(), client.getsockname()
    conn.close()
    seen = []
    client.sendall(b"x" * 100)
    for step in range(4):
        if step == 2:
            client.shutdown(socket.SHUT_WR)
        seen.append((receive_queue_of(*pair), unread_by_peer(client)))
        os.write(asks[1], b".")
        if step < 3:
            os.read(told[0], 1)
    os.waitpid(child, 0)
    for fd in (*asks, *told):
        os.close(fd)
    assert seen == [(100, 100), (70, 70), (0, 0), (0, 0)]
    client.close()


def test_what_a_closed_socket_had_not_read_is_unknown(connected):
    _, client, conn = connected()
    pair = conn.getsockname(), conn.getpeername()
    assert receive_queue_of(*pair) == 0
    conn.close()
    client.close()
    assert receive_queue_of(*pair) in (None, 0)  # 0: in TIME-WAIT
    left, right = socket.socketpair()
    with left, right:
        right.close()
        assert unread_by_peer(left) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_stream_that_nobody_accepted_yet_is_counted_too(keep, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = keep(socket.create_server((host, 0), family=family))
    client = keep(socket.create_connection(listener.getsockname()[:2]))
    client.sendall(b"12345")
    assert unread_by_peer(client) == 5


def test_unix_streams_are_counted(keep):
    left, right = map(keep, socket.socketpair())
    left.sendall(b"123")
    assert unread_by_peer(left) == 3
    right.recv(2)
    assert unread_by_peer(left) == 1
    right.close()
    assert unread_by_peer(left) is None


def test_bytes_beyond_the_peers_room_are_counted(connected):
    _, client, conn = connected()
    client.setblocking(False)
    sent = 0
    try:
        while True:
            sent += client.send(bytes(65536))
    except BlockingIOError:
        pass
    assert unread_by_peer(client) == sent
    taken = len(conn.recv(50000))
    assert unread_by_peer(client) == sent - taken


def test_every_byte_is_unread_at_once_after_its_send(connected):
    """Not one answer too small, though the reader is in a call on the very socket: 2000 of 2000."""
    import threading

    _, client, conn = connected()
    reader = threading.Thread(target=lambda: all(conn.recv(7) for _ in range(10**6)))
    reader.start()
    for _ in range(2000):
        client.sendall(b"1234567")
        while unread_by_peer(client):
            pass
    assert receive_queue_of(client.getpeername(), client.getsockname()) == 0
    client.shutdown(socket.SHUT_WR)
    reader.join()
