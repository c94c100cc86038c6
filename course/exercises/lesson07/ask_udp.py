"""Exercise: ask by UDP, again when nothing comes, and believe nobody but the one who was asked."""

import contextlib
import socket
import time
from collections.abc import Callable
from typing import cast

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.datagrams import DatagramPeer
from course.checker.scene.failure import Failed, show

TITLE = "Ask by UDP until an answer comes, or give up"
HINTS = (
    "Connect the UDP socket to `address`: then the kernel looks the host's name up, and keeps strangers out.",
    "One loop over the tries: send, then receive with the time-out. A `recv` that times out is no reason to stop; the "
    "last of them is.",
    "A connected socket tells of a refused datagram with ConnectionRefusedError, in `recv` or in the next `send`. Both "
    "stand inside the `try`.",
    "After the loop: `raise TimeoutError`. A `with` around the whole closes the socket on every path.",
)


def solution(address: tuple[str, int], question: bytes, timeout: float, tries: int) -> bytes:
    """Return the answer of `address`; ask at most `tries` times, `timeout` seconds apart."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for _ in range(tries):
            with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                sock.send(question)
                return sock.recv(65535)
    raise TimeoutError(f"no answer to {tries} questions")


QUESTION, ANSWER, NOISE = b"what is the time?", b"half past nine", b"FORGED"
LONGEST = b"A" * 65507
# Looked up like a name, and the same everywhere (inet_aton(3)). What `localhost` means each machine's hosts file says:
# 127.0.0.1, ::1 before it, ::1 alone, or nobody.
SHORT_FOR_LOOPBACK = "127.1"
CHATTER = "a stranger sends again and again"
SHUT = "nobody is at that port: each datagram is refused"
GIVES_UP = "your function raises TimeoutError"
SILENT, PAUSE = 5, 0.08  # tries and seconds of the case in which nobody answers
AT_ONCE = {"an answer comes at once": ANSWER, "the answer is empty": b"", "the answer is as long as can be": LONGEST}


def check(trial: Trial) -> None:
    """Answers of all kinds, lost questions, strangers of all kinds, silence, a refusing port."""
    trial.explain(*RULES)
    for name, reply in AT_ONCE.items():
        with trial.case(name) as case:
            answered(case, case.datagrams("server"), reply)
    with trial.case(f"the host is written in another way: {SHORT_FOR_LOOPBACK} is 127.0.0.1") as case:
        server = case.datagrams("server")
        answered(case, server, ANSWER, (SHORT_FOR_LOOPBACK, server.address[1]))
    with trial.case("the first two questions are lost") as case:
        server = case.datagrams("server")
        answer = case.call(server.address, QUESTION, 0.15, 4)
        for _ in range(2):
            server.hears(QUESTION)
        answers(server, ANSWER)
        answer.returns(ANSWER)
        answer.leaves_nothing()
    with trial.case("before the server answers, two strangers do") as case:
        server = case.datagrams("server")
        answer = case.call(server.address, QUESTION, 1.0, 1)
        server.hears(QUESTION)
        for stranger in (case.datagrams("stranger"), neighbour(case, server)):
            stranger.sends(NOISE, to=server.last_sender)
        server.sends(ANSWER)
        answer.returns(ANSWER)
    with trial.case("nobody answers", seconds=1.4) as case:
        silence(case)
    with trial.case("nobody answers, and a stranger never stops talking", seconds=1.6) as case:
        chatter(case)
    with trial.case("the port refuses each datagram") as case:
        closed = case.datagram_socket()
        closed.connect(closed.getsockname())  # hears itself alone: a freed port might be taken by somebody else
        case.clock.log(SHUT)
        answer = case.call(closed.getsockname(), QUESTION, 0.05, 3)
        answer.raises(TimeoutError)
        answer.leaves_nothing()


def answers(server: DatagramPeer, reply: bytes) -> None:
    """The server hears the question and answers it."""
    server.hears(QUESTION)
    server.sends(reply)


def answered(case: Case, server: DatagramPeer, reply: bytes, address: tuple[str, int] | None = None) -> None:
    """The function asks at `address`, and gets `reply`."""
    answer = case.call(address or server.address, QUESTION, 1.0, 2)
    answers(server, reply)
    answer.returns(reply)
    answer.leaves_nothing()


def neighbour(case: Case, server: DatagramPeer) -> DatagramPeer:
    """Return a stranger at the server's own port on another host; where there is none, at another port."""
    stranger = case.datagrams("another stranger", host="127.0.0.1")
    sock = case._own(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    with contextlib.suppress(OSError):  # macOS has no 127.0.0.2 until it is told to
        sock.bind(("127.0.0.2", server.address[1]))
        stranger = DatagramPeer(sock, "another stranger", case.clock)
    return stranger


def silence(case: Case) -> None:
    """Nobody answers: so many questions come as there are tries, and the time of all of them passes."""
    server = case.datagrams("server, which is silent,")
    answer = case.call(server.address, QUESTION, PAUSE, SILENT, via=timed)
    try:
        seconds, value = cast(tuple[float, object], answer.result())
    except Failed as failure:
        failure.expected = GIVES_UP
        raise
    if not seconds:
        raise Failed("not raised", GIVES_UP, f"it returned {show(value)}", value)
    heard = 0
    with contextlib.suppress(BlockingIOError):
        while server.sock.recv(100):
            heard += 1
    case.clock.log(f"server hears {heard} questions and is silent")
    case.expect(heard == SILENT, f"the server hears {SILENT} questions", f"it heard {heard}")
    early = seconds < 0.95 * SILENT * PAUSE
    case.expect(not early, f"your function waits {PAUSE} s after each of {SILENT} questions", "it gave up earlier")
    answer.leaves_nothing()


def timed(function: Callable[..., object], *args: object) -> tuple[float, object]:
    """Return the seconds until TimeoutError, measured beside the function; or 0 and what it returned."""
    began = time.monotonic()
    try:
        return 0.0, function(*args)
    except TimeoutError:
        return time.monotonic() - began, None


def chatter(case: Case) -> None:
    """A stranger speaks more often than the time-out is long, and the function gives up all the same."""
    server, stranger = case.datagrams("server"), case.datagrams("stranger")
    answer = case.call(server.address, QUESTION, 0.2, 2)
    server.hears(QUESTION)
    case.clock.log(CHATTER)
    try:
        while answer.running:
            stranger.sock.sendto(NOISE, server.last_sender)
            case.clock.ready_within(stranger.sock, 0.05)
    except Failed as failure:
        failure.expected = "your function gives up after 2 times 0.2 s"
        raise
    answer.raises(TimeoutError)


# ---------------------------------------------------------------------- diagnoses
SENDS = ("send", "sendall", "sendto", "sendmsg")


def meets(seen: Evidence, line: str) -> bool:
    """Whether this stands on the wire log."""
    return any(line in one for one in seen.wire)


def gave_up(seen: Evidence) -> bool:
    """Whether the function raised TimeoutError, or waits, though an answer came."""
    return seen.kind == "hung" or seen.raised("TimeoutError")


@rule
def uses_tcp(seen: Evidence) -> bool:
    """You made a stream socket, and nobody listens for one here ({line}). Ask for `socket.SOCK_DGRAM`."""
    return bool(seen.sockets) and all(sock["made"] and not sock["datagram"] for sock in seen.sockets)


@rule
def stranger_believed(seen: Evidence) -> bool:
    """Your function returned what a stranger had sent. Anybody can send to your port: look at the sender's address,
    host and port, or connect the socket, and the kernel does."""
    value = seen.value[0] if isinstance(seen.value, tuple) and seen.value else seen.value
    return value == NOISE


@rule
def returns_the_pair(seen: Evidence) -> bool:
    """You returned what `recvfrom` gives: the bytes and their sender. Only the bytes are wanted."""
    return seen.kind == "wrong value" and isinstance(seen.value, tuple)


@rule
def refused_escapes(seen: Evidence) -> bool:
    """A datagram was refused, and the caller got {error} ({line}). It counts as silence: on a connected socket both
    `send` and `recv` may raise it, so both belong inside the `try`."""
    return seen.raised("ConnectionRefusedError") and meets(seen, SHUT)


@rule
def name_compared(seen: Evidence) -> bool:
    """The server has answered, and your function did not take it: it was asked as `127.1`, and its answer comes from
    `127.0.0.1`. A host has many ways to be written, and may be a name. Look it up first (`socket.gethostbyname`), or
    connect the socket."""
    answered = seen.wire[-1:] == (f"server sends {ANSWER!r}",)
    return gave_up(seen) and answered and seen.received() > 0 and not meets(seen, "stranger")


@rule
def stranger_costs_a_try(seen: Evidence) -> bool:
    """A stranger's datagram came, and your function gave this try up ({line}). Go on waiting for the rest of its time:
    the answer was on its way."""
    return seen.raised("TimeoutError", "ValueError", "ConnectionError", "RuntimeError") and meets(seen, "stranger")


@rule
def strangers_prolong(seen: Evidence) -> bool:
    """Each datagram of a stranger began the wait anew ({line}), so somebody who never stops can hold your function for
    ever. Set a deadline when you send, and give each `recv` only what is left of it."""
    return seen.kind == "hung" and meets(seen, CHATTER)


@rule
def empty_is_an_answer(seen: Evidence) -> bool:
    """The server answered with an empty datagram, and your function took it for nothing. `b''` is an answer: only
    a time-out means silence."""
    empty = any(line == "server sends b''" for line in seen.wire)
    return empty and (gave_up(seen) or seen.kind in ("wrong value", "returned early"))


@rule
def cut_short(seen: Evidence) -> bool:
    """The answer is cut: there was less room than the datagram had bytes, and the rest is thrown away. Give `recv` room
    for the longest one: 65535."""
    value = seen.value if isinstance(seen.value, bytes) else b""
    return value != b"" and LONGEST.startswith(value) and value != LONGEST


@rule
def no_time_out(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) without a time-out, and no datagram will come. The question, or its
    answer, was lost: nobody tells you of it."""
    return seen.waits_in("recv", "recvfrom", "recv_into", "recvfrom_into", "recvmsg") and not seen.count("settimeout")


@rule
def asks_once(seen: Evidence) -> bool:
    """Your function asked once and gave up ({line}). Ask again when the time-out has passed, until the tries are
    used up."""
    return seen.count(*SENDS) == 1 and (seen.raised("TimeoutError") or seen.got == "it heard 1")


@rule
def asks_too_often(seen: Evidence) -> bool:
    """Your function asked more often than it may: `tries` counts every question, the first one too."""
    return seen.got.startswith("it heard") and seen.count(*SENDS) > SILENT


@rule
def asks_too_seldom(seen: Evidence) -> bool:
    """Your function gave up before its tries were used up: so many questions may be asked as `tries` says."""
    return seen.got.startswith("it heard") or (seen.raised("TimeoutError") and seen.count(*SENDS) < 4)


@rule
def waits_too_short(seen: Evidence) -> bool:
    """All questions were asked, but not `timeout` seconds apart. Each try waits that long for its answer, the last
    one too."""
    return seen.got == "it gave up earlier"


@rule
def waits_too_long(seen: Evidence) -> bool:
    """Nobody answers, and your function takes longer than `tries` times `timeout` ({line}). Each try waits `timeout`
    seconds, and there is no other delay."""
    return seen.kind == "hung" and not meets(seen, "sends") and seen.count(*SENDS) > 0


@rule
def gives_up_in_silence(seen: Evidence) -> bool:
    """No answer came, and your function returned as if all were well. Raise TimeoutError: the caller must be able to
    tell."""
    return seen.kind == "not raised"


@rule
def another_error(seen: Evidence) -> bool:
    """No answer came, and the caller got {error}: {message} ({line}). The task asks for TimeoutError."""
    return seen.expected == GIVES_UP and bool(seen.error) and not seen.raised("NameError")


@rule
def takes_the_servers_address(seen: Evidence) -> bool:
    """You bound the server's own address ({line}). `bind` says who you are; a client needs none, the kernel gives it
    a port when it sends."""
    return "EADDRINUSE" in seen.last_failing("bind")


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
