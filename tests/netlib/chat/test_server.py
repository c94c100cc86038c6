"""netlib.chat.server: nothing lost for those who behave, whatever the others do."""

import functools
import selectors
import socket
import threading

import pytest

from netlib import serving
from netlib.chat import serve
from netlib.chat.server import WAITING_LIMIT, Server

BIG = "x" * 4000


def test_members_hear_each_other_in_order(room, enter):
    ann, bob, zoe = (enter(room, name) for name in ("ann", "bob", "zoe"))
    ann.says(*map(str, range(1000)))
    for peer in (bob, zoe):
        while (line := peer.hears()).startswith("* "):
            pass
        assert [line, *(peer.hears() for _ in range(999))] == [f"ann: {number}" for number in range(1000)]


def test_a_line_that_comes_byte_by_byte_is_one_line(room, enter):
    ann, bob = enter(room, "ann"), enter(room, "bob")
    assert ann.hears() == "* bob is online"
    for byte in "héllo\r\n".encode():
        bob.sock.sendall(bytes([byte]))
    assert ann.hears() == "bob: héllo"


def test_who_half_closes_hears_the_rest_and_then_the_end(room, enter):
    ann, bob = enter(room, "ann"), enter(room, "bob")
    bob.says("one", "two")
    bob.sock.shutdown(socket.SHUT_WR)
    assert bob.hears() is None
    assert [ann.hears() for _ in range(4)] == ["* bob is online", "bob: one", "bob: two", "* bob is down"]


def test_exit_ends_the_conversation_without_a_reset(room, enter):
    ann, bob = enter(room, "ann"), enter(room, "bob")
    bob.says("bye", "exit", *["too late"] * 1000)
    assert bob.hears() is None
    assert [ann.hears() for _ in range(3)] == ["* bob is online", "bob: bye", "* bob is down"]


@pytest.mark.parametrize(
    ("data", "told"), [(b"x" * 100_000, "* a line has at most 4096 bytes"), (b"\xff\n", "* lines are UTF-8")]
)
def test_who_breaks_the_rules_is_told_why_although_it_goes_on_sending(room, enter, data, told):
    ann, bob = enter(room, "ann"), enter(room, "bob")
    bob.sock.sendall(data)
    assert bob.hears_all() == [told]
    assert [ann.hears() for _ in range(2)] == ["* bob is online", "* bob is down"]
    ann.says("/who")
    assert ann.hears() == "* online: ann"


def test_a_name_that_is_taken_ends_the_newcomer_alone(room, enter):
    ann, other = enter(room, "ann"), enter(room)
    other.says("ann", "hello")
    assert other.hears_all() == ["* that name is taken"]
    ann.says("/who")
    assert ann.hears() == "* online: ann"


def test_a_full_room_says_so(small_room, enter):
    ann, bob = enter(small_room, "ann"), enter(small_room, "bob")
    assert enter(small_room).hears_all() == ["* the room is full: 2 members"]
    bob.says("exit")
    assert bob.hears() is None
    assert [ann.hears() for _ in range(2)] == ["* bob is online", "* bob is down"]
    enter(small_room, "zoe")


def test_a_reset_in_the_middle_of_a_line_puts_out_that_member_alone(room, enter):
    ann, bob, zoe = (enter(room, name) for name in ("ann", "bob", "zoe"))
    bob.sock.sendall(b"half a li")
    bob.resets()
    zoe.says("still here")
    heard = {ann.hears() for _ in range(4)}
    assert heard == {"* bob is online", "* zoe is online", "* bob is down", "zoe: still here"}


def test_a_tenth_of_the_members_reset_while_they_are_spoken_to(room, enter):
    talker, *others = [enter(room, f"m{i:02}") for i in range(40)]
    lost, kept = others[::10], [peer for peer in others if peer not in others[::10]]
    for turn in range(200):
        talker.says(f"line {turn}")
        if turn == 100:
            for peer in lost:
                peer.resets()
    talker.says("exit")
    for peer in kept:
        heard = []
        while (line := peer.hears()) != "* m00 is down":
            heard.append(line)
        assert [line for line in heard if not line.startswith("* ")] == [f"m00: line {turn}" for turn in range(200)]


def test_a_member_that_does_not_read_is_put_out_and_nobody_waits_for_it(room, enter):
    stalled = enter(room, "stalled", receive_buffer=4096)
    ann, bob = enter(room, "ann"), enter(room, "bob")
    sent = 0
    while True:
        ann.says(BIG)
        sent += len(BIG)
        line = bob.hears()
        if line == "* stalled is down":
            break
        assert line == f"ann: {BIG}"
    assert sent > WAITING_LIMIT
    assert bob.hears() == f"ann: {BIG}"
    assert 0 < len("".join(stalled.hears_all())) < sent - WAITING_LIMIT / 2  # what the kernel had taken, and the end


def serve_with_small_buffers(listener):
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # inherited: nearly all waits in the server
    serve(listener)


@pytest.mark.parametrize("half_closed", [False, True])
def test_a_member_that_reads_slowly_gets_everything(enter, half_closed, monkeypatch):
    reads = []
    read = Server.read
    monkeypatch.setattr(Server, "read", lambda self, member: reads.append(member.name) or read(self, member))
    count = WAITING_LIMIT // 2 // len(BIG)
    with serving(serve_with_small_buffers) as address:
        slow, ann = enter(address, "slow", receive_buffer=4096), enter(address, "ann")
        ann.says(*[BIG] * count)
        ann.says("/who")
        assert ann.hears() == "* online: ann, slow"
        if half_closed:
            slow.sock.shutdown(socket.SHUT_WR)
            assert ann.hears() == "* slow is down"
            reads.clear()
            for _ in range(20):
                ann.says("/who")
                ann.hears()
            assert reads.count("slow") <= 1  # its end can be read for ever
        assert slow.hears() == "* ann is online"
        assert [slow.hears() for _ in range(count)] == [f"ann: {BIG}"] * count
        if half_closed:
            assert slow.hears() is None


def test_when_the_listener_is_shut_down_everybody_is_told_and_the_server_returns(enter):
    with serving(serve) as address:
        ann, silent = enter(address, "ann"), enter(address)
    assert ann.hears_all() == ["* the room closes"]
    assert silent.hears_all() == []


def test_a_server_that_has_ended_leaves_no_socket_open(enter, monkeypatch):
    opened = []
    register = selectors.DefaultSelector.register
    monkeypatch.setattr(
        selectors.DefaultSelector,
        "register",
        lambda self, sock, *rest: opened.append(sock) or register(self, sock, *rest),
    )
    with serving(serve) as address:
        enter(address, "ann"), enter(address), enter(address, "bob").resets()
    assert len(opened) == 4
    assert [sock.fileno() for sock in opened] == [-1] * 4


def test_ten_talkers_at_once_lose_nothing(room, enter):
    peers = [enter(room, f"p{number}") for number in range(10)]
    threads = [threading.Thread(target=peer.says, args=map(str, range(200))) for peer in peers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for me, peer in enumerate(peers):
        heard = {number: [] for number in range(10) if number != me}
        while any(len(lines) < 200 for lines in heard.values()):
            name, _, text = peer.hears().partition(": ")
            if not name.startswith("* "):
                heard[int(name[1:])].append(int(text))
        assert all(lines == list(range(200)) for lines in heard.values())


def test_a_room_for_nobody_turns_everybody_away(enter):
    with serving(functools.partial(serve, max_members=0)) as address:
        assert enter(address).hears_all() == ["* the room is full: 0 members"]
