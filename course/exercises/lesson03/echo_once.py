"""Exercise: serve one client, echo what it says, return what was heard."""

import socket

from course.checker import Evidence, Trial, rule

TITLE = "Echo one client until it has said all"
HINTS = (
    "Three sockets take part: the listener, the one that `accept()` gives, and the client's. Which do you talk on?",
    "`recv()` gives what has arrived so far. Echo it at once, then call `recv()` again: the client may be waiting.",
    "`recv()` gives `b''` when the client has ended its side. Then close the connection and return what you collected.",
)


def solution(listener: socket.socket) -> bytes:
    """Echo one client piece by piece until its end; return all bytes heard."""
    conn, _ = listener.accept()
    heard = b""
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
            heard += data
    return heard


def check(trial: Trial) -> None:
    """Clients that wait for each echo: one piece, several, bytes that are no text, a large one, none."""
    trial.explain(changes_the_bytes, stops_at_a_newline, last_piece_only)
    for name, pieces in CASES.items():
        with trial.case(name) as case:
            listener = case.listener()
            answer = case.call(listener)
            client = case.connect(listener)
            for piece in pieces:
                client.sends(piece)
                client.hears(piece)
            client.ends()
            client.hears_end()
            answer.returns(b"".join(pieces))


CASES = {
    "one client says one thing": [b"hello\n"],
    "the client waits for each echo before it goes on": [b"one", b" and two\n", b"three"],
    "a character is cut in two, and some bytes are no text": [b"caf\xc3", b"\xa9", b"\xff\x00"],
    "one piece is larger than most buffers": [bytes(range(256)) * 20],
    "the client says nothing and ends": [],
}


@rule
def changes_the_bytes(seen: Evidence) -> bool:
    """What came back is not what was sent: bytes were changed, added or lost. Echo what `recv()` gave, untouched."""
    lost = seen.waits_in("recv", "recv_into") and 0 < seen.sent() < seen.received()
    return seen.kind == "wrong bytes" or (lost and seen.awaited == "your answer")


@rule
def stops_at_a_newline(seen: Evidence) -> bool:
    """Your function stopped after a newline. The client says when it is done by ending its side, not by a newline."""
    return seen.cut_off and seen.received() == len(b"one and two\n")


@rule
def last_piece_only(seen: Evidence) -> bool:
    """You returned the last piece alone. Collect: all bytes that the client sent are to be returned."""
    return isinstance(seen.value, bytes) and b"three".endswith(seen.value) and seen.value != b""
