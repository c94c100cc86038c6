"""look() on real scenes: each line says what the kernel knows, in words that are the same in each run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import struct
import weakref
from dataclasses import replace

import pytest

from sockscope.kernel import Table, look


def masked(table) -> str:
    return re.sub(r"(127\.0\.0\.1|\[::1\]):\d+", r"\1:PORT", repr(table))


def test_a_full_backlog_reads_two_of_one(keep):
    listener = keep(socket.create_server(("127.0.0.1", 0), backlog=1))
    for _ in range(2):
        keep(socket.create_connection(listener.getsockname()))
    assert masked(look(listener)) == "LISTEN  127.0.0.1:PORT  waiting to be accepted: 2 of 1"
    assert (look(listener)[0].accept_queue, look(listener)[0].backlog) == (2, 1)


def test_accepting_empties_the_queue(connected):
    listener, _client, _conn = connected()
    assert look(listener)[0].accept_queue == 0


def test_a_connect_that_nobody_answers_is_syn_sent(keep):
    listener = keep(socket.create_server(("127.0.0.1", 0), backlog=0))
    keep(socket.create_connection(listener.getsockname()))
    late = keep(socket.socket())
    late.setblocking(False)
    late.connect_ex(listener.getsockname())
    assert masked(look(late)).startswith("SYN-SENT  127.0.0.1:PORT -> 127.0.0.1:PORT  no answer yet")
    assert look(late)[0].send_queue == 0, "a SYN is no byte of the program's"


def test_unread_bytes_are_counted_and_each_line_has_the_learners_name(connected):
    _, client, conn = connected()
    client.sendall(b"x" * 777)
    assert masked(look(client, conn)).splitlines() == [
        "client  ESTABLISHED  127.0.0.1:PORT -> 127.0.0.1:PORT  nothing waiting",
        "conn    ESTABLISHED  127.0.0.1:PORT -> 127.0.0.1:PORT  waiting to be read: 777 bytes",
    ]
    assert look(conn)[0].recv_queue == 777


@pytest.mark.parametrize("unread", [0, 1, 777])
def test_half_closed_shows_both_sides_and_counts_no_byte_for_the_fin(connected, unread):
    _, client, conn = connected()
    client.sendall(b"x" * unread)
    client.shutdown(socket.SHUT_WR)
    near, far = look(client, conn)
    assert (near.state, far.state) == ("FIN-WAIT-2", "CLOSE-WAIT")
    assert (near.send_queue, far.recv_queue) == (0, unread)
    conn.recv(1000)
    conn.recv(1000)  # the end of the stream
    assert look(conn)[0].recv_queue == 0
    assert look(conn)[0].notes == "the peer has finished sending"


def test_a_full_pipe_says_that_the_peer_has_no_room(connected):
    _, client, conn = connected()
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            client.send(bytes(65536))
    near, far = look(client, conn)
    assert far.recv_queue > 0
    assert near.send_queue > 0
    assert re.fullmatch(
        r"not yet acknowledged: \d+ bytes; more than the peer has room for(; retransmissions: 1)?", near.notes
    )


def test_an_open_socket_without_a_connection_says_so(keep):
    fresh = keep(socket.socket())
    assert repr(look(fresh)) == "CLOSED    no connection"
    fresh.bind(("127.0.0.1", 0))
    assert masked(look(fresh)) == "CLOSED  127.0.0.1:PORT  bound"


def test_a_closed_socket_is_closed():
    sock = socket.socket()
    sock.close()
    assert repr(look(sock)) == "closed"


def test_after_a_reset_there_is_no_connection(connected):
    _, client, conn = connected()
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()
    record = look(client)[0]
    assert (record.state, record.notes) == ("CLOSED", "no connection")
    with pytest.raises(ConnectionResetError):  # looking has not taken the error away
        client.recv(1)


def test_a_udp_socket_shows_its_first_datagram_even_an_empty_one(keep):
    receiver, sender = (keep(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(2))
    assert repr(look(receiver)) == "UDP  UNBOUND"
    receiver.bind(("127.0.0.1", 0))
    assert masked(look(receiver)) == "UDP  BOUND  127.0.0.1:PORT  nothing waiting"
    sender.connect(receiver.getsockname())
    for datagram in (b"", b"abc"):
        sender.send(datagram)
    assert masked(look(receiver, sender)).splitlines() == [
        "receiver  UDP  BOUND      127.0.0.1:PORT                     first datagram waiting: 0 bytes",
        "sender    UDP  CONNECTED  127.0.0.1:PORT -> 127.0.0.1:PORT  nothing waiting",
    ]
    receiver.recv(1)
    assert look(receiver)[0].notes == "first datagram waiting: 3 bytes"


def test_datagrams_thrown_away_are_counted(keep):
    receiver, sender = (keep(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(2))
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    receiver.bind(("127.0.0.1", 0))
    for _ in range(50):
        sender.sendto(bytes(1000), receiver.getsockname())
    record = look(receiver)[0]
    assert record.drops > 0
    assert record.notes.endswith(f"datagrams thrown away: {record.drops}")


def test_ipv6_addresses_stand_in_brackets(connected):
    listener, client, conn = connected(("::1", 0))
    client.sendall(b"1")
    assert masked(look(listener)) == "LISTEN  [::1]:PORT  waiting to be accepted: 0 of 128"
    assert masked(look(conn)) == "ESTABLISHED  [::1]:PORT -> [::1]:PORT  waiting to be read: 1 byte"


def test_a_unix_pair_shows_what_the_peer_has_not_read(keep):
    left, right = map(keep, socket.socketpair())
    left.sendall(b"hi")
    assert repr(look(left, right)).splitlines() == [
        "left   unix stream  CONNECTED  unnamed -> unnamed  not yet read by the peer: 2 bytes; peer: right",
        "right  unix stream  CONNECTED  unnamed -> unnamed  waiting to be read: 2 bytes; peer: left",
    ]
    left.close()
    assert look(right)[0].notes == "waiting to be read: 2 bytes; nothing more will come; nothing more can be sent"


def test_a_unix_listener_shows_its_path_and_queue(keep, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a relative path fits into a socket's address (unix(7)), however long the folder's is
    listener = keep(socket.socket(socket.AF_UNIX))
    listener.bind("./room")
    listener.listen(1)
    guests = [keep(socket.socket(socket.AF_UNIX)) for _ in range(2)]
    for guest in guests:
        guest.connect("./room")
    assert repr(look(listener)) == "unix stream  LISTEN  ./room  waiting to be accepted: 2 of 1"


def test_abstract_unix_names_begin_with_an_at_sign(keep):
    sock = keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    sock.bind(f"\0look-{os.getpid()}")
    assert repr(look(sock)) == f"unix dgram  BOUND  @look-{os.getpid()}  nothing waiting"


def test_names_are_found_in_lists_and_dictionaries_and_else_the_descriptor_stands(connected):
    _, *pair = connected()
    rooms = {"ann": pair.pop()}
    assert [record.name for record in look(pair[0], rooms["ann"])] == ["pair[0]", "rooms['ann']"]
    assert look(connected()[1])[0].name.startswith("fd=")


def test_looking_holds_no_socket_open():
    sock = socket.socket()
    seen = weakref.ref(sock)
    look(sock)
    sock.close()
    sock = None
    assert seen() is None


def test_columns_are_aligned_as_if_every_port_had_five_digits(connected):
    record = look(connected()[1])[0]
    texts = {
        re.sub(r":\d+", ":PORT", repr(Table([replace(record, local=("127.0.0.1", port)), record])))
        for port in (80, 1024, 40321)
    }
    assert len(texts) == 1


def test_ipv4_and_ipv6_stand_in_one_column(connected):
    four, six = connected()[0], connected(("::1", 0))[0]
    assert {line.index("waiting") for line in masked(look(four, six)).splitlines()} == {
        len("four  LISTEN  127.0.0.1:PORT  ")
    }


def test_html_holds_the_same_words(connected):
    _, client, conn = connected()
    html = look(client, conn)._repr_html_()
    assert html.startswith("<table>")
    assert "ESTABLISHED" in html
    assert "-&gt; 127.0.0.1:" in html


def test_what_is_no_socket_is_refused_by_name():
    with pytest.raises(TypeError, match=r"look\(\) takes sockets, as in look\(listener\), not tuple"):
        look(("127.0.0.1", 80))


def test_an_ordinary_user_sees_the_same(connected):
    listener, client, conn = connected()
    client.sendall(b"x" * 777)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            seen = [look(listener)[0].backlog, look(conn)[0].recv_queue, os.getuid()]
            os.write(writer, json.dumps(seen).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with open(reader, "rb") as answer:
        backlog, unread, uid = json.loads(answer.read())
    assert (backlog, unread) == (128, 777)
    assert uid != 0
