"""The chat lab without its widgets: a real room, three members, and others from elsewhere."""

import socket
import threading

import pytest

from course.labs.chat_model import FLOOD, NAMES, Chat
from netlib.chat.server import WAITING_LIMIT
from sockscope.kernel import sock_diag


@pytest.fixture
def chat():
    made = Chat()
    yield made
    made.close()


def names(chat):
    return [name for name, _, _ in chat.online()]


@pytest.fixture
def full(chat, until):
    for number, name in enumerate(NAMES, 1):
        chat.join_or_leave(name)
        until(chat, lambda number=number: len(names(chat)) == number)
    until(chat, lambda: len(chat.clients["ann"].heard) == 2 and chat.clients["bob"].heard)
    return chat


def test_an_untouched_lab_has_no_socket_and_no_thread(chat):
    before = threading.active_count()
    assert "not open yet" in chat.picture().text
    assert chat.turn().readable == ()
    assert (threading.active_count(), chat.address) == (before, None)


def test_what_one_says_stands_in_all_three_windows(full, until):
    assert full.say("ann", "Zoë, hello") == r"ann sends b'Zo\xc3\xab, hello\n'"
    until(full, lambda: all("ann: Zoë, hello" in full.clients[name].heard for name in ("bob", "zoe")))
    assert full.clients["ann"].heard[-1] == "> Zoë, hello"
    assert "ann: Zoë, hello" in full.picture().svg


def test_who_leaves_may_come_again(full, until):
    full.join_or_leave("zoe")
    until(full, lambda: names(full) == ["ann", "bob"])
    until(full, lambda: full.clients["zoe"].sock is None and full.clients["ann"].heard[-1] == "* zoe is down")
    assert "zoe: not in the room" in full.picture().about
    full.join_or_leave("zoe")
    until(full, lambda: len(names(full)) == 3)


def test_for_who_does_not_read_bytes_wait_in_the_server_until_it_is_put_out(full, until):
    full.stop_or_go_on("zoe")
    full.flood("ann")
    until(full, lambda: full.clients["bob"].heard[-1].startswith(f"ann: {FLOOD[0] - 1} "))

    def waiting():
        return next(size for name, _, size in full.online() if name == "zoe")

    until(full, lambda: f"waiting for it: {waiting():,} bytes in the server" in full.picture().text)
    assert WAITING_LIMIT / 2 < waiting() <= WAITING_LIMIT
    assert "‖ in the room, does not read" in full.picture().svg
    full.flood("ann")
    until(full, lambda: names(full) == ["ann", "bob"])


def test_who_reads_again_in_time_stays(full, until):
    full.stop_or_go_on("zoe")
    full.flood("ann")
    full.stop_or_go_on("zoe")
    until(full, lambda: full.clients["zoe"].heard[-1].startswith(f"ann: {FLOOD[0] - 1} "))
    until(full, lambda: full.online()[2][2] == 0)
    assert names(full) == list(NAMES)


def test_somebody_from_a_terminal_is_in_the_servers_view(full, until):
    with socket.create_connection(full.address) as terminal:
        terminal.sendall(b"you\n")
        until(full, lambda: full.clients["ann"].heard[-1] == "* you is online")
        assert "you" in names(full)
        assert f"nc 127.0.0.1 {full.address[1]}" in full.picture().text
    until(full, lambda: "you" not in names(full))


def test_a_terminal_is_seen_although_none_of_the_three_is_there(chat, until):
    chat.open()
    with socket.create_connection(chat.address) as terminal:
        terminal.sendall(b"you\n")
        until(chat, lambda: names(chat) == ["you"])


def test_who_is_not_in_the_room_cannot_speak(chat):
    with pytest.raises(OSError, match="ann is not in the room"):
        chat.say("ann", "hello")


def test_what_cannot_be_a_line_is_refused(full):
    with pytest.raises(OSError, match="a line cannot hold a newline"):
        full.say("ann", "one\ntwo")
    assert list(full.clients["ann"].heard)[-1] == "* zoe is online"


def test_closing_leaves_no_socket_and_no_thread(full):
    before, (host, port) = threading.active_count(), full.address
    full.close()
    assert threading.active_count() == before - 1
    assert sock_diag.find((host, port), ("0.0.0.0", 0)) is None
