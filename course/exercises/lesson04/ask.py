"""Exercise: send a question of any size, half-close, read the answer to its end, and wait for nothing too long."""

import socket
import time

from course.checker import Evidence, Rule, Trial, rule
from course.checker.scene.case import Case
from course.checker.scene.failure import Failed
from course.checker.scene.peers import Peer
from course.checker.scene.server import ServerPeer
from course.checker.told.evidence import RECEIVING, SENDING
from netlib import background
from netlib.patience import patience

TITLE = "Ask a question of any size, and hear all of the answer"
HINTS = (
    "The server waits for the end of your question: `shutdown(socket.SHUT_WR)`. The answer is over at `b''`: `recv` in "
    "a loop.",
    "`socket.create_connection(address, timeout=timeout)` gives every call on the socket this time-out, `connect` too. "
    "`with` closes it on every path.",
    "A long question and a long answer must be under way at the same time. Send in the background, in a function that "
    "calls `sendall` and then `shutdown`, and call `recv` beside it.",
    "`with socket.create_connection(…) as client, background(say, client, question):` and inside it the loop around "
    "`recv`.",
)


def solution(address: tuple[str, int], question: bytes, timeout: float) -> bytes:
    """Return the answer to `question`; raise TimeoutError when a call has waited for `timeout` seconds."""

    def say() -> None:
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)

    answer = bytearray()
    with socket.create_connection(address, timeout=timeout) as client, background(say):
        while data := client.recv(65536):
            answer += data
    return bytes(answer)


def check(trial: Trial) -> None:
    """Servers that read to the end, answer in pieces, at once, slowly, or never; and calls that nobody takes."""
    trial.explain(*RULES)
    for name, (question, pieces) in ANSWERS.items():
        with trial.case(name) as case:
            answers(case, question, pieces)
    with trial.case("the question has 16 MiB, and the server answers each part before it reads the next", 3) as case:
        server = case.server()
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            server.listener.setsockopt(socket.SOL_SOCKET, option, 65536)
        part = b"0123456789abcdef" * (PART // 16)
        call = case.call(server.address, part * PARTS, LONG)
        peer = server.accepts()
        talks_at_once(case, peer, part)
        peer.hears_end()
        peer.leaves()
        call.returns(part[:PART_ANSWER] * PARTS)
    with trial.case("the server hears the question and never answers") as case:
        server = case.server()
        call = case.call(server.address, b"hello?", patience(SHORT))
        hears_question(server, b"hello?")
        case.clock.log(SILENT)
        call.raises(TimeoutError)
        call.leaves_nothing()
    with trial.case("the call is not answered at all") as case:
        call = case.call(case.silent_address(), b"hello?", patience(SHORT))
        call.raises(TimeoutError)
        call.leaves_nothing()
    with trial.case("nobody listens at the address") as case:
        call = case.call(case.refused_address(), b"hello?", LONG)
        call.raises(ConnectionRefusedError)
        call.leaves_nothing()
    with trial.case("the answer comes slowly: never late, but later in all than the time-out", 4) as case:
        server = case.server()
        call = case.call(server.address, b"how are you?", patience(4 * PAUSE))
        peer = hears_question(server, b"how are you?")
        case.clock.log(SLOW)
        for word in (b"I ", b"am ", b"fine, ", b"thank ", b"you"):
            pauses(case, server)
            peer.sends(word)
        peer.leaves()
        call.returns(b"I am fine, thank you")


def answers(case: Case, question: bytes, pieces: list[bytes]) -> None:
    """The server reads the question to its end, answers piece by piece, and closes."""
    server = case.server()
    call = case.call(server.address, question, LONG)
    peer = hears_question(server, question)
    peer.sends(*pieces)
    peer.leaves()
    call.returns(b"".join(pieces))
    call.leaves_nothing()


def talks_at_once(case: Case, peer: Peer, part: bytes) -> None:
    """The server answers each part before it reads the next. How far it gets when that fails is chance: not shown."""
    begin = len(case.clock.wire)
    peer.stops_reading()
    try:
        for _ in range(PARTS):
            peer.hears(part)
            peer.sends_at_once(part[:PART_ANSWER])
    except Failed as failure:
        if failure.kind in ("ended early", "reset"):
            failure.expected, failure.got = "the server hears all of the question", "the question ended before that"
        raise
    finally:
        case.clock.wire[begin:] = [AT_ONCE]


def pauses(case: Case, server: ServerPeer) -> None:
    """Let time pass, here the subject itself. Nobody else calls, and news of the answer (a print) ends no pause."""
    end = time.monotonic() + patience(PAUSE)
    while (left := end - time.monotonic()) > 0:
        case.clock.ready_within(server.listener, left)


def hears_question(server: ServerPeer, question: bytes) -> Peer:
    """The server accepts and hears all of the question, and its end."""
    peer = server.accepts()
    if question:
        peer.hears(question)
    peer.hears_end()
    return peer


ANSWERS = {
    "the server reads to the end of the question, then answers": (b"how long is this?", [b"17 bytes"]),
    "the answer comes in pieces; newlines and bytes that are no text are in it": (
        b"more\nthan\none line\n",
        [b"first\n", b"caf\xc3", b"\xa9 \xff\x00", b" and the last\r\n"],
    ),
    "the server says nothing and ends": (b"anything?", []),
    "the question is empty": (b"", [b"that was short"]),
}
LONG = 30.0  # far more than a case has: whoever waits in vain is found waiting
SHORT, PAUSE = 0.15, 0.16
# Four answers fill the buffers between a server that is not read and its client; what is left of the question then is
# more than a client's send buffer can grow to, 4 MiB (tcp_wmem in tcp(7)).
PARTS, PART, PART_ANSWER = 8, 2 << 20, 64 << 10
AT_ONCE = "server reads 2 MiB and sends 64 KiB, again and again"
SILENT, SLOW = "server says nothing", "server answers in five words, each with a pause before it"


# ---------------------------------------------------------------------- diagnoses
def waits_for_the_answer(seen: Evidence) -> bool:
    """Whether the server waits for the question's end and the function for the answer."""
    return seen.awaited.startswith("you to close") and seen.waits_in(*RECEIVING)


@rule
def address_not_a_pair(seen: Evidence) -> bool:
    """{message} ({line}). The address is *one* argument, the pair that you were given: `connect(address)`."""
    return seen.raised("TypeError") and seen.last_failing("connect", "connect_ex") == "TypeError:str"


@rule
def binds_the_address(seen: Evidence) -> bool:
    """You bound the server's address ({line}). A client does not take it, it calls it: `connect(address)`."""
    return bool(seen.error) and bool(seen.last_failing("bind"))


@rule
def shut_for_hearing(seen: Evidence) -> bool:
    """You ended your hearing: with `SHUT_RD` or `SHUT_RDWR`, `recv` gives `b''` or fails, whatever still comes. To end
    the question alone: `shutdown(socket.SHUT_WR)`."""
    nothing = seen.kind == "wrong value" and seen.value == b""  # or RST, when the answer came before `recv` was called
    return seen.count("shutdown") > 0 and seen.received() == 0 and (nothing or seen.raised("ConnectionResetError"))


@rule
def reads_after_close(seen: Evidence) -> bool:
    """You closed the socket and then read from it ({line}). `close` ends both directions for you. To end the question
    and hear the answer: `shutdown(socket.SHUT_WR)`."""
    return seen.raised("OSError") and seen.last_failing(*RECEIVING) == "EBADF"


@rule
def no_half_close(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for the answer, and the server waits for the end of your question.
    `shutdown(socket.SHUT_WR)` says that all is said, and leaves you your hearing."""
    return waits_for_the_answer(seen) and not seen.count("shutdown")


@rule
def sends_before_it_reads(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}): the server answers while it hears, you do not read, and so both of you
    wait with full buffers. Send and receive at the same time: one of them in the background."""
    return seen.waits_in(*SENDING) and "does not read" in seen.reason


@rule
def send_cut_short(seen: Evidence) -> bool:
    """Not all of the question was sent. `send` takes what fits into a buffer and says how much that was; `sendall` goes
    on to the end."""
    return AT_ONCE in seen.wire and seen.cut_off and 0 < seen.sent() < PARTS * PART


@rule
def no_time_out_for_connect(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}), and nobody answers. Your `recv` has a time-out; the call itself needs
    one too. Set it before `connect`, or give it to `create_connection`."""
    return seen.waits_in("connect", "connect_ex")


@rule
def no_time_out(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) and would wait for ever. Give the socket the time-out:
    `create_connection(address, timeout=timeout)`, or `settimeout(timeout)`."""
    return seen.kind == "hung" and said(seen, SILENT) and bool(seen.spot and not seen.spot.busy)


@rule
def limits_the_exchange(seen: Evidence) -> bool:
    """Your function gave up though the server was never silent for so long. Here the time-out holds for each call, and
    begins anew with the next."""
    return seen.raised("TimeoutError") and any(SLOW in line for line in seen.wire)


@rule
def keeps_the_time_out_to_itself(seen: Evidence) -> bool:
    """The time-out passed, and your function returned as if this were an answer. The caller cannot tell it from a real
    one: let TimeoutError go on."""
    return seen.kind == "not raised"


@rule
def another_error(seen: Evidence) -> bool:
    """The call failed, and the caller got {error} in place of the error of the socket. Let that one go on: it says
    what happened."""
    return seen.kind == "raised" and seen.expected.startswith("your function raises") and bool(seen.error)


@rule
def stops_at_a_piece(seen: Evidence) -> bool:
    """You returned only the beginning of the answer. A newline or a short piece does not end it: the answer is over
    when `recv` gives `b''`."""
    value = seen.value
    return (
        isinstance(value, bytes)
        and isinstance(seen.wanted, bytes)
        and value != seen.wanted.strip()
        and seen.wanted.startswith(value)
        and seen.count(*RECEIVING) > 1
    )


@rule
def strips(seen: Evidence) -> bool:
    """What you returned is not what came: white space is missing at an end. Return the bytes untouched."""
    return isinstance(seen.value, bytes) and isinstance(seen.wanted, bytes) and seen.value == seen.wanted.strip()


@rule
def last_piece_only(seen: Evidence) -> bool:
    """You returned the last piece alone. Collect: the answer is all the pieces together."""
    return (
        isinstance(seen.value, bytes)
        and isinstance(seen.wanted, bytes)
        and seen.value != b""
        and seen.wanted.endswith(seen.value)
    )


@rule
def adds_to_the_question(seen: Evidence) -> bool:
    """The server heard something else than the question. Send the bytes that you are given, with nothing before or
    after them: `shutdown` says where they end."""
    return seen.kind == "wrong bytes"


def said(seen: Evidence, text: str) -> bool:
    """Whether this is the last line on the wire."""
    return bool(seen.wire) and seen.wire[-1] == text


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
