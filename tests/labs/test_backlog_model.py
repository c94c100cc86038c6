"""The backlog lab without its widgets: what the model says is what the kernel says."""

import re

import pytest

from course.labs.backlog_model import MOST_CALLERS, Backlog
from sockscope.kernel import sock_diag


@pytest.fixture
def model():
    made = Backlog(tries=1)
    yield made
    made.close()


def places(model):
    """Return the numbers of the callers in each of the three places."""
    return [[caller.number for caller in model.callers if caller.column == place] for place in range(3)]


def kernels_queue(model):
    record = sock_diag.find(model.listener.getsockname(), ("0.0.0.0", 0))
    return record.accept_queue, record.backlog


def test_an_untouched_lab_has_no_socket(model):
    assert "no socket yet" in model.picture().text
    assert model._listener is None


def test_before_listen_a_call_is_refused_and_accept_is_an_error(model):
    with pytest.raises(ConnectionRefusedError):
        model.call()
    with pytest.raises(OSError, match="Invalid argument"):
        model.accept()
    assert model.callers == []


@pytest.mark.parametrize("backlog", [0, 1, 3])
def test_backlog_plus_one_callers_get_into_the_queue(model, backlog):
    model.listen(backlog)
    said = [model.call() for _ in range(backlog + 2)]
    assert said[-2:] == [f"client {backlog + 1}: connected", f"client {backlog + 2}: no answer yet"]
    assert kernels_queue(model) == (backlog + 1, backlog)
    assert f"waiting to be accepted: {backlog + 1} of {backlog}" in model.picture().svg


def test_accept_takes_the_first_out_and_the_next_comes_in_when_its_kernel_asks_again(model, until):
    model.listen(0)
    for _ in range(2):
        model.call()
    assert model.accept() == "conn, from client 1"
    assert places(model) == [[2], [], [1]]
    assert "free" in model.picture().svg
    until(model, lambda: places(model) == [[], [2], [1]])
    assert kernels_queue(model) == (1, 0)


def test_who_is_never_let_in_gives_up_with_the_kernels_error(model, until):
    model.listen(0)
    for _ in range(2):
        model.call()
    until(model, lambda: "asked 2 ×" in model.picture().svg)
    until(model, lambda: model.callers[1].failed)
    assert isinstance(model.callers[1].failed, TimeoutError)
    assert "✕ client 2" in model.picture().svg
    assert "TimeoutError" in model.picture().svg


def test_who_hangs_up_in_the_queue_stays_in_it_until_accepted(model):
    model.listen(1)
    model.call()
    assert "stays in the queue" in model.hang_up()
    assert kernels_queue(model)[0] == 1
    assert "has hung up" in model.picture().svg
    assert "who had hung up already" in model.accept()
    assert model.callers == []


def test_hanging_up_takes_each_in_turn_wherever_it_is(model):
    model.listen(0)
    for _ in range(3):
        model.call()
    model.accept()
    assert model.hang_up() == "client 1 has gone"
    assert model.hang_up() == "client 2 has gone"
    assert model.hang_up() == "client 3 has gone"
    assert model.hang_up() == "nobody is there"


def test_listen_again_changes_the_number_and_keeps_the_queue(model):
    model.listen(0)
    model.call()
    model.listen(4)
    assert kernels_queue(model) == (1, 4)


def test_accept_with_nobody_waiting_is_the_kernels_error(model):
    model.listen(1)
    with pytest.raises(BlockingIOError):
        model.accept()


def test_there_is_room_for_nine(model):
    model.listen(5)
    for _ in range(MOST_CALLERS):
        model.call()
    assert model.call().startswith("no room")
    assert len(re.findall("client [1-9]<", model.picture().svg)) == 9


def test_nothing_stays_open_after_close(model):
    model.listen(0)
    for _ in range(3):
        model.call()
    model.accept()
    sockets = [model.listener, *(caller.sock for caller in model.callers), model.callers[0].conn]
    model.close()
    assert {sock.fileno() for sock in sockets} == {-1}


def test_the_picture_says_in_words_what_it_draws(model):
    model.listen(1)
    for _ in range(3):
        model.call()
    about = model.picture().about
    assert "says the kernel: 2 of 1" in about
    assert "no answer yet: 1; in the accept queue: 2; accepted: 0" in about
