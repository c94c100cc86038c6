"""Exercise: what create_connection does: try every address of a name, keep the first that connects, leak none."""

import errno
import socket
from collections.abc import Callable, Sequence
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed
from course.checker.scene.resolver import (
    ANSWERS,
    NAME,
    NO_FAMILY,
    NO_WAY,
    REFUSES,
    SILENT,
    Answer,
    Resolver,
    ipv6,
    nobody_called,
    world,
)
from netlib.patience import patience

TITLE = "Reach a host by whichever of its addresses answers"
HINTS = (
    "`socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)` gives a list of `(family, type, proto, name, address)`. "
    "Loop over it.",
    "For each answer: `socket.socket(family, type, proto)`, `settimeout`, `connect(address)`, `return`. An error in "
    "any of these calls means: try the next answer.",
    "Where an attempt fails, close its socket, if there is one, and keep the error in a name of your own: Python "
    "deletes the name after `except OSError as` at the end of that block. After the loop, raise the one you kept.",
)


def solution(host: str, port: int, timeout: float) -> socket.socket:
    """Return the first TCP socket that connects to an address of `host`; raise the last attempt's error."""
    last = OSError(f"{host!r} has no address")
    for family, type, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, type, proto)
        except OSError as error:
            last = error
            continue
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last


def check(trial: Trial) -> None:
    """Names with one address and with several, of which some refuse, are silent, or cannot be tried at all."""
    trial.explain(*RULES)
    for only in (ANSWERS, *ipv6()):
        with trial.case(f"the name has one address: it {only}") as case, world(only) as (found, _):
            serves(reaches(case, found), found[0])
    with trial.case("the name has two addresses, and both answer") as case, world(ANSWERS, ANSWERS) as (found, ends):
        serves(reaches(case, found), found[0])
        case.expect(nobody_called(ends[1]), NO_FURTHER, "it called the second too")
    for bad in (REFUSES, SILENT, NO_WAY, NO_FAMILY):
        with trial.case(f"the first address {bad}, the second answers") as case, world(bad, ANSWERS) as (found, _):
            serves(reaches(case, found), found[1])
    for first, second, error in BOTH_FAIL:
        with trial.case(f"the first address {first}, the second {second}") as case, world(first, second) as (found, _):
            call = reaches(case, found)
            call.raises(error)
            call.leaves_nothing()


def reaches(case: Case, answers: Sequence[Answer]) -> Call:
    """The function is called; in its process the host has these addresses."""
    case.clock.log("getaddrinfo gives " + ("one address" if len(answers) == 1 else f"{len(answers)} addresses"))
    port = answers[0][-1][1]
    return case.call(NAME, port, patience(TIME_OUT), via=visits, before=Resolver(answers).install)


def serves(call: Call, expected: Answer) -> None:
    """The function has returned a socket that is connected there, and nothing else is left."""
    peer = call.result()
    if not isinstance(peer, tuple):
        raise Failed("broken", "your function returns a connected socket", f"it returned {peer}")
    if peer != expected[-1]:
        raise Failed("broken", "the socket is connected to the first address that answers", OTHER_ADDRESS)
    call.leaves_nothing()


BOTH_FAIL = ((REFUSES, SILENT, TimeoutError), (SILENT, REFUSES, ConnectionRefusedError))
TIME_OUT = 0.25
NO_FURTHER = "it tries no further than the first address that answers"
OTHER_ADDRESS = "it is connected to another one"


# ---------------------------------------------------------------------- in the answer's process
class NeverAsked(Exception):
    """The answer failed and had never called getaddrinfo."""


def asked_for_addresses() -> bool:
    """Whether the resolver that stands for getaddrinfo here was asked."""
    resolver = getattr(socket.getaddrinfo, "__self__", None)
    return isinstance(resolver, Resolver) and resolver.asked


class Words(str):
    """What a function returned, in words: it crosses to the panel without quotes."""

    __repr__ = str.__str__


def visits(function: Callable[..., Any], host: str, port: int, timeout: float) -> object:
    """Call the function; return the address that its socket is connected to, or say what else it returned."""
    try:
        sock = function(host, port, timeout)
    except OSError:
        if not asked_for_addresses():
            raise NeverAsked(f"getaddrinfo() was not asked for {host!r}") from None
        raise
    if not isinstance(sock, socket.socket):
        return Words("None" if sock is None else f"a value of type {type(sock).__name__}")
    with sock:
        if sock.fileno() == -1:
            return Words("a socket that is closed")
        if sock.type != socket.SOCK_STREAM:
            return Words("a datagram socket")
        try:
            peer: tuple[Any, ...] = sock.getpeername()
        except OSError:
            return Words("a socket that is not connected")
        return peer


# ---------------------------------------------------------------------- diagnoses
def later_one_answers(seen: Evidence) -> bool:
    """Whether the function raised in a case where an address answers."""
    return seen.kind == "raised" and seen.expected == "your function returns" and seen.raised("OSError")


@rule
def uses_create_connection(seen: Evidence) -> bool:
    """You called `create_connection` ({line}). It does the whole task; here you write what it does, with
    `getaddrinfo`, `socket` and `connect`."""
    return seen.raised("NotHere")


@rule
def never_asks(seen: Evidence) -> bool:
    """You never asked `getaddrinfo`. `connect` with a name, and `gethostbyname`, take one IPv4 address of it and know
    of no other."""
    return seen.raised("NeverAsked")


@rule
def ipv4_only(seen: Evidence) -> bool:
    """This name's address is IPv6, and you asked for IPv4, or made an IPv4 socket ({message}). Ask for any family, and
    give `socket.socket` the family of each answer."""
    four_parts = seen.raised("TypeError") and seen.error["message"].startswith("AF_INET address must be")
    return seen.raised("gaierror") or four_parts


@rule
def family_not_tried(seen: Evidence) -> bool:
    """`socket` itself failed for the first address ({line}), and you tried no other. A kernel may lack the family of an
    answer: that is a failed attempt like any other, so make the socket inside the `try`."""
    return later_one_answers(seen) and seen.error.get("errno") == errno.EAFNOSUPPORT


@rule
def gives_up_too_soon(seen: Evidence) -> bool:
    """Your function raised {error} ({line}), though the next address would have answered. Any OSError of an attempt
    means: try the next one, with the whole time-out again."""
    return later_one_answers(seen)


@rule
def error_name_is_gone(seen: Evidence) -> bool:
    """{message} ({line}). Python deletes the name after `except … as` at the end of that block: keep the error in a
    name of your own."""
    return seen.raised("UnboundLocalError")


@rule
def raises_the_first_error(seen: Evidence) -> bool:
    """All attempts failed, and you raised {error}, the error of the first. Raise the last one's: that is the attempt
    after which nothing was left to try."""
    return all_failed(seen) and seen.raised("ConnectionRefusedError", "TimeoutError")


@rule
def own_error(seen: Evidence) -> bool:
    """All attempts failed, and the caller got {error} in place of the last attempt's error. Keep that one and raise it:
    it says what happened."""
    return all_failed(seen)


@rule
def swallows_the_error(seen: Evidence) -> bool:
    """All attempts failed, and your function returned as if nothing were wrong. Raise the last attempt's error."""
    return seen.kind == "not raised"


@rule
def no_time_out(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for an address that does not answer. Set the time-out before you
    connect: `settimeout(timeout)`."""
    return seen.waits_in("connect", "connect_ex")


@rule
def not_a_stream(seen: Evidence) -> bool:
    """You returned a datagram socket. Its `connect` only notes an address and asks nobody, so it always succeeds. Ask
    `getaddrinfo` for `type=socket.SOCK_STREAM`."""
    return seen.got == "it returned a datagram socket"


@rule
def not_connected(seen: Evidence) -> bool:
    """The socket that you returned is not connected. `connect_ex` raises nothing and returns a number: only 0 is
    success. And without a time-out, `connect` may be under way still."""
    return seen.got == "it returned a socket that is not connected"


@rule
def closed_before_return(seen: Evidence) -> bool:
    """The socket that you returned is closed already. `with` and `finally` close it also after `return`: close it only
    where its attempt failed."""
    return seen.got == "it returned a socket that is closed"


@rule
def returned_none(seen: Evidence) -> bool:
    """Your function returned None: it ended without `return`, or with a bare one. The caller needs the socket."""
    return seen.got == "it returned None"


@rule
def returned_no_socket(seen: Evidence) -> bool:
    """The caller needs the connected socket itself, so that it can talk on it and close it."""
    return seen.got.startswith("it returned a value of type")


@rule
def other_order(seen: Evidence) -> bool:
    """You returned a connection to a later address. They are given in the order in which they should be tried: stop at
    the first that connects."""
    return seen.got == OTHER_ADDRESS


@rule
def connects_to_all(seen: Evidence) -> bool:
    """You called the second address too, though the first had answered. Return as soon as one is connected."""
    return seen.expected == NO_FURTHER or (seen.kind == "left" and seen.count("connect", "connect_ex") > 1)


def all_failed(seen: Evidence) -> bool:
    """Whether the function raised something else where every attempt fails."""
    return seen.kind == "raised" and seen.expected.startswith("your function raises") and bool(seen.error)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
