"""The netlink client: what it builds it reads back, what is malformed it refuses, what it finds is so."""

from __future__ import annotations

import contextlib
import os
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sockscope.kernel import netlink, sock_diag
from sockscope.kernel.record import Record

payloads = st.binary(max_size=40)


def pack(layout, *numbers, body=b""):
    message = layout.pack(layout.size + len(body), *numbers) + body
    return message.ljust(netlink.padded(len(message)), b"\0")


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), payloads)))
def test_messages_are_read_back_as_they_were_packed(sent):
    datagram = b"".join(pack(netlink.HEADER, type, flags, 1, 0, body=body) for type, flags, body in sent)
    assert list(netlink.messages(datagram)) == sent


@given(st.dictionaries(st.integers(0, 0xFFFF), payloads))
def test_attributes_are_read_back_as_they_were_packed(sent):
    block = b"".join(pack(netlink.ATTRIBUTE, type, body=body) for type, body in sent.items())
    assert netlink.attributes(block) == sent


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused_with_a_clear_error(data):
    readers = (
        lambda: list(netlink.messages(data)),
        lambda: netlink.attributes(data),
        lambda: netlink.error(data),
        lambda: sock_diag.unix_record(data),
        lambda: sock_diag.inet_record(data, socket.SOCK_STREAM),
        lambda: sock_diag.inet_record(data, socket.SOCK_DGRAM),
    )
    for read in readers:
        with contextlib.suppress(netlink.MalformedMessageError):
            read()


def test_a_refusal_says_which_length_is_wrong():
    with pytest.raises(netlink.MalformedMessageError, match="a length of 9 bytes where 16 to 17 are possible"):
        list(netlink.messages(netlink.HEADER.pack(9, 0, 0, 0, 0) + b"?"))
    with pytest.raises(netlink.MalformedMessageError, match="a length of 100 bytes where 4 to 4 are possible"):
        netlink.attributes(netlink.ATTRIBUTE.pack(100, 1))


@given(st.sampled_from(["127.0.0.1", "::1"]), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 2**32 - 1))
def test_an_inet_message_is_read_back_as_it_was_packed(host, local, remote, queue):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    packed_host = socket.inet_pton(family, host)
    id = sock_diag.INET_ID.pack(local, remote, packed_host, packed_host, bytes(8))
    message = sock_diag.INET_REPLY.pack(family, 1, 0, id, 0, queue, 0, 0, 7)
    record = sock_diag.inet_record(message, socket.SOCK_STREAM)
    assert (record.local, record.remote) == ((host, local), (host, remote))
    assert (record.state, record.recv_queue, record.inode) == ("ESTABLISHED", queue, 7)
    assert record.peer_room is None, "an older kernel does not tell"


def test_states_and_timers_unknown_to_us_are_shown_by_number():
    message = sock_diag.INET_REPLY.pack(socket.AF_INET, 99, 98, bytes(48), 0, 0, 0, 0, 0)
    record = sock_diag.inet_record(message, socket.SOCK_STREAM)
    assert (record.state, record.timer) == ("number 99", "number 98")


def test_an_error_of_the_kernel_is_raised_with_its_number():
    with pytest.raises(OSError, match="the kernel's answer over netlink") as refusal:
        sock_diag._ask(struct.pack("=BxxxI", 77, 0) + bytes(48), netlink.NLM_F_DUMP)  # there is no family 77
    assert refusal.value.errno


def test_a_dump_of_hundreds_of_sockets_holds_them_all(keep):
    made = [keep(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(400)]  # several datagrams of answer
    for sock in made:
        sock.bind(("127.0.0.1", 0))
    found = {record.inode for record in sock_diag.dump(socket.AF_INET, socket.SOCK_DGRAM)}
    assert {os.fstat(sock.fileno()).st_ino for sock in made} <= found


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_tcp_socket_is_found_by_its_two_addresses(connected, host):
    _listener, client, conn = connected((host, 0))
    pair = conn.getsockname()[:2], conn.getpeername()[:2]
    found = sock_diag.find(*pair)
    assert isinstance(found, Record)
    assert (found.local, found.remote) == pair
    assert found.inode == os.fstat(conn.fileno()).st_ino
    assert sock_diag.find(*reversed(pair)).inode == os.fstat(client.fileno()).st_ino


def test_a_listener_is_not_taken_for_a_connection_that_is_not_there(connected):
    listener, *_ = connected()
    assert sock_diag.find(listener.getsockname(), ("127.0.0.1", 9)) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_udp_sockets_are_found_connected_or_not(keep, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    receiver, sender = (keep(socket.socket(family, socket.SOCK_DGRAM)) for _ in range(2))
    receiver.bind((host, 0))
    sender.connect(receiver.getsockname())
    there, here = receiver.getsockname()[:2], sender.getsockname()[:2]
    nowhere = ("::" if ":" in host else "0.0.0.0", 0)
    assert sock_diag.find(here, there, socket.SOCK_DGRAM).inode == os.fstat(sender.fileno()).st_ino
    assert sock_diag.find(there, nowhere, socket.SOCK_DGRAM).inode == os.fstat(receiver.fileno()).st_ino


def test_a_unix_socket_that_is_gone_is_not_found(keep):
    left, right = socket.socketpair()
    inode = os.fstat(left.fileno()).st_ino
    assert sock_diag.find_unix(inode).peer == os.fstat(right.fileno()).st_ino
    left.close()
    right.close()
    assert sock_diag.find_unix(inode) is None
