"""Peers that misbehave on purpose: they do what they say, and the same each time."""

import select
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib import serving
from netlib.faults import Counts, Faults, Link, LossyRelay, dribble, reset, stall

DGRAM = socket.SOCK_DGRAM
probabilities = st.floats(0, 1)


def echo(sock):
    while True:
        datagram, peer = sock.recvfrom(65535)
        if peer is None:
            return
        sock.sendto(datagram, peer)


def a_client():
    sock = socket.socket(socket.AF_INET, DGRAM)
    sock.settimeout(5)
    return sock


def carried(link, count=40):
    return [number for sent in range(count) for number in link.carry(b"%d" % sent)]


def through(address, count):
    """Send `count` numbered datagrams to `address`; return as many answers."""
    with a_client() as client:
        for number in range(count):
            client.sendto(b"%d" % number, address)
        return [client.recv(100) for _ in range(count)]


# ---------------------------------------------------------------------- a link
def test_a_link_without_faults_carries_all_in_order():
    assert carried(Link(Faults()), 5) == [b"0", b"1", b"2", b"3", b"4"]


def test_the_same_seed_meets_the_same_faults():
    faults = Faults(0.3, 0.3, 0.3)
    assert carried(Link(faults, 7)) == carried(Link(faults, 7)) != carried(Link(faults, 8))


def test_more_loss_takes_the_same_datagrams_and_others():
    few, many = (set(carried(Link(Faults(loss), 7))) for loss in (0.2, 0.5))
    assert many < few


def test_whether_a_datagram_is_lost_says_nothing_of_its_other_faults():
    link = Link(Faults(0.3, 0.3, 0.3), 7)
    carried(link)
    assert min(link.counts.lost, link.counts.duplicated, link.counts.overtaken) > 0


def test_loss_of_one_loses_everything():
    link = Link(Faults(loss=1))
    assert carried(link, 10) == []
    assert link.counts == Counts(carried=10, lost=10)


def test_duplication_of_one_doubles_everything():
    assert carried(Link(Faults(duplication=1)), 2) == [b"0", b"0", b"1", b"1"]


def test_a_datagram_that_is_held_back_comes_out_behind_the_next():
    link = Link(Faults(reordering=1))
    assert carried(link, 4) == [b"1", b"0", b"3", b"2"]
    assert link.counts == Counts(carried=4, overtaken=2)


def test_what_is_held_back_comes_out_when_it_is_released():
    link = Link(Faults(reordering=1))
    assert link.carry(b"last") == []
    assert link.release() == [b"last"]
    assert link.release() == []


@given(probabilities, probabilities, probabilities, st.integers(0, 60), st.integers())
def test_the_counts_tell_what_came_out(loss, duplication, reordering, count, seed):
    link = Link(Faults(loss, duplication, reordering), seed)
    out = carried(link, count) + link.release()
    counts = link.counts
    assert counts.carried == count
    assert len(out) == count - counts.lost + counts.duplicated
    assert len(set(out)) == count - counts.lost


@pytest.mark.parametrize("name", ["loss", "duplication", "reordering"])
def test_what_is_no_probability_is_named(name):
    with pytest.raises(ValueError, match=f"{name} is a probability from 0 to 1, such as 0.2; it is 20"):
        LossyRelay(("127.0.0.1", 0), **{name: 20})


# ---------------------------------------------------------------------- the relay
def test_a_relay_without_faults_is_not_noticed():
    with serving(echo, type=DGRAM) as server, serving(LossyRelay(server), type=DGRAM) as road:
        assert through(road, 3) == [b"0", b"1", b"2"]


def test_a_relay_loses_on_both_ways_and_counts():
    with serving(echo, type=DGRAM) as server:
        relay = LossyRelay(server, loss=0.3, seed=5)
        with serving(relay, type=DGRAM) as road, a_client() as client:
            client.settimeout(0.3)
            heard = []
            for number in range(30):
                client.sendto(b"%d" % number, road)
            with pytest.raises(TimeoutError):
                while True:
                    heard.append(client.recv(100))
    assert relay.there.carried == 30
    assert 0 < relay.there.lost < 20
    assert relay.back.carried == 30 - relay.there.lost
    assert len(heard) == relay.back.carried - relay.back.lost


def outcomes(seed):
    with serving(echo, type=DGRAM) as server:
        relay = LossyRelay(server, loss=0.2, duplication=0.2, reordering=0.2, seed=seed)
        with serving(relay, type=DGRAM) as road:
            with a_client() as client:
                for number in range(40):
                    client.sendto(b"%d" % number, road)
                while select.select([client], [], [], 0.5)[0]:
                    client.recv(100)
    return relay.there, relay.back.carried


def test_two_runs_with_one_seed_meet_the_same_faults_whatever_the_ports():
    assert outcomes(3) == outcomes(3)


def test_each_client_is_answered_and_seen_at_an_address_of_its_own():
    def who(sock):
        for _ in range(2):
            _, peer = sock.recvfrom(100)
            sock.sendto(b"%d" % peer[1], peer)

    with serving(who, type=DGRAM) as server, serving(LossyRelay(server), type=DGRAM) as road:
        with a_client() as ann, a_client() as bob:
            ann.sendto(b"who am I", road)
            bob.sendto(b"who am I", road)
            assert ann.recv(100) != bob.recv(100)


def test_an_empty_datagram_is_carried_too():
    with serving(echo, type=DGRAM) as server, serving(LossyRelay(server), type=DGRAM) as road:
        with a_client() as client:
            client.sendto(b"", road)
            assert client.recv(100) == b""


def test_a_datagram_that_nobody_overtakes_is_let_go_after_a_while(monkeypatch):
    monkeypatch.setattr("netlib.faults.HOLD_SECONDS", 0.05)
    with serving(echo, type=DGRAM) as server:
        relay = LossyRelay(server, reordering=1)
        with serving(relay, type=DGRAM) as road, a_client() as client:
            client.sendto(b"alone", road)
            assert client.recv(100) == b"alone"
    assert relay.there.overtaken == 0


def test_a_server_that_is_not_there_is_silence():
    with a_client() as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()
    with serving(LossyRelay(nobody), type=DGRAM) as road, a_client() as client:
        client.settimeout(0.2)
        for _ in range(3):
            client.sendto(b"hello", road)
        with pytest.raises(TimeoutError):
            client.recv(100)


def test_the_faults_may_be_changed_on_the_way():
    with serving(echo, type=DGRAM) as server:
        relay = LossyRelay(server)
        with serving(relay, type=DGRAM) as road:
            assert through(road, 1) == [b"0"]
            relay.faults.loss = 1
            with a_client() as client:
                client.settimeout(0.2)
                client.sendto(b"lost", road)
                with pytest.raises(TimeoutError):
                    client.recv(100)
    assert relay.there == Counts(carried=2, lost=1)


# ---------------------------------------------------------------------- stream peers
def test_one_that_dribbles_sends_one_byte_at_a_time():
    with serving(dribble, b"abc", 0.05) as address, socket.create_connection(address, timeout=5) as client:
        assert [client.recv(100) for _ in range(4)] == [b"a", b"b", b"c", b""]


def test_one_that_dribbles_outlasts_a_time_out_per_call():
    with serving(dribble, b"abc", 0.1) as address, socket.create_connection(address, timeout=0.3) as client:
        began = time.monotonic()
        while client.recv(100):
            pass
        assert time.monotonic() - began >= 0.2


def test_one_that_dribbles_goes_on_with_the_next_client():
    with serving(dribble, b"x" * 1000, 0.001) as address:
        socket.create_connection(address).close()
        with socket.create_connection(address, timeout=5) as client:
            assert client.recv(1) == b"x"


def test_one_that_stalls_takes_everybody_and_says_nothing():
    with serving(stall) as address:
        clients = [socket.create_connection(address, timeout=0.2) for _ in range(3)]
        for client in clients:
            with client, pytest.raises(TimeoutError):
                client.recv(1)


def test_one_that_stalls_may_begin_well():
    with serving(stall, b"welcome") as address, socket.create_connection(address, timeout=0.2) as client:
        assert client.recv(100) == b"welcome"
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_one_that_stalls_never_reads():
    with serving(stall) as address, socket.create_connection(address, timeout=0.2) as client:
        with pytest.raises(TimeoutError):
            client.sendall(bytes(50_000_000))


def test_one_that_resets_does_so_after_it_was_spoken_to():
    with serving(reset) as address:
        for _ in range(2):
            with socket.create_connection(address, timeout=5) as client:
                client.sendall(b"h")  # nothing stays unread there: that alone would make a reset of any close
                with pytest.raises(ConnectionResetError):
                    client.recv(1)


def test_one_that_resets_may_begin_an_answer():
    with serving(reset, b"wel") as address, socket.create_connection(address, timeout=5) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"wel"
        with pytest.raises(ConnectionResetError):
            client.recv(1)
