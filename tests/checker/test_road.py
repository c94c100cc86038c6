"""A road between two functions of an answer: what it does to datagrams, and when it says that they do not get on."""

import pytest

from course.checker.scene.road import Pattern, Road


def through(marks, count=6):
    fate = Pattern(marks)
    return [number for sent in range(count) for number in fate(b"%d" % sent)]


@pytest.mark.parametrize(
    ("marks", "out"),
    [
        (".", [b"0", b"1", b"2", b"3", b"4", b"5"]),
        (".x", [b"0", b"2", b"4"]),
        ("2.", [b"0", b"0", b"1", b"2", b"2", b"3", b"4", b"4", b"5"]),
        ("r..", [b"1", b"0", b"2", b"4", b"3", b"5"]),
        ("o..", [b"0", b"1", b"0", b"2", b"3", b"4", b"3", b"5"]),
        ("rx.", [b"2", b"0", b"5", b"3"]),
        ("x", []),
    ],
)
def test_a_pattern_is_read_in_a_circle(marks, out):
    assert through(marks) == out


@pytest.mark.parametrize("marks", ["", "?", ".X"])
def test_an_unknown_mark_is_refused(marks):
    with pytest.raises(ValueError, match="a pattern consists of the marks"):
        Pattern(marks)


SENDER = """
def answer(sock, address):
    sock.settimeout(0.02)
    for _ in range(20):
        sock.sendto(b"hello", address)
        try:
            return sock.recvfrom(100)[0]
        except TimeoutError:
            pass
"""
RECEIVER = """
def answer(sock):
    data, sender = sock.recvfrom(100)
    sock.sendto(data.upper(), sender)
    return data
"""


def talk(there=".", back="."):
    def scene(case):
        ends = case.datagram_socket(), case.datagram_socket()
        road = Road(case, *ends)
        case.datagrams("stranger").sends(b"not for you", to=road.address)
        calls = case.call(ends[0], road.address, which=0), case.call(ends[1], which=1)
        road.carry(calls, Pattern(there), Pattern(back), ("sender", "receiver"))
        calls[1].returns(b"hello")
        calls[0].returns(b"HELLO")

    return scene


def test_what_either_sends_reaches_the_other_and_nothing_else_does(judge):
    assert judge(talk(), SENDER, RECEIVER, seconds=5).outcome == "passed"


def test_what_is_lost_is_sent_again(judge):
    assert judge(talk(there="xx."), SENDER, RECEIVER, seconds=5).outcome == "passed"


def test_both_waiting_is_told(judge, monkeypatch):
    monkeypatch.setattr("course.checker.scene.road.QUIET_SECONDS", 0.2)
    deaf = "def answer(sock, address):\n    sock.recvfrom(100)\n"
    found = judge(talk(), deaf, RECEIVER, seconds=5)
    assert found.got == "both go on, and nothing was sent that was not sent before"
    assert found.where.startswith("sock.recvfrom(100)")


def test_repeating_oneself_is_nothing_new(judge, monkeypatch):
    monkeypatch.setattr("course.checker.scene.road.QUIET_SECONDS", 0.2)
    deaf = "def answer(sock):\n    while True:\n        sock.recvfrom(100)\n"
    stubborn = SENDER.replace("range(20)", "range(1000)")
    found = judge(talk(), stubborn, deaf, seconds=5)
    assert found.got.startswith("both go on")
    assert found.seconds < 3


def test_a_receiver_that_stays_alone_is_told(judge, monkeypatch):
    monkeypatch.setattr("course.checker.scene.road.RECEIVER_ALONE", 0.2)
    stays = RECEIVER.replace("    return data", "    while True:\n        sock.recvfrom(100)")
    found = judge(talk(), SENDER, stays, seconds=5)
    assert found.got == "sender has returned, and receiver goes on"


def test_a_sender_that_stays_alone_is_told(judge, monkeypatch):
    monkeypatch.setattr("course.checker.scene.road.SENDER_ALONE", 0.2)
    stubborn = SENDER.replace("range(20)", "range(1000)")
    found = judge(talk(back="x"), stubborn, RECEIVER, seconds=5)
    assert found.got == "receiver has returned, and sender goes on"


def test_a_death_is_the_cause_and_not_the_silence_after_it(judge):
    stubborn = SENDER.replace("range(20)", "range(1000)")
    found = judge(talk(), stubborn, "def answer(sock):\n    1 / 0\n", seconds=5)
    assert found.got.startswith("it raised ZeroDivisionError")
    assert found.seconds < 1


def test_one_that_sends_without_end_does_not_outlast_the_case(judge):
    flood = "def answer(sock, address):\n    n = 0\n    while n := n + 1:\n        sock.sendto(b'%d' % n, address)\n"
    found = judge(talk(), flood, "def answer(sock):\n    while True:\n        sock.recvfrom(100)\n", seconds=0.5)
    assert found.got.startswith("both go on")
    assert found.seconds < 3


def test_the_wire_log_tells_what_became_of_each(judge):
    wrong = RECEIVER.replace("return data", "return b'something else'")
    found = judge(talk(there="x."), SENDER, wrong, seconds=5)
    assert found.wire[1:4] == ("sender sends b'hello', lost", "sender sends b'hello'", "receiver sends b'HELLO'")
