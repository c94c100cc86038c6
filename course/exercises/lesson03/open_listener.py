"""Exercise: open a listening socket that can be restarted, shares its port with nobody, and leaks nothing."""

import contextlib
import errno
import socket
from collections.abc import Callable
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from netlib.patience import patience

TITLE = "Open a listener that can be started again at once"
HINTS = (
    'Which family does the host need? An IPv6 address has a colon in it. `""` is all of IPv4.',
    "Four calls make a listener: `socket`, `setsockopt`, `bind`, `listen`. `SO_REUSEADDR` must be set before `bind`.",
    "When a call fails, close the socket and let the error go on: `except OSError:`, then `listener.close()` and "
    "`raise`.",
    "`socket.create_server((host, port), family=…)` makes all four calls, and closes the socket when one fails.",
)


def solution(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` and `port`; raise OSError if it cannot, with nothing left open."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def check(trial: Trial) -> None:
    """Serve a client, start again on the same port (for IPv4, on all addresses), find a neighbour on the port."""
    trial.explain(*RULES)
    for host, later in hosts().items():
        with trial.case(f"host {host!r}: a client is served, then the server starts again, host {later!r}") as case:
            port = opens(case, host, 0)
            opens(case, later, port)
        with trial.case(f"host {host!r}: another listener lives on the port") as case:
            case.clock.log(f"open_listener({host!r}, {NEIGHBOUR}")
            answer = case.call(host, via=beside)
            answer.raises(OSError)
            answer.leaves_nothing()


def opens(case: Case, host: str, port: int) -> int:
    """The function opens a listener there, and a client is served; return its port."""
    case.clock.log(f"open_listener({host!r}, {SAME_PORT})" if port else f"open_listener({host!r}, {ANY_PORT}")
    seen = case.call(host, port, via=visit).result()
    case.expect(isinstance(seen, tuple), "your function returns a socket that listens", f"it returned {seen!r}")
    bound, got, others, reuse, ttl = seen if isinstance(seen, tuple) else ("", 0, 0, 0, 0)
    held = bound in WILDCARDS if host == "" else bound == host
    case.expect(held, f"it listens on {host or 'all IPv4 addresses'}", f"it listens on {bound}")
    case.expect(got != others, "each listens on a port of its own", "both listen on one port")
    case.expect(port in (0, got), f"it listens on {SAME_PORT}", "it listens on another port")
    case.clock.log(f"{REUSE_ON if reuse else 'SO_REUSEADDR is off'}{LOW_TTL if ttl == 1 else ''}")
    case.clock.log("a client is served; the server closes the connection first, then the listener")
    return int(got)


# ---------------------------------------------------------------------- in the answer's process
def visit(function: Callable[..., Any], host: str, port: int) -> object:
    """Open a listener (with port 0: two), serve a client, close; return address, the other's port, two options."""
    listener = function(host, port)
    if not is_listening(listener):
        return said(listener)
    with listener, contextlib.nullcontext(listener) if port else function(host, port) as other:
        bound, got = listener.getsockname()[:2]
        listener.settimeout(patience(1))
        with socket.socket(socket.AF_INET if bound in WILDCARDS else listener.family) as client:
            if client.connect_ex(("127.0.0.1" if bound in WILDCARDS else bound, got)):
                return Words("a listener that takes no calls over IPv4")
            conn, _ = listener.accept()
            conn.close()  # first: so the connection stays in TIME-WAIT at the listener's port
            client.recv(1)
        others = 0 if other is listener else other.getsockname()[1]
        reuse = listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        return bound, got, others, reuse, listener.getsockopt(socket.IPPROTO_IP, socket.IP_TTL)


def beside(function: Callable[..., Any], host: str) -> object:
    """Open a listener, then another one on its port; say what the second is."""
    with function(host, 0) as first:
        return said(function(host, first.getsockname()[1]), first.getsockname())


def is_listening(value: object) -> bool:
    """Whether `value` is an open socket that listens."""
    if not isinstance(value, socket.socket) or value.fileno() == -1:
        return False
    return bool(value.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


class Words(str):
    """What a function returned, in words: it crosses to the panel without quotes."""

    __repr__ = str.__str__


def said(value: object, neighbour: object = None) -> Words:
    """Close what the function returned, and say what it was."""
    if not isinstance(value, socket.socket):
        return Words("None" if value is None else f"a value of type {type(value).__name__}")
    with value:
        if value.fileno() == -1:
            return Words("a socket that is closed")
        if not is_listening(value):
            return Words("a socket that does not listen")
        return Words("a listener on " + ("the same port" if value.getsockname() == neighbour else "another port"))


def hosts() -> dict[str, str]:
    """Each host of the cases, and the one for its second run; IPv6 only where this machine has it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return {"127.0.0.1": "", "::1": "::1"}
    return {"127.0.0.1": ""}


WILDCARDS = ("0.0.0.0", "::")  # whether '' takes IPv6 too is open
SAME_PORT, ANY_PORT = "the same port", "0), twice at the same time"
NEIGHBOUR = f"0), and beside it another one on {SAME_PORT}"
REUSE_ON, LOW_TTL = "SO_REUSEADDR is on", ", IP_TTL is 1"


# ---------------------------------------------------------------------- diagnoses
def busy(seen: Evidence) -> bool:
    """Whether the function raised EADDRINUSE, `Address already in use`."""
    return seen.error.get("errno") == errno.EADDRINUSE


def last_step(seen: Evidence, step: str) -> bool:
    """Whether the case got as far as this step."""
    return bool(seen.wire) and seen.wire[-1].endswith(step)


def returned(seen: Evidence, *texts: str) -> bool:
    """Whether the function returned something that is no listener, and it was one of these."""
    return seen.kind == "broken" and seen.got.startswith(tuple(f"it returned {text}" for text in texts))


@rule
def swapped_arguments(seen: Evidence) -> bool:
    """`bind` refused the pair: this is a socket for file names (AF_UNIX). `socket.socket(family, type)` takes the
    family first; swapped, the two numbers mean something else and nothing complains."""
    return seen.raised("TypeError") and any(s["datagram"] for s in seen.sockets) and "tuple" in seen.error["message"]


@rule
def not_a_stream(seen: Evidence) -> bool:
    """You made a datagram socket. Only a stream socket listens: `socket.SOCK_STREAM`, which is also the default."""
    return any(sock["datagram"] for sock in seen.sockets)


@rule
def port_not_a_number(seen: Evidence) -> bool:
    """`bind` refused the port ({message}). It is a number: pass it on as it is, without `str()`."""
    return seen.raised("TypeError") and seen.last_failing("bind") == "TypeError:tuple"


@rule
def address_not_a_pair(seen: Evidence) -> bool:
    """{message}. The address is *one* argument, the pair `(host, port)`: mind the two parentheses."""
    in_create_server = seen.error.get("message", "").startswith("create_server()")
    return seen.raised("TypeError") and (in_create_server or seen.last_failing("bind") == "TypeError:str")


@rule
def wrong_family(seen: Evidence) -> bool:
    """This host and your socket are of different families ({message}). A host with a colon in it is IPv6: make its
    socket with `AF_INET6`, all others with `AF_INET`."""
    return seen.error.get("errno") == socket.EAI_ADDRFAMILY


@rule
def listens_before_bind(seen: Evidence) -> bool:
    """`bind` came after `listen` ({line}): by then the kernel had given the socket a port of its own choice. First
    `bind`, then `listen`."""
    return seen.raised("OSError") and seen.last_failing("bind") == "EINVAL"


@rule
def wrong_level(seen: Evidence) -> bool:
    """You set the option at another level than its own. `SO_REUSEADDR` belongs to `socket.SOL_SOCKET`; the same
    number means something else at the level of IP or TCP."""
    refused = seen.error.get("errno") == errno.EINVAL and not seen.count("listen")
    return refused or (busy(seen) and any(LOW_TTL in line for line in seen.wire))


@rule
def connects(seen: Evidence) -> bool:
    """You called `connect` ({line}). A server does not call: it takes its address with `bind` and waits for calls."""
    return bool(seen.error) and bool(seen.last_failing("connect", "connect_ex")) and not seen.count("bind")


@rule
def fixed_port(seen: Evidence) -> bool:
    """The port was taken, though port 0 was asked for, which means any free one ({line}). Bind the port that you are
    given, not one of your own choice."""
    return (last_step(seen, ANY_PORT) and busy(seen)) or seen.got == "both listen on one port"


@rule
def reuseaddr_after_bind(seen: Evidence) -> bool:
    """The port was refused to the second run ({line}), because a connection of the first is still remembered
    (TIME-WAIT). You do set `SO_REUSEADDR`, but too late: `bind` has decided by then. Set it before `bind`."""
    return busy(seen) and any(REUSE_ON in line for line in seen.wire)


@rule
def no_reuseaddr(seen: Evidence) -> bool:
    """The port was refused to the second run ({line}), because a connection of the first is still remembered
    (TIME-WAIT). Set `SO_REUSEADDR` to 1 before `bind`, in every run: the first one needs it too."""
    return busy(seen)


@rule
def accepts_already(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for a client. The task ends before that: return the listener, and let
    the caller accept."""
    return seen.waits_in("accept")


@rule
def waits_for_the_port(seen: Evidence) -> bool:
    """Another listener holds the port, and your function tries again and again ({line}). Let the first OSError go to
    the caller, who can decide what to do."""
    return seen.kind == "hung" and last_step(seen, NEIGHBOUR)


@rule
def shares_the_port(seen: Evidence) -> bool:
    """Two live listeners now share one port, and each gets a part of the clients. `SO_REUSEPORT` does that. To start
    again after a run that has ended, `SO_REUSEADDR` alone is enough."""
    return seen.kind == "not raised" and "same port" in seen.got


@rule
def tries_another_port(seen: Evidence) -> bool:
    """The port was taken, and your function opened another one. Nobody will call there: let the OSError go to the
    caller."""
    return seen.kind == "not raised" and "another port" in seen.got


@rule
def swallows_the_error(seen: Evidence) -> bool:
    """`bind` failed, and your function kept that to itself. The caller then takes a server for running that is not:
    close the socket, and let the OSError go on with `raise`."""
    return seen.kind == "not raised"


@rule
def another_error(seen: Evidence) -> bool:
    """`bind` failed with an OSError, and the caller got {error} instead. Let the OSError itself go on."""
    return bool(seen.error) and not seen.raised("OSError", "SystemExit") and bool(seen.last_failing("bind"))


@rule
def leaks_on_failure(seen: Evidence) -> bool:
    """The error went to the caller, and the socket stayed open: nobody else can close it. Close it before you let the
    error go on."""
    return seen.kind == "left"


@rule
def returned_none(seen: Evidence) -> bool:
    """Your function returned None: it ended without `return`, or with a bare one. The caller needs the listener."""
    return returned(seen, "None")


@rule
def returned_the_address(seen: Evidence) -> bool:
    """Your function returned a tuple, as `getsockname()` and `accept()` give it. The caller needs the listening socket
    itself; it knows its address."""
    return returned(seen, "a value of type tuple")


@rule
def returned_no_socket(seen: Evidence) -> bool:
    """The caller needs the listening socket itself, so that it can accept on it and close it."""
    return returned(seen, "a value")


@rule
def closed_before_return(seen: Evidence) -> bool:
    """The socket that you returned is closed already. `with` closes it at the end of its block, and `return` ends that
    block: here the caller closes."""
    return returned(seen, "a socket that is closed")


@rule
def never_listens(seen: Evidence) -> bool:
    """The socket is bound but does not listen: clients are refused. Call `listen()` before you return it."""
    return returned(seen, "a socket that does not listen")


@rule
def ipv6_for_all(seen: Evidence) -> bool:
    """You opened an IPv6 socket for the host `''`, and clients that call over IPv4 are refused. `''` is all of IPv4:
    only a host with a colon in it is IPv6."""
    return returned(seen, "a listener that takes")


@rule
def open_to_all(seen: Evidence) -> bool:
    """One address was asked for, and you listen on all: everybody in the same network can call. Bind the host that you
    are given."""
    return seen.got.removeprefix("it listens on ") in WILDCARDS


@rule
def ignores_the_host(seen: Evidence) -> bool:
    """You listen on another address than the one that was asked for. Bind the host that you are given."""
    return seen.got.startswith("it listens on ") and "port" not in seen.got


@rule
def ignores_the_port(seen: Evidence) -> bool:
    """You listen on another port than the one that was asked for, and clients who know the port will not find you.
    Bind the port that you are given."""
    return seen.got == "it listens on another port"


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
