"""Exercise: a UDP server that greets whoever speaks, whatever arrives, until its socket is shut down."""

import contextlib
import socket
from collections.abc import Callable

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.datagrams import DatagramPeer
from course.checker.scene.failure import Failed, show

TITLE = "Greet whoever sends a name, by UDP"
HINTS = (
    "One loop, and no connection: `recvfrom` gives a name and who sent it, `sendto` takes an answer and who shall get "
    "it. There is nothing to listen for and nobody to accept.",
    "An empty datagram and the end look alike in their bytes. They differ in the second value that `recvfrom` returns.",
    "A datagram has at most 65,507 bytes, and the greeting makes it longer. `sendto` raises OSError when it is too "
    "long: catch that around `sendto` alone, and go on.",
    "Two `try` in one loop: around `recvfrom`, where OSError means that the socket is closed, so return; and around "
    "`sendto`, where it means that this answer is lost. Between them: `if peer is None: return`.",
)


def solution(sock: socket.socket) -> None:
    """Answer each datagram NAME with `Hello, NAME!` until `sock` is shut down or closed."""
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        with contextlib.suppress(OSError):
            sock.sendto(b"Hello, " + name + b"!", peer)


LONG, LONGEST_ANSWERED, TOO_LONG = b"Ann" * 2000, b"B" * (65507 - len(b"Hello, !")), b"C" * 65507
ONE_CLIENT = {
    "one client says three names": [b"ann", b"bob", b"zoe"],
    "a client sends an empty name, and then another": [b"", b"dan"],
    "the names are no plain text": [b" ann \n", b"\xff\xfe", "Zoë".encode()],
    "a client has a name of 6,000 bytes": [LONG],
    "a client has the longest name that can be answered": [LONGEST_ANSWERED],
}
SHUT_DOWN, CLOSED = "the socket is shut down", "the socket is closed before you are called"
ELSEWHERE = "it comes from another socket"


def check(trial: Trial) -> None:
    """One client with names of all kinds, two that take turns, a name too long, a socket that is closed."""
    trial.explain(*RULES)
    for name, said in ONE_CLIENT.items():
        with trial.case(name) as case:
            sock, answer = serves(case)
            client = case.datagrams("client")
            for word in said:
                client.sends(word, to=sock)
                hears(client, sock, word)
            stops(case, sock, answer)
    with trial.case("two clients take turns") as case:
        sock, answer = serves(case)
        ann, bob = case.datagrams("first client"), case.datagrams("second client")
        for turn in (b"1", b"2"):
            ann.sends(b"ann" + turn, to=sock)
            bob.sends(b"bob" + turn, to=sock)
            hears(bob, sock, b"bob" + turn)
            hears(ann, sock, b"ann" + turn)
        stops(case, sock, answer)
    with trial.case("one name is too long to be answered, and the next client has a short one") as case:
        sock, answer = serves(case)
        case.datagrams("first client").sends(TOO_LONG, to=sock)
        client = case.datagrams("second client")
        client.sends(b"eve", to=sock)
        hears(client, sock, b"eve")
        stops(case, sock, answer)
    with trial.case("the socket is closed already") as case:
        case.clock.log(CLOSED)
        case.call(case.datagram_socket(), via=with_closed).result()


def serves(case: Case) -> tuple[socket.socket, Call]:
    """Start the answer on a bound socket."""
    sock = case.datagram_socket()
    return sock, case.call(sock)


def hears(client: DatagramPeer, sock: socket.socket, name: bytes) -> None:
    """The client receives the greeting, from the socket that it spoke to."""
    wanted = b"Hello, " + name + b"!"
    try:
        client.hears(wanted)
    except Failed as failure:
        failure.expected, failure.wanted = f"the {client.name} receives {show(wanted)}", wanted
        raise
    if client.last_sender != sock.getsockname():
        raise Failed("broken", f"the {client.name}'s answer comes from the socket that it spoke to", ELSEWHERE)


def stops(case: Case, sock: socket.socket, answer: Call) -> None:
    """The socket is shut down: the answer returns."""
    case.clock.log(SHUT_DOWN)
    with contextlib.suppress(OSError):  # ENOTCONN: there is no connection, and recvfrom wakes all the same
        sock.shutdown(socket.SHUT_RDWR)
    answer.result()


def with_closed(function: Callable[[socket.socket], object], sock: socket.socket) -> object:
    """Close the socket, then call."""
    sock.close()
    return function(sock)


# ---------------------------------------------------------------------- diagnoses
def last_said(seen: Evidence) -> str:
    """What the clients sent last, as the wire log shows it."""
    return next((line.partition(" sends ")[2] for line in reversed(seen.wire) if " sends " in line), "")


def heard(seen: Evidence) -> bytes:
    """The answer that a client got in place of the one that was due; b'' if there was none."""
    return seen.value if seen.kind == "wrong bytes" and isinstance(seen.value, bytes) else b""


def wanted(seen: Evidence) -> bytes:
    """The answer that was due."""
    return seen.wanted if isinstance(seen.wanted, bytes) else b""


def after(seen: Evidence, event: str) -> bool:
    """Whether this was the last thing that happened."""
    return seen.wire[-1:] == (event,)


@rule
def listens_to_datagrams(seen: Evidence) -> bool:
    """You called `listen` or `accept`. A UDP socket has no connections to wait for: it is bound, and that is all it
    needs. Call `recvfrom`."""
    return any(seen.count("listen", "accept", error=name) for name in ("EOPNOTSUPP", "ENOTSUP"))


@rule
def pair_not_unpacked(seen: Evidence) -> bool:
    """`recvfrom()` gives a pair: the bytes and the address of their sender ({line}: {message}). Take it apart:
    `name, peer = sock.recvfrom(65535)`."""
    about_pair = seen.raised("TypeError", "AttributeError") and "tuple" in str(seen.error.get("message"))
    return about_pair and not after(seen, SHUT_DOWN)


@rule
def connects(seen: Evidence) -> bool:
    """You called `connect`. A connected UDP socket hears one peer and nobody else. A server answers with `sendto`."""
    return seen.count("connect", error=None) > 0


@rule
def without_an_address(seen: Evidence) -> bool:
    """You sent without saying to whom ({line}: {message}). This socket is connected to nobody: use
    `sendto(answer, peer)`, with the address that `recvfrom` gave."""
    return seen.last_failing("send", "sendall", "sendmsg") in ("EDESTADDRREQ", "ENOTCONN")


@rule
def too_long_ends_it(seen: Evidence) -> bool:
    """A name came that is too long to be answered, `sendto` raised OSError, and your server ended. One bad datagram
    ends it for everybody. Catch OSError around `sendto` alone, and go on."""
    return seen.last_failing("sendto", "send", "sendmsg") == "EMSGSIZE"


@rule
def end_not_noticed(seen: Evidence) -> bool:
    """The socket was shut down, so `recvfrom` gave `(b'', None)`, and you went on with it ({line}: {message}). No
    sender means the end: ask for it before you answer."""
    return after(seen, SHUT_DOWN) and bool(seen.error)


@rule
def ignores_the_shutdown(seen: Evidence) -> bool:
    """The socket was shut down, and your function goes on ({line}). Each `recvfrom` now gives `(b'', None)`: leave the
    loop when there is no sender."""
    return after(seen, SHUT_DOWN) and seen.kind == "hung" and seen.count("settimeout", "setblocking") == 0


@rule
def time_out_hides_the_end(seen: Evidence) -> bool:
    """The socket was shut down, and your function goes on ({line}). With a time-out, or without blocking, `recvfrom`
    never tells of it. Leave the socket as it is given to you: nothing here needs a time-out."""
    return after(seen, SHUT_DOWN) and seen.kind == "hung"


@rule
def closed_raises(seen: Evidence) -> bool:
    """The socket was closed already, and the caller got {error} ({line}). That is the sign to stop too: catch OSError
    around `recvfrom`, and return."""
    return after(seen, CLOSED) and bool(seen.error)


@rule
def another_socket(seen: Evidence) -> bool:
    """The answer came from another socket than the one that the client spoke to. A client that looks who speaks will
    not take it. Answer with `sock`."""
    return seen.got == ELSEWHERE


@rule
def empty_ends_it(seen: Evidence) -> bool:
    """An empty datagram came, and your function took it for the end. It is a message like any other: `b''` with a
    sender. The end is `b''` without one."""
    return seen.kind == "returned early" and last_said(seen) == "b''" and not seen.error


@rule
def empty_ignored(seen: Evidence) -> bool:
    """An empty datagram came, and it was not answered. It is a message like any other: the answer is `Hello, !`."""
    return seen.kind == "hung" and last_said(seen) == "b''"


@rule
def cut_short(seen: Evidence) -> bool:
    """The name is cut: your `recvfrom` has less room than the datagram had bytes, and the rest is thrown away. Give it
    room for the longest one: 65535."""
    name, whole = heard(seen)[len(b"Hello, ") : -1], wanted(seen)[len(b"Hello, ") : -1]
    return len(whole) > 1000 and len(name) < len(whole) and whole.startswith(name) and name != b""


@rule
def other_client_answered(seen: Evidence) -> bool:
    """One client got the answer to the other one's name. Answer each datagram as it comes, to the address that came
    with it."""
    names = {b"ann1", b"ann2", b"bob1", b"bob2"}
    return any(name in heard(seen) for name in names) and any(name in wanted(seen) for name in names)


@rule
def one_client_only(seen: Evidence) -> bool:
    """A second client spoke, and your function waits in `{call}` ({line}) without having answered it. Each datagram may
    come from somebody else: answer to the address that came with it."""
    return seen.kind == "hung" and "second client" in seen.expected and seen.sent() > 0


@rule
def shown_as_bytes(seen: Evidence) -> bool:
    """The name stands in the answer as Python shows bytes, with `b` and quotes: it was put into a text. Build the
    answer from bytes: `b"Hello, " + name + b"!"`."""
    return heard(seen).startswith((b"Hello, b'", b'Hello, b"'))


@rule
def changes_the_bytes(seen: Evidence) -> bool:
    """The name in the answer is not the one that was sent: bytes were changed or lost. Put it in untouched; it need not
    be text."""
    return heard(seen).startswith(b"Hello, ") and heard(seen).endswith(b"!")


@rule
def other_words(seen: Evidence) -> bool:
    """The answer is worded otherwise. It is `Hello, `, then the name, then `!`, and nothing else."""
    return bool(heard(seen))


@rule
def never_answers(seen: Evidence) -> bool:
    """Your function received a name and did not answer it ({line}). The client waits: send with
    `sock.sendto(answer, peer)`."""
    return seen.kind == "hung" and seen.received() > 0 and seen.sent() == 0


@rule
def serves_too_few(seen: Evidence) -> bool:
    """Your function returned while names still came. It serves until the socket is shut down: put a loop around it."""
    return seen.kind == "returned early" and not seen.error and seen.received() > 0


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
