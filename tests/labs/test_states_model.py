"""The states lab without its widgets: every state is the kernel's, every illegal call gets its real error."""

import contextlib
import re

import pytest

from course.labs.states_diagram import PLACES
from course.labs.states_model import Ends
from sockscope.kernel import sock_diag

CONNECTED = [
    ("listener", "socket, bind"), ("listener", "listen"), ("client", "socket"), ("client", "connect"),
    ("listener", "accept"),
]  # fmt: skip


@pytest.fixture
def ends():
    made = Ends()
    yield made
    made.close()


def calls(ends, *made):
    return [ends.call(who, what) for who, what in made]


def states(ends):
    return {one.who: one.state for one in ends.lit(ends.records(settle=1))}


def kernels(ends):
    """Return the states of the two ends as sock_diag tells them to anybody who asks with their addresses."""
    found = [sock_diag.find(*ends._pair), sock_diag.find(*ends._pair[::-1])]
    return [record and record.state for record in found]


def test_an_untouched_lab_has_no_socket_and_both_are_closed(ends):
    assert states(ends) == {"client": "CLOSED", "server": "CLOSED"}
    assert {ends.listener.fileno(), ends.client.fileno(), ends.conn.fileno()} == {-1}
    assert ends.turn().seconds is None


def test_before_accept_the_kernel_already_has_the_servers_end(ends):
    calls(ends, *CONNECTED[:4])
    assert states(ends) == {
        "listener": "LISTEN", "client": "ESTABLISHED", "conn, not accepted": "ESTABLISHED",
    }  # fmt: skip
    calls(ends, CONNECTED[4])
    assert states(ends) == {"listener": "LISTEN", "client": "ESTABLISHED", "conn": "ESTABLISHED"}


@pytest.mark.parametrize(("first", "second"), [("client", "conn"), ("conn", "client")])
def test_who_closes_first_ends_in_time_wait(ends, first, second):
    calls(ends, *CONNECTED, (first, "close"))
    assert (states(ends)[first], states(ends)[second]) == ("FIN-WAIT-2", "CLOSE-WAIT")
    assert sorted(kernels(ends), key=str) == ["CLOSE-WAIT", "FIN-WAIT-2"]
    calls(ends, (second, "close"))
    assert (states(ends)[first], states(ends)[second]) == ("TIME-WAIT", "CLOSED")
    assert {one.box for one in ends.lit(ends.records(settle=1))} == {"LISTEN", "TIME-WAIT", "ENDED"}


def test_time_wait_is_shown_while_the_program_still_holds_its_socket(ends):
    calls(ends, *CONNECTED, ("conn", "shutdown"), ("client", "shutdown"))
    assert (states(ends)["client"], states(ends)["conn"]) == ("CLOSED", "TIME-WAIT")
    assert ends.conn.fileno() != -1


def test_a_time_wait_is_looked_at_again_when_the_kernels_timer_ends_it(ends):
    calls(ends, *CONNECTED, ("client", "close"), ("conn", "close"))
    assert 50 < ends.turn().seconds <= 60.1


def test_after_shutdown_the_other_direction_still_works(ends):
    calls(ends, *CONNECTED, ("client", "shutdown"))
    assert calls(ends, ("conn", "recv"), ("conn", "send"), ("client", "recv")) == ["b''", "5 bytes", "b'hello'"]
    assert states(ends)["client"] == "FIN-WAIT-2"


def test_a_reset_leaves_nothing_and_is_told_once(ends):
    calls(ends, *CONNECTED, ("client", "reset"))
    assert kernels(ends) == [None, None]
    with pytest.raises(ConnectionResetError):
        ends.call("conn", "recv")
    assert ends.call("conn", "recv") == "b''"
    assert {one.box for one in ends.lit(ends.records(settle=1))} == {"LISTEN", "ENDED"}


@pytest.mark.parametrize(
    ("before", "call", "error"),
    [
        (0, ("client", "connect"), "Bad file descriptor"),
        (0, ("client", "send"), "Bad file descriptor"),
        (0, ("client", "reset"), "Bad file descriptor"),
        (0, ("conn", "recv"), "Bad file descriptor"),
        (0, ("listener", "listen"), "Bad file descriptor"),
        (1, ("listener", "socket, bind"), "Invalid argument"),
        (1, ("listener", "accept"), "Invalid argument"),
        (2, ("listener", "accept"), "temporarily unavailable"),
        (3, ("client", "send"), "Broken pipe"),
        (3, ("client", "recv"), "not connected"),
        (3, ("client", "shutdown"), "not connected"),
        (5, ("client", "connect"), "already connected"),
        (5, ("conn", "recv"), "temporarily unavailable"),
    ],
)
def test_an_illegal_call_is_answered_by_its_real_error(ends, before, call, error):
    calls(ends, *CONNECTED[:before])
    with pytest.raises(OSError, match=error):
        ends.call(*call)


@pytest.mark.parametrize("known", [False, True])
def test_connect_is_refused_where_nobody_listens(ends, known):
    if known:
        calls(ends, ("listener", "socket, bind"))
    ends.call("client", "socket")
    with pytest.raises(ConnectionRefusedError):
        ends.call("client", "connect")
    assert states(ends)["client"] == "CLOSED"


def test_send_after_shutdown_is_a_broken_pipe(ends):
    calls(ends, *CONNECTED, ("client", "shutdown"))
    with pytest.raises(BrokenPipeError):
        ends.call("client", "send")


def test_it_can_be_done_again_with_new_sockets(ends):
    calls(ends, *CONNECTED, ("client", "close"), ("conn", "close"), ("client", "socket"), ("client", "connect"))
    assert states(ends)["conn, not accepted"] == "ESTABLISHED"
    calls(ends, ("listener", "accept"))
    assert states(ends) == {"listener": "LISTEN", "client": "ESTABLISHED", "conn": "ESTABLISHED"}


def test_every_call_there_is_can_come_at_any_time(ends):
    """Two rounds of all buttons, in order: each gives words or an OSError, and the picture can be drawn after it."""
    for _ in range(2):
        for who, whats in Ends.CALLS:
            for what in whats:
                with contextlib.suppress(OSError):
                    assert ends.call(who, what)
                assert {one.box for one in ends.lit(ends.records(settle=1))} <= set(PLACES)


def test_nothing_stays_open_or_in_the_kernels_books_after_close(ends):
    calls(ends, *CONNECTED)
    ends.close()
    assert {ends.listener.fileno(), ends.client.fileno(), ends.conn.fileno()} == {-1}
    assert kernels(ends) == [None, None]


def test_the_diagram_has_the_eleven_states_and_says_who_is_where(ends):
    calls(ends, *CONNECTED, ("conn", "close"))
    picture = ends.picture(settle=1)
    assert set(re.findall(r">([A-Z][A-Z0-9-]+)</text>", picture.svg)) == set(PLACES) - {"ENDED"}
    assert picture.about == "The states of TCP. listener: LISTEN; client: CLOSE-WAIT; conn: FIN-WAIT-2."
    assert "FIN-WAIT-2" in picture.text


def test_a_passing_state_is_looked_at_again_soon(ends):
    calls(ends, *CONNECTED)
    with contextlib.suppress(BlockingIOError):  # the FIN has to wait behind more than the peer has room for
        while True:
            ends.client.send(bytes(1 << 20))
    ends.call("client", "shutdown")
    assert ends.records()["client"].state == "FIN-WAIT-1"
    assert ends.turn().seconds < 0.1
