"""Exercise: call an address and say whether it is open, refused or silent; leak nothing, wait for no word."""

import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.told.evidence import RECEIVING
from netlib.patience import patience

TITLE = "Say whether a port is open, refused or silent"
HINTS = (
    "One call decides it: `connect`, with a time-out. It succeeds, or it raises one of two errors. You have met both.",
    "`except ConnectionRefusedError:` and `except TimeoutError:`. Any other `OSError` goes on by itself if you do not "
    "catch it.",
    "`with socket.create_connection(address, timeout=timeout):` closes the socket. An IPv6 address has a colon in its "
    "host: `create_connection` sees that by itself, `socket.socket()` must be told `AF_INET6`.",
)

NO_WAY = "127.255.255.255"  # a broadcast address: connect gives ENETUNREACH (tcp_v4_connect, net/ipv4/tcp_ipv4.c)
LONG, SHORT = 20.0, 0.2


def solution(address: tuple[str, int], timeout: float) -> str:
    """Return "open", "refused" or "silent", the last after `timeout` seconds; raise any other OSError."""
    try:
        socket.create_connection(address, timeout=timeout).close()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    return "open"


def check(trial: Trial) -> None:
    """Ports of all three kinds on both families; servers that say nothing; an address without a way there."""
    trial.explain(*RULES)
    for host in hosts():
        with trial.case(f"a server listens on {host} and says nothing") as case:
            finds(case, "open", case.listener(host=host).getsockname())
        with trial.case(f"nobody listens on this port of {host}") as case, refusing(host) as address:
            finds(case, "refused", address)
    with trial.case("no answer comes at all") as case:
        finds(case, "silent", case.silent_address(), SHORT)
    with trial.case("this machine knows no way to the address, and says so") as case:
        call = case.call((NO_WAY, case.refused_address()[1]), patience(LONG))
        call.raises(OSError)
        call.leaves_nothing()


def finds(case: Case, status: str, address: tuple[Any, ...], timeout: float = LONG) -> None:
    """The function calls `address`, gives this status, and leaves nothing."""
    call = case.call(address[:2], patience(timeout))
    call.returns(status)
    call.leaves_nothing()


@contextlib.contextmanager
def refusing(host: str) -> Iterator[tuple[Any, ...]]:
    """Yield an address that is bound, so that nobody else takes it, and where nobody listens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as bound:
        bound.bind((host, 0))
        yield bound.getsockname()


def hosts() -> list[str]:
    """Return the hosts of the cases; IPv6 only where this machine has it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return ["127.0.0.1", "::1"]
    return ["127.0.0.1"]


# ---------------------------------------------------------------------- diagnoses
def mistook(seen: Evidence, wanted: str, *values: str) -> bool:
    """Whether one of these was returned where `wanted` is right."""
    return seen.kind == "wrong value" and seen.wanted == wanted and seen.value in values


@rule
def address_not_a_pair(seen: Evidence) -> bool:
    """{message} ({line}). The address is *one* argument, the tuple that you were given: `connect(address)`."""
    return seen.raised("TypeError") and seen.last_failing("connect", "connect_ex") == "TypeError:str"


@rule
def ipv4_only(seen: Evidence) -> bool:
    """This host is IPv6, and your socket is IPv4 ({message}). A host with a colon in it needs `AF_INET6`;
    `create_connection` sees that by itself."""
    return seen.error.get("errno") == socket.EAI_ADDRFAMILY


@rule
def not_a_stream(seen: Evidence) -> bool:
    """You made a datagram socket. Its `connect` only notes an address and asks nobody, so it succeeds everywhere."""
    return any(sock["datagram"] for sock in seen.sockets) and seen.kind == "wrong value"


@rule
def binds_the_port(seen: Evidence) -> bool:
    """You tried to take the port with `bind`. That a port is taken does not mean that somebody listens on it, and the
    port of another machine cannot be bound at all. Call it: `connect`."""
    return seen.count("bind", error=None) > 0 and not seen.count("connect", "connect_ex", error=None)


@rule
def does_not_wait(seen: Evidence) -> bool:
    """Your `connect` does not wait: it says *under way* (EINPROGRESS), which is no answer yet. Give the socket the
    time-out: `settimeout(timeout)`."""
    connects = [call for call in seen.calls if call[0] in ("connect", "connect_ex")]
    under_way = any(error == "EINPROGRESS" or code == errno.EINPROGRESS for _, _, code, error in connects)
    return under_way and (seen.kind == "wrong value" or seen.raised("BlockingIOError"))


@rule
def waits_for_a_word(seen: Evidence) -> bool:
    """You were connected, and then you waited for the server to say something. Most servers let the client speak
    first. That the call was answered is enough: `"open"`."""
    return seen.count(*RECEIVING, error=None) > 0 or seen.waits_in(*RECEIVING)


@rule
def no_time_out(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}), and no answer comes. Without your time-out the kernel tries for two
    minutes. Set the one that you are given before you connect."""
    return seen.waits_in("connect", "connect_ex")


@rule
def hides_other_errors(seen: Evidence) -> bool:
    """There was no way to the address, and your function gave that a name of its own. It is neither open nor refused
    nor silent: catch the two errors that you know, and let any other OSError go on."""
    return seen.kind == "not raised"


@rule
def takes_silence_for_refusal(seen: Evidence) -> bool:
    """Nobody answered, and you call that refused. A refusal is an answer: somebody said no. TimeoutError means that
    nobody said anything."""
    return mistook(seen, "silent", "refused")


@rule
def takes_refusal_for_silence(seen: Evidence) -> bool:
    """The call was refused, and you call that silent. ConnectionRefusedError is an answer, and it came at once."""
    return mistook(seen, "refused", "silent")


@rule
def always_the_same(seen: Evidence) -> bool:
    """You returned "open" though nobody took the call. Look at what `connect` raises, or `connect_ex` returns."""
    return mistook(seen, "refused", "open") or mistook(seen, "silent", "open")


@rule
def error_instead_of_a_word(seen: Evidence) -> bool:
    """Your function raised {error} ({line}). Here that is a result and no failure: catch it, and return the word for
    it."""
    return seen.raised("ConnectionRefusedError", "TimeoutError")


@rule
def other_words(seen: Evidence) -> bool:
    """What you returned is none of the three words. It must be the text `"open"`, `"refused"` or `"silent"`."""
    return seen.kind == "wrong value" and seen.value is not None and seen.value not in ("open", "refused", "silent")


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
