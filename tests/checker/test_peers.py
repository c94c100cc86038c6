"""The checker's peers: real sockets, exact pieces, and what they say when the answer does not do its part."""

from __future__ import annotations

import socket
import textwrap

import pytest

from course.checker.scene.queues import unread

pytestmark = pytest.mark.usefixtures("nothing_left")

RECEIVE_ALL = """
    def answer(sock):
        pieces = []
        while data := sock.recv(1000):
            pieces.append(data)
        return pieces
"""


def test_pieces_are_never_glued(judge):
    pieces = [b"ab", b"cde", b"f"] * 20

    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        peer.sends(*pieces)
        peer.ends()
        answer.returns(pieces)

    assert judge(scene, RECEIVE_ALL).outcome == "passed"


def test_pieces_sent_before_the_answer_accepts_are_not_glued_either(judge):
    def scene(case):
        listener = case.listener()
        client = case.connect(listener)
        client.sends_at_once(b"early")
        answer = case.call(listener)
        client.sends(b"late", b"later")
        client.ends()
        answer.returns([b"early", b"late", b"later"])

    text = textwrap.dedent(RECEIVE_ALL) + "\ndef serve(listener):\n    return answer(listener.accept()[0])\n"
    assert judge(scene, text, name="serve").outcome == "passed"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX])
def test_unread_counts_what_the_other_end_has_not_taken(family):
    if family == socket.AF_UNIX:
        ours, theirs = socket.socketpair()
    else:
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        with socket.create_server((host, 0), family=family) as listener:
            ours = socket.create_connection(listener.getsockname()[:2])
            theirs, _ = listener.accept()
    with ours, theirs:
        assert unread(ours) == 0
        ours.sendall(b"abc")
        assert unread(ours)
        theirs.recv(2)
        assert unread(ours)
        theirs.recv(2)
        assert unread(ours) == 0


def test_a_peer_that_is_gone_has_nothing_unread():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        listener.accept()[0].close()
    with ours:
        assert unread(ours) == 0


def test_small_buffers_make_partial_sends(judge):
    def scene(case):
        sock, peer = case.pair(sndbuf=4096, rcvbuf=4096)
        answer = case.call(sock)
        case.expect(0 < answer.result() < 1_000_000, "a part is sent", "all or nothing")
        peer.leaves()

    text = "def answer(sock):\n    sock.setblocking(False)\n    return sock.send(bytes(1_000_000))"
    assert judge(scene, text).outcome == "passed"


def test_a_large_message_goes_through_both_ways(judge):
    data = bytes(range(256)) * 8192

    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        peer.sends_at_once(data)
        peer.ends()
        case.expect(peer.hears_all() == data, "all comes back", "something else")
        answer.returns(len(data))

    text = """
    def answer(sock):
        heard = b""
        while data := sock.recv(1 << 16):
            heard += data
        sock.sendall(heard)
        sock.close()
        return len(heard)
    """
    assert judge(scene, text, seconds=3).outcome == "passed"


def test_a_reset_is_a_reset(judge):
    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        peer.sends(b"x")
        peer.resets()
        answer.raises(ConnectionResetError)

    assert judge(scene, "def answer(sock):\n    while sock.recv(1): pass").outcome == "passed"


def test_an_answer_that_closes_with_unread_bytes_is_told_of_the_reset(judge):
    def scene(case):
        sock, peer = case.pair()
        peer.sends_at_once(b"unread")
        case.call(sock)
        peer.hears_end()

    found = judge(scene, "def answer(sock):\n    sock.close()")
    assert found.diagnosis.name == "closed-unread"


def test_a_server_for_answers_that_connect(judge):
    def scene(case):
        server = case.server()
        answer = case.call(server.address)
        conn = server.accepts()
        conn.hears(b"question")
        conn.sends(b"ans", b"wer")
        conn.ends()
        conn.hears_end()
        answer.returns(b"answer")
        answer.leaves_nothing()
        server.nobody_came()

    text = """
    import socket
    def answer(address):
        with socket.create_connection(address) as sock:
            sock.sendall(b"question")
            heard = b""
            while data := sock.recv(100):
                heard += data
        return heard
    """
    found = judge(scene, text)
    assert found.outcome == "passed", found


def test_an_answer_that_does_not_connect_is_told_so(judge):
    found = judge(lambda case: case.call((server := case.server()).address) and server.accepts(), "def answer(a): 1")
    assert (found.expected, found.got) == ("your function connects to the server", "it returned without connecting")


OUTCOME = """
import socket
def answer(address):
    with socket.socket() as sock:
        sock.settimeout(0.05)
        try:
            sock.connect(address)
        except OSError as error:
            return type(error).__name__
"""


def test_a_silent_address_is_silent_and_a_refused_one_refuses(judge):
    def scene(case):
        case.call(case.refused_address()).returns("ConnectionRefusedError")
        case.call(case.silent_address()).returns("TimeoutError")

    assert judge(scene, OUTCOME, seconds=2).outcome == "passed"


def test_datagrams_go_both_ways_and_strangers_are_told_apart(judge):
    def scene(case):
        sock = case.datagram_socket()
        ann, bob = case.datagrams("ann"), case.datagrams("bob")
        case.call(sock)
        ann.sends(b"1", to=sock)
        bob.sends(b"2", to=sock)
        bob.hears(b"two")
        ann.hears(b"one")
        ann.heard_nothing()
        ann.sends(b"?")
        ann.hears(b"one")

    text = """
    def answer(sock):
        while True:
            data, sender = sock.recvfrom(100)
            sock.sendto(b"two" if data == b"2" else b"one", sender)
    """
    assert judge(scene, text).outcome == "passed"


def test_a_datagram_that_never_comes_is_a_hang_with_its_line(judge):
    def scene(case):
        sock = case.datagram_socket()
        case.call(sock)
        case.datagrams().receives()

    found = judge(scene, "def answer(sock):\n    sock.recvfrom(10)")
    assert found.where == "sock.recvfrom(10), line 2"


def test_what_lives_in_the_answers_process_is_looked_at_there(judge):
    def scene(case):
        def look(function, *args):
            with function(*args) as made:
                return made.getsockname()[0], made.type == socket.SOCK_STREAM, b"bytes too"

        case.call("127.0.0.1", via=look).returns(("127.0.0.1", True, b"bytes too"))

    text = "import socket\ndef answer(host):\n    return socket.create_server((host, 0))"
    assert judge(scene, text).outcome == "passed"


def test_a_pair_of_functions_talks_in_two_processes(judge):
    def scene(case):
        listener = case.listener()
        serving = case.call(listener, which=0)
        case.call(listener.getsockname(), which=1).returns(b"ok")
        serving.returns(None)

    text = """
    import socket
    def serve(listener):
        listener.accept()[0].sendall(b"ok")
    def ask(address):
        return socket.create_connection(address).recv(5)
    """
    from course.checker import Answer, run_check

    def check(trial):
        with trial.case("both") as case:
            scene(case)

    found = run_check("pair", check, [Answer("serve", textwrap.dedent(text)), Answer("ask", textwrap.dedent(text))])
    assert found.outcome == "passed", found


def test_shutting_the_listener_down_ends_a_server(judge):
    def scene(case):
        listener = case.listener()
        answer = case.call(listener)
        case.connect(listener).gone()
        case.shuts_down(listener)
        answer.returns(1)

    text = """
    def answer(listener):
        served = 0
        while True:
            try:
                listener.accept()[0].close()
            except OSError:
                return served
            served += 1
    """
    assert judge(scene, text).outcome == "passed"


def test_a_client_that_cannot_connect_says_so(judge):
    def scene(case):
        listener = case.listener()
        answer = case.call(listener)
        case.shuts_down(listener)
        case.connect(listener)
        answer.result()

    found = judge(scene, "def answer(listener):\n    import time; time.sleep(60)")
    assert found.diagnosis.name == "not-listening"
    assert found.wire[-1] == "client cannot connect"


ECHO = """
    def answer(sock):
        count = 0
        while data := sock.recv(1 << 16):
            sock.sendall(data)
            count += len(data)
        sock.close()
        return count
"""


def test_a_peer_hears_while_it_sends_so_that_an_echo_of_any_size_goes_through(judge):
    data = bytes(range(256)) * 40_000

    def scene(case):
        sock, peer = case.pair()
        answer = case.call(sock)
        peer.sends_at_once(data)
        peer.ends()
        case.expect(peer.hears_all() == data, "all comes back", "something else")
        answer.returns(len(data))

    found = judge(scene, ECHO, seconds=5)
    assert found.outcome == "passed", found


def test_a_peer_that_does_not_read_while_it_sends_deadlocks_with_an_echo(judge):
    def scene(case):
        sock, peer = case.pair(sndbuf=4096, rcvbuf=4096)
        case.call(sock)
        peer.stops_reading()
        peer.sends_at_once(bytes(10_000_000))

    found = judge(scene, ECHO)
    assert found.where == "sock.sendall(data), line 4"
    assert "the peer does not read what you send" in found.diagnosis.text


def test_nothing_is_heard_for_a_while_and_then_something(judge):
    def scene(case):
        sock, peer = case.pair()
        case.call(sock)
        peer.hears_nothing(0.05)
        peer.sends(b"x")
        peer.hears(b"x")
        peer.sends_at_once(b"y")
        peer.hears_nothing(0.2)

    found = judge(scene, ECHO)
    assert (found.expected, found.got) == ("the peer hears nothing yet", "it heard b'y'")


def test_sockets_inside_a_container_are_lent_too(judge):
    def scene(case):
        (one, ann), (two, bob) = case.pair("ann"), case.pair("bob")
        case.call([one], {two: "bob"}).returns(None)
        ann.hears(b"to all")
        bob.hears(b"to all")

    text = "def answer(some, others):\n    for sock in [*some, *others]:\n        sock.sendall(b'to all')"
    assert judge(scene, text).outcome == "passed"


def test_a_patch_is_made_before_the_answers_text_runs(judge):
    def scene(case):
        def patch():
            socket.getaddrinfo = lambda *args, **kwargs: ["patched"]

        case.call(before=patch).returns(["patched"])

    assert judge(scene, "from socket import getaddrinfo\ndef answer():\n    return getaddrinfo()").outcome == "passed"


def test_an_answer_that_eats_memory_is_stopped_before_the_machine_suffers(judge):
    found = judge(lambda case: case.call().result(), "def answer():\n    return len(bytes(8 << 30))")
    assert "MemoryError" in found.got
