"""Exercise: serve one client, echo what it says, return what was heard."""

import socket

from course.checker import Trial

TITLE = "Echo one client until it has said all"
HINTS = (
    "Three sockets take part: the listener, the one that accept() gives, and the client's. Which do you talk on?",
    "recv() gives what has arrived so far. Echo it at once, then call recv() again; the client may be waiting.",
    "recv() gives b'' when the client has ended its side. Then close the connection, and return what you collected.",
)


def solution(listener: socket.socket) -> bytes:
    conn, _ = listener.accept()
    heard = b""
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
            heard += data
    return heard


def check(trial: Trial) -> None:
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
    "the client waits for each echo before it goes on": [b"one", b"two", b"three"],
    "a character is cut in two, and some bytes are no text": [b"caf\xc3", b"\xa9", b"\xff\x00"],
    "one piece is larger than most buffers": [bytes(range(256)) * 20],
    "the client says nothing and leaves": [],
}
