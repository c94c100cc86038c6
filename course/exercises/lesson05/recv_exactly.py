"""Exercise: receive exactly so many bytes, in whatever pieces they come, and not one more."""

import socket
from collections.abc import Callable
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.pacing import paced
from course.checker.scene.peers import Peer
from netlib.patience import patience

TITLE = "Receive exactly n bytes, whatever the pieces"
HINTS = (
    "`recv(n)` gives at most n bytes. Collect what it gives, and call it again until you have n.",
    "How many bytes may the next `recv` take? Only those that are still missing: `n - len(data)`. What lies behind "
    "them belongs to whoever reads next.",
    "`recv` gives `b''` when the stream has ended. Inside the loop that is an end too early: `raise EOFError(…)`. "
    "With n = 0 there is nothing to wait for: a `while` loop that asks first does not run at all.",
    "Catch nothing. A TimeoutError that `recv` raises goes to your caller by itself.",
)


def solution(sock: socket.socket, n: int) -> bytes:
    """Return exactly `n` bytes from `sock`; raise EOFError when the stream ends before."""
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError(f"the stream ended after {len(data)} of {n} bytes")
        data += piece
    return data


def check(trial: Trial) -> None:
    """Bytes at once, in pieces, with more behind them, many, none; an end too early; a time-out."""
    trial.explain(*RULES)
    for name, sizes, pieces in CASES:
        with trial.case(name) as case:
            peer, answer = asks(case, *sizes)
            paced(case, peer, *pieces)
            data = b"".join(pieces)
            wanted = [data[sum(sizes[:i]) :][:size] for i, size in enumerate(sizes)]
            answer.returns(wanted if len(sizes) > 1 else wanted[0])
    for name, pieces in ENDS.items():
        with trial.case(name) as case:
            peer, answer = asks(case, 5)
            paced(case, peer, *pieces)
            peer.ends()
            answer.raises(EOFError)
    with trial.case("the socket has a time-out of some seconds, and the bytes come in three pieces") as case:
        peer, answer = asks(case, 5, timeout=5)
        paced(case, peer, *THREE)
        answer.returns(b"hello")
    with trial.case("the socket has a time-out, and after two of five bytes nothing comes") as case:
        peer, answer = asks(case, 5, timeout=0.03)
        peer.sends(b"he")
        answer.raises(TimeoutError)


def asks(case: Case, *sizes: int, timeout: float | None = None) -> tuple[Peer, Call]:
    """Call the answer once for each size, one call after the other, on one socket."""
    sock, peer = case.pair()
    sock.settimeout(None if timeout is None else patience(timeout))
    limited = "" if timeout is None else LIMITED
    case.clock.log(f"{CALLED}{', then '.join(map(str, sizes))}{limited}")
    return peer, case.call(sock, *sizes, via=one_after_the_other if len(sizes) > 1 else None)


def one_after_the_other(function: Callable[..., Any], sock: socket.socket, *sizes: int) -> list[Any]:
    """Call the function for each size (in the answer's process)."""
    return [function(sock, size) for size in sizes]


CALLED, LIMITED = "called with n = ", " on a socket that has a time-out"
THREE = (b"h", b"el", b"lo")
MANY = bytes(range(250)) * 20
CASES: tuple[tuple[str, tuple[int, ...], tuple[bytes, ...]], ...] = (
    ("five bytes come at once", (5,), (b"hello",)),
    ("five bytes come in three pieces", (5,), THREE),
    ("more has come than is asked for; the function is called three times", (5, 1, 4), (b"hello, ann, and goodbye",)),
    ("the second piece holds more than is missing; the function is called twice", (5, 1), (b"he", b"llo, ann")),
    ("0 bytes are asked for, and then 2", (0, 2), (b"hi, ann",)),
    ("the bytes are no text, and newlines and zeros are among them", (6,), (b"\xff\n", b"\0\r\n\xc3")),
    ("the bytes come one by one; the function is called twice", (3, 3), tuple(b"%c" % i for i in b"onetwo")),
    ("there are 5,000 bytes", (len(MANY),), (MANY,)),
)
ENDS: dict[str, tuple[bytes, ...]] = {
    "the stream ends before the first byte": (),
    "the stream ends after two of five bytes": (b"h", b"e"),
}


# ---------------------------------------------------------------------- diagnoses
RECEIVE = ("recv", "recv_into", "recvfrom", "recvmsg")


def sizes_asked(seen: Evidence) -> list[int]:
    """What the function was called with, call by call."""
    told = seen.wire[0].removeprefix(CALLED).removesuffix(LIMITED)
    return [int(size) for size in told.split(", then ")]


def ended(seen: Evidence) -> bool:
    """Whether the peer has ended the stream in this case."""
    return any(line.endswith("ends its side") for line in seen.wire)


def limited(seen: Evidence) -> bool:
    """Whether the socket of this case has a time-out."""
    return seen.wire[0].endswith(LIMITED)


def wrong(seen: Evidence) -> tuple[Any, bytes]:
    """The first value that is not the wanted one, and the wanted one; (b"", b"") when no value is wrong."""
    if seen.kind != "wrong value":
        return b"", b""
    if not isinstance(seen.wanted, list):
        return seen.value, seen.wanted  # type: ignore[return-value]
    pairs = zip(seen.value, seen.wanted, strict=False)  # type: ignore[call-overload]
    return next(((got, wanted) for got, wanted in pairs if (type(got), got) != (bytes, wanted)), (b"", b""))


def part(seen: Evidence) -> bool:
    """Whether the function took the first bytes for all of them: it returned them, or it raised EOFError."""
    got, wanted = wrong(seen)
    early = seen.raised("EOFError") and not ended(seen) and 0 < seen.received() < sum(sizes_asked(seen))
    return early or (isinstance(got, bytes | bytearray) and len(got) < len(wanted) and wanted.startswith(got))


@rule
def closes_the_socket(seen: Evidence) -> bool:
    """You closed the socket. It belongs to the caller, who will read on from where you stopped."""
    return seen.count("close", error=None) > 0


@rule
def takes_too_much(seen: Evidence) -> bool:
    """You took more bytes from the socket than you were asked for. What lies behind the first n belongs to the next
    call, and it cannot be put back. Let each `recv` ask only for what is missing. (A file made by `makefile("rb")`
    reads ahead in the same way.)"""
    return seen.received() > sum(sizes_asked(seen))


@rule
def no_end_check(seen: Evidence) -> bool:
    """The stream has ended, and your loop goes on ({line}): `recv()` gives `b''` each time. Inside the loop that means
    an end too early: raise EOFError."""
    return seen.kind == "hung" and any(sock["ends_seen"] > 1 for sock in seen.sockets)


@rule
def short_at_the_end(seen: Evidence) -> bool:
    """The stream ended too early, and your function returned as if all were well. The caller would take the part for
    the whole: raise EOFError."""
    return seen.kind == "not raised" and ended(seen)


@rule
def another_error_at_the_end(seen: Evidence) -> bool:
    """The stream ended too early, and your function raised {error} ({line}). The task asks for EOFError: callers know
    it from files, and can tell it from other troubles."""
    own = (
        seen.raised("OSError", "ValueError", "AssertionError", "RuntimeError") or seen.error.get("type") == "Exception"
    )
    return ended(seen) and own and not seen.raised("EOFError", "UnicodeError")


@rule
def zero_taken_for_the_end(seen: Evidence) -> bool:
    """0 bytes were asked for. `recv(0)` gives `b''` at once, and that is not the end of the stream. Ask whether
    anything is missing before you receive."""
    return sizes_asked(seen)[0] == 0 and seen.raised("EOFError") and seen.received() == 0


@rule
def changes_the_time_out(seen: Evidence) -> bool:
    """You changed the time-out of the caller's socket. It was set on purpose: leave it as it is."""
    changed = seen.count("settimeout", "setblocking", error=None) > 0
    return changed and (limited(seen) or seen.raised("BlockingIOError", "TimeoutError"))


@rule
def time_out_taken_for_the_end(seen: Evidence) -> bool:
    """Nothing came in time, and your function raised EOFError. That is silence, not the end: more may come later. Let
    the TimeoutError pass to the caller."""
    return limited(seen) and seen.raised("EOFError") and seen.last_failing(*RECEIVE) == "TimeoutError"


@rule
def swallows_the_time_out(seen: Evidence) -> bool:
    """Nothing came in time, so `recv` raised TimeoutError; but the caller, who set the time-out, never heard of it. Do
    not catch it."""
    return limited(seen) and seen.count(*RECEIVE, error="TimeoutError") > 0


@rule
def one_waitall(seen: Evidence) -> bool:
    """`MSG_WAITALL` waits for all bytes only on a socket without a time-out. With one, `recv` gives what has come so
    far: you need the loop all the same."""
    return limited(seen) and part(seen)


@rule
def one_recv(seen: Evidence) -> bool:
    """You took one piece for all. `recv(n)` gives what has come so far, and n is only the most that it may give: call
    it in a loop until nothing is missing."""
    return part(seen) and seen.count(*RECEIVE) <= 2 * len(sizes_asked(seen))


@rule
def last_piece_only(seen: Evidence) -> bool:
    """You returned the last piece alone. Collect the pieces: `data += piece`."""
    got, wanted = wrong(seen)
    return isinstance(got, bytes) and 0 < len(got) < len(wanted) and wanted.endswith(got)


@rule
def pieces_out_of_order(seen: Evidence) -> bool:
    """All bytes are there, in another order than they came. Put each piece behind those before it: `data + piece`."""
    got, wanted = wrong(seen)
    return isinstance(got, bytes) and got != b"" and sorted(got) == sorted(wanted)


@rule
def counts_pieces(seen: Evidence) -> bool:
    """Your function has all n bytes and waits for more ({line}). n is a number of bytes, not of pieces: count what has
    come with `len(data)`."""
    return seen.waits_in(*RECEIVE) and 0 < seen.received() == sum(sizes_asked(seen)[:1])


@rule
def returns_bytearray(seen: Evidence) -> bool:
    """You returned a bytearray. The task asks for `bytes`, which cannot change behind the caller's back:
    `bytes(data)`."""
    return isinstance(wrong(seen)[0], bytearray)


@rule
def returns_the_pieces(seen: Evidence) -> bool:
    """You returned the pieces, one by one. Join them: `b"".join(pieces)`."""
    return isinstance(wrong(seen)[0], list | tuple)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
