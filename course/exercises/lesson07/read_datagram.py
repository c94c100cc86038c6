"""Exercise: receive one datagram whole, or say that it was too long."""

import socket
from collections.abc import Callable
from typing import Any

from course.checker import Evidence, Rule, Trial, rule

TITLE = "One datagram, whole or not at all"
HINTS = (
    "A datagram that just fits and one that was cut look the same to `recvfrom(size)`. What would look different if "
    "you had room for one byte more?",
    "`recvmsg` is the other way: its third value are the flags, and `MSG_TRUNC` is among them if the datagram was cut. "
    "Its fourth value is the sender.",
    "`data, sender = sock.recvfrom(size + 1)`: if `len(data) > size`, raise ValueError. Else return both.",
)


def solution(sock: socket.socket, size: int) -> tuple[bytes, Any]:
    """Return one datagram of at most `size` bytes, and its sender; ValueError when it was longer."""
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError(f"a datagram of more than {size} bytes")
    return data, sender


TEN, LARGEST = b"0123456789", b"L" * 65507
FITS = {
    "a datagram that is shorter than the size": (TEN, 100),
    "a datagram that is exactly as long as the size": (TEN, 10),
    "an empty datagram": (b"", 10),
    "the longest datagram that there is": (LARGEST, 65507),
    "a datagram that is no text": (b"\xff\x00", 2),
}
LATE = "nobody has sent anything yet"


def check(trial: Trial) -> None:
    """Datagrams that fit and those that do not; one that comes late; two that wait."""
    trial.explain(*RULES)
    for name, (data, size) in FITS.items():
        with trial.case(name) as case:
            sock, sender = case.datagram_socket(), case.datagrams("sender")
            sender.sends(data, to=sock)
            case.call(sock, size).returns((data, sender.address))
    for name, (data, size) in {"one byte too long": (TEN, 9), "far too long": (LARGEST, 20)}.items():
        with trial.case(f"a datagram that is {name}") as case:
            sock = case.datagram_socket()
            case.datagrams("sender").sends(data, to=sock)
            case.call(sock, size).raises(ValueError)
    with trial.case("the datagram comes when you wait for it already") as case:
        sock, sender = case.datagram_socket(), case.datagrams("sender")
        answer = case.call(sock, 10, sender.address, via=announced)
        sender.receives()
        case.clock.wire[:] = [LATE]
        case.clock.rest()  # one that does not wait is over then, however crowded the machine is
        sender.sends(b"late", to=sock)
        answer.returns((b"late", sender.address))
    with trial.case("two datagrams from two senders wait, and you are called twice") as case:
        sock, senders = case.datagram_socket(), [case.datagrams(f"{number} sender") for number in ("first", "second")]
        for number, sender in enumerate(senders):
            sender.sends(b"%d" % number, to=sock)
        expected = [(b"%d" % number, sender.address) for number, sender in enumerate(senders)]
        case.call(sock, 10, via=twice).returns(expected)


Reader = Callable[[socket.socket, int], object]


def announced(function: Reader, sock: socket.socket, size: int, to: tuple[str, int]) -> object:
    """Tell `to` that the function is about to be called; call it."""
    sock.sendto(b"now", to)
    return function(sock, size)


def twice(function: Reader, sock: socket.socket, size: int) -> list[object]:
    """Return what two calls return."""
    return [function(sock, size), function(sock, size)]


# ---------------------------------------------------------------------- diagnoses
def returned(seen: Evidence) -> tuple[object, ...]:
    """What came back in place of the pair that was due; an empty tuple if something else did."""
    return seen.value if seen.kind == "wrong value" and isinstance(seen.value, tuple) else ()


@rule
def peeks_only(seen: Evidence) -> bool:
    """Called again, your function gave the same datagram: it looked (`MSG_PEEK`) and left it there. Take it out with
    a second `recvfrom`, without that flag."""
    value = seen.value if isinstance(seen.value, list) else []
    return len(value) == 2 and value[0] == value[1]


@rule
def drops_one(seen: Evidence) -> bool:
    """Two datagrams waited, and one call took both. Each receive takes a datagram out, all of it: receive once."""
    return seen.kind == "hung" and sum(" sends " in line for line in seen.wire) == 2


@rule
def empty_refused(seen: Evidence) -> bool:
    """An empty datagram came, and your function did not give it back. `b''` with a sender is a datagram like any other;
    datagrams have no end of stream."""
    return seen.wire[-1:] == ("sender sends b''",) and (bool(seen.error) or seen.kind in ("wrong value", "hung"))


@rule
def receives_twice(seen: Evidence) -> bool:
    """Your function had the datagram, and waits in `{call}` ({line}) for another one. A datagram is received in one
    call; what it did not take is gone."""
    return seen.kind == "hung" and seen.count("recv", "recvfrom", "recvmsg", "recv_into", "recvfrom_into") > 0


@rule
def exact_fit_refused(seen: Evidence) -> bool:
    """A datagram exactly as long as `size` was refused. `len(data) == size` is not yet too long, and you cannot tell
    from it: have room for one byte more, or look at the flags of `recvmsg`."""
    return (
        seen.raised("ValueError")
        and not seen.raised("UnicodeError")
        and seen.wire[-1:]
        in (
            (f"sender sends {TEN!r}",),
            ("sender sends b'\\xff\\x00'",),
            (f"sender sends {LARGEST[:36]!r}… ({len(LARGEST):,} bytes)",),
        )
    )


@rule
def cut_without_a_word(seen: Evidence) -> bool:
    """The datagram was longer than `size`, and your function returned its beginning. The rest is thrown away, and the
    caller takes the part for the whole. Raise ValueError."""
    value = seen.value[0] if isinstance(seen.value, tuple) and seen.value else seen.value
    return seen.kind == "not raised" and isinstance(value, bytes) and value in (TEN[:9], LARGEST[:20])


@rule
def too_long_returned(seen: Evidence) -> bool:
    """The datagram was longer than `size`, and your function returned it all the same. `size` is the most that the
    caller is ready for: raise ValueError."""
    return seen.kind == "not raised" and bool(seen.value)


@rule
def gives_nothing_instead(seen: Evidence) -> bool:
    """The datagram was longer than `size`, and your function returned without it. Raise ValueError: the caller must be
    able to tell."""
    return seen.kind == "not raised"


@rule
def another_error(seen: Evidence) -> bool:
    """The datagram was longer than `size`, and the caller got {error} ({line}). The task asks for ValueError."""
    return seen.expected == "your function raises ValueError" and bool(seen.error) and not seen.raised("NameError")


@rule
def sender_missing(seen: Evidence) -> bool:
    """Only the bytes came back. The caller needs the sender too: return both, `(data, sender)`."""
    return seen.kind == "wrong value" and isinstance(seen.value, bytes | bytearray)


@rule
def asks_for_a_peer(seen: Evidence) -> bool:
    """You asked for `getpeername()` ({line}). This socket is connected to nobody: only `recvfrom` and `recvmsg` tell
    who has sent this datagram."""
    return seen.raised("OSError") and "getpeername" in str((seen.error.get("trail") or [{"call": ""}])[-1]["call"])


@rule
def half_an_address(seen: Evidence) -> bool:
    """The bytes are right, and of the sender you gave one half. An address is the host *and* the port, the pair that
    `recvfrom` gives: return it as it is."""
    value = returned(seen)
    wanted = seen.wanted if isinstance(seen.wanted, tuple) else ((), ())
    return len(value) == 2 and value[0] == wanted[0] and value[1] in tuple(wanted[1])


@rule
def own_address(seen: Evidence) -> bool:
    """The bytes are right, but the address is not the sender's. `recvfrom` gives it; `getsockname()` is your own."""
    value = returned(seen)
    wanted = seen.wanted if isinstance(seen.wanted, tuple) else ((), ())
    return len(value) == 2 and value[0] == wanted[0]


@rule
def wrong_way_round(seen: Evidence) -> bool:
    """The sender came first. Return the bytes first and then the sender, as `recvfrom` does."""
    return len(returned(seen)) == 2 and isinstance(returned(seen)[0], tuple)


@rule
def too_many_values(seen: Evidence) -> bool:
    """More than two values came back: `recvmsg` gives four. The bytes and the sender are wanted."""
    return len(returned(seen)) > 2


@rule
def shorter_than_it_was(seen: Evidence) -> bool:
    """The datagram was within the size, and not all of it came back: there was less room than `size`."""
    value = returned(seen)
    return len(value) == 2 and isinstance(value[0], bytes) and LARGEST.startswith(value[0])


@rule
def timed_out(seen: Evidence) -> bool:
    """The datagram had not come yet, and your function did not wait for it ({line}). Wait until one comes."""
    return any(line == LATE for line in seen.wire) and seen.raised("BlockingIOError", "TimeoutError")


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
