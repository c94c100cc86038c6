"""Pieces that are exact for who reads, and come all the same for who only looks."""

import time

import pytest

from course.checker.scene.pacing import paced

pytestmark = pytest.mark.usefixtures("nothing_left")
PIECES = [b"ab", b"cde", b"f"] * 5


def scene_of(expected):
    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        paced(case, peer, *PIECES)
        peer.ends()
        answer.returns(expected)

    return scene


def test_for_an_answer_that_reads_no_pieces_are_glued(judge):
    text = """
        def answer(sock):
            return list(iter(lambda: sock.recv(1000), b""))
    """
    assert judge(scene_of(PIECES), text).outcome == "passed"


def test_an_answer_that_looks_until_enough_has_come_gets_it(judge):
    text = """
        import socket

        def answer(sock):
            while len(sock.recv(8, socket.MSG_PEEK)) < 8:
                pass
            return sock.recv(8)
    """

    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        paced(case, peer, b"abcd", b"efgh")
        answer.returns(b"abcdefgh")

    assert judge(scene, text, seconds=2).outcome == "passed"


def test_an_answer_that_reads_nothing_is_not_waited_for_without_end(judge):
    text = """
        import threading

        def answer(sock):
            threading.Event().wait()
    """
    began = time.monotonic()
    assert judge(scene_of([]), text).diagnosis.name == "hangs"
    assert time.monotonic() - began < 2
