"""Exercise: the hello conversation, with a thread for each client, until the listener is shut down."""

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.calls import Call
from course.checker.evidence import RECEIVING
from course.checker.peers import Peer

TITLE = "Greet many clients at once, a thread for each"
HINTS = (
    "Two functions: one talks to one client and knows nothing of others; the other loops around `accept` and starts "
    "`threading.Thread(target=talk, args=(conn,))` for each connection.",
    '`with conn, conn.makefile("rb") as lines:` and `for line in lines:` gives whole lines, however they arrive, and '
    "ends when the client ends.",
    "A listener that was shut down makes `accept` raise OSError: return then. Threads that still talk must not hold "
    "you up: make them daemon threads, or shut their connections down.",
)


def solution(listener: socket.socket) -> None:
    """Greet each client in a thread of its own; return when the listener is shut down."""

    def talk(conn: socket.socket) -> None:
        with conn, conn.makefile("rb") as lines:
            try:
                conn.sendall(b"welcome!\n")
                for line in lines:
                    name = line.decode().removesuffix("\n")
                    if name == "exit":
                        return
                    conn.sendall(f"hello {name}\n".encode())
            except (OSError, UnicodeDecodeError):
                return  # this client's trouble, and nobody else's

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()


def check(trial: Trial) -> None:
    """Lines whole, cut and glued; clients at once, silent, resetting, sending no text; a shutdown meanwhile."""
    trial.explain(*RULES)
    for name, talk in ONE_CLIENT.items():
        with trial.case(name) as case:
            listener, answer = serves(case)
            talk(case.connect(listener))
            comes_back(case, listener)
            stops(case, listener, answer)
    with trial.case("three clients are connected at once, and the first is silent") as case:
        listener, answer = serves(case)
        at_once(case, listener)
        stops(case, listener, answer)
    with trial.case("one client resets, one sends bytes that are no UTF-8, and the others go on") as case:
        listener, answer = serves(case)
        goes_on(case, listener)
        stops(case, listener, answer)
    with trial.case(f"{MANY} clients are connected at once") as case:
        listener, answer = serves(case)
        crowd = [case.connect(listener, f"client {number + 1}") for number in range(MANY)]
        for client in crowd:
            client.hears(WELCOME)
        for client in crowd:
            says_exit(client)
        stops(case, listener, answer)
    with trial.case("the listener is shut down while a client is still connected") as case:
        listener, answer = serves(case)
        client = case.connect(listener)
        greeted(client, "ann")
        stops(case, listener, answer)


# ---------------------------------------------------------------------- what clients do, for all hello exercises
def serves(case: Case, *more: Any) -> tuple[socket.socket, Call]:
    """Start the answer on a listener."""
    listener = case.listener(backlog=MANY)
    return listener, case.call(listener, *more, via=serve)


def stops(case: Case, listener: socket.socket, answer: Call) -> None:
    """The listener is shut down: until then the answer has served, and now it returns and leaves it open."""
    answer.pump()
    case.expect(answer.running or answer.died, "your function serves until the listener is shut down", TOO_SOON)
    case.shuts_down(listener)
    case.expect(answer.result() is True, "your function leaves the listener to the caller", "the listener is closed")


def comes_back(case: Case, listener: socket.socket) -> None:
    """Another client comes when the first has left: a server that serves one only is found out here, each time."""
    following = case.connect(listener, "next client")
    following.hears(WELCOME)
    says_exit(following)


def asks(client: Peer, name: str) -> None:
    """The client says a name and is greeted."""
    client.sends(name.encode() + b"\n")
    client.hears(f"hello {name}\n".encode())


def greeted(client: Peer, *names: str) -> None:
    """The client is welcomed, and greeted by each name."""
    client.hears(WELCOME)
    for name in names:
        asks(client, name)


def says_exit(client: Peer) -> None:
    """The client says that it goes, and hears the end."""
    client.sends(b"exit\n")
    client.hears_end()


def two_names(client: Peer) -> None:
    """A client as the task describes it."""
    greeted(client, "bob", "ann lee")
    says_exit(client)


def ends_at_once(client: Peer) -> None:
    """A client that has nothing to say."""
    client.hears(WELCOME)
    client.ends()
    client.hears_end()


def in_pieces(client: Peer) -> None:
    """Lines cut where they should not be, and two lines in one piece."""
    client.hears(WELCOME)
    client.sends(b"b", b"ob\n")
    client.hears(b"hello bob\n")
    client.sends(b"ann\nZo\xc3", b"\xab\n")
    client.hears("hello ann\nhello Zoë\n".encode())
    asks(client, "exitus")
    client.sends(b"joe\nex", b"it\n")
    client.hears(b"hello joe\n")
    client.hears_end()


def at_once(case: Case, listener: socket.socket) -> None:
    """Three clients are connected; the later ones talk first."""
    ann, bob, eve = (case.connect(listener, name) for name in ("ann", "bob", "eve"))
    for client in (ann, bob, eve):
        client.hears(WELCOME)
    for client in (eve, bob, ann, eve):
        asks(client, client.name)
    for client in (bob, eve, ann):
        says_exit(client)


def goes_on(case: Case, listener: socket.socket) -> None:
    """One client resets before it is greeted, one sends no text; two others go on."""
    ann, bob = (case.connect(listener, name) for name in ("ann", "bob"))
    greeted(ann, "ann")
    bob.hears(WELCOME)
    bob.sends(b"bob\n")
    bob.resets()
    eve = case.connect(listener, "eve")
    eve.hears(WELCOME)
    eve.sends(b"\xff\xfe\n")
    asks(ann, "ann again")
    fay = case.connect(listener, "fay")
    greeted(fay, "fay")
    eve.leaves()
    for client in (fay, ann):
        says_exit(client)


def serve(function: Callable[..., Any], listener: socket.socket, *more: Any) -> bool:
    """Call the function, in the answer's process; return whether it left the listener open."""
    function(listener, *more)
    return listener.fileno() != -1


WELCOME = b"welcome!\n"
MANY = 40  # more than any pool of threads has by default (min(32, processors + 4))
TOO_SOON = "it returned before that"
ONE_CLIENT = {
    "one client says two names and exit": two_names,
    "one client ends without a word": ends_at_once,
    "lines come in pieces, and two in one piece": in_pieces,
}


# ---------------------------------------------------------------------- diagnoses of the conversation
def heard(seen: Evidence) -> str:
    """The bytes that the client heard in place of what was due, as they are written in Python."""
    return seen.got.removeprefix("it heard ").partition(" and ")[0]


def due(seen: Evidence) -> str:
    """The bytes that the client waited for, as they are written in Python."""
    return seen.expected.partition(" hears ")[2]


def cuts(seen: Evidence) -> bool:
    """Whether lines came cut and glued in this case."""
    return any(line.endswith(" sends b'b'") for line in seen.wire)


@rule
def no_welcome(seen: Evidence) -> bool:
    """The client has connected and waits for `welcome!`; your function waits for the client to speak ({line}). Send the
    welcome first."""
    return seen.waits_in(*RECEIVING) and seen.sent() == 0 and seen.count("accept") > 0 and seen.awaited == "your answer"


@rule
def no_newline(seen: Evidence) -> bool:
    """Your line came without its newline, so the client goes on waiting for the end of the line. End each line that you
    send with `\\n`, the welcome too."""
    return seen.kind in ("hung", "wrong bytes", "ended early") and due(seen).startswith(heard(seen)[:-1] + "\\n'")


@rule
def bytes_formatted_as_text(seen: Evidence) -> bool:
    """The greeting holds `b'` and quotes: bytes were put into text, and that writes their repr. Decode the name, or
    put bytes and bytes together."""
    return "hello b'" in seen.got


@rule
def exit_not_noticed(seen: Evidence) -> bool:
    """The client said `exit`, and you greeted it by that name. Is the newline still at the end of the line, or do you
    compare bytes with text? `b"exit" == "exit"` is False, without an error."""
    return "hello exit" in seen.got and not any("exitus" in line for line in seen.wire)


@rule
def exit_by_its_beginning(seen: Evidence) -> bool:
    """The name `exitus` ended the conversation. Compare the whole line with `exit`, not its beginning or a part."""
    return any("sends b'exitus" in line for line in seen.wire[-3:]) and seen.kind in ("ended early", "reset")


@rule
def no_framing(seen: Evidence) -> bool:
    """The line `bob` came in two pieces, or two lines came in one, and you took each piece for a name. One `recv()`
    is no line: collect bytes up to the newline, for instance with `conn.makefile("rb")`."""
    wrong = seen.kind in ("wrong bytes", "ended early") or seen.awaited == "your answer"
    return cuts(seen) and wrong and not seen.raised("UnicodeDecodeError") and due(seen) not in ("", "b'welcome!\\n'")


@rule
def wrong_greeting(seen: Evidence) -> bool:
    """What the client heard is not what was due. The lines are `welcome!` and `hello NAME`, each with a newline and
    nothing else; the name is what the client sent, untouched."""
    return seen.kind == "wrong bytes" and due(seen).startswith("b'")


@rule
def exit_not_closed(seen: Evidence) -> bool:
    """The conversation is over, and the client waits for its end, but the connection is still open. Close it when the
    loop over the lines is left; `with conn:` does it on every path."""
    over = seen.kind == "no end" or (seen.kind == "hung" and seen.awaited.startswith("you to close"))
    stuck = seen.spot is not None and (seen.spot.busy or seen.spot.method in RECEIVING)
    return over and not stuck and not seen.error


# ---------------------------------------------------------------------- diagnoses of the server
@rule
def names_not_answered(seen: Evidence) -> bool:
    """The client said a name, and your function went on to the next line ({line}) without an answer. Send
    `hello NAME` to the client: what you print, it does not hear."""
    silent = seen.got == "it heard nothing" and due(seen).startswith("b'hello ")
    return silent and seen.waits_in(*RECEIVING) and not others_connection.when(seen)


def shut_down(seen: Evidence) -> bool:
    """Whether the listener has been shut down."""
    return "the listener is shut down" in seen.wire


@rule
def others_connection(seen: Evidence) -> bool:
    """The answer to one client went to another one. Your threads share a name that the next `accept()` binds anew.
    Give each thread its own connection: `Thread(target=talk, args=(conn,))`."""
    wrong = seen.kind in ("hung", "wrong bytes", "ended early", "reset") and several(seen)
    return wrong and not shut_down(seen) and any(map(heard_anothers, seen.of("conn")))


def heard_anothers(conn: dict[str, Any]) -> bool:
    """Whether more was sent here than the welcome and, for the short names of these cases, an answer to each."""
    if conn["received"] == 0:
        return bool(conn["sent"] > len(WELCOME))
    return bool(conn["sent"] > 2 * len(WELCOME) + 2.5 * conn["received"])


def several(seen: Evidence) -> bool:
    """Whether more than one client has connected in this case."""
    return sum(line.endswith(" connects") for line in seen.wire) > 1


@rule
def one_at_a_time(seen: Evidence) -> bool:
    """A client waits while your function is busy with another one ({line}). Start a thread for each
    client and go back to `accept()`: `Thread(target=talk, args=(conn,)).start()`, with no call behind `target=`, no
    `run()`, and no `join()` inside the loop."""
    late = sum(line.endswith(" connects") for line in seen.wire) > seen.count("accept")
    main = seen.spot is not None and seen.spot.main and not seen.spot.busy and seen.spot.method != "accept"
    return seen.kind == "hung" and several(seen) and late and main and not shut_down(seen)


@rule
def too_few_at_once(seen: Evidence) -> bool:
    """All these clients are connected, and some of them wait for their welcome: your function serves only so many at
    once. The task sets no limit; a pool of threads has one."""
    return seen.kind == "hung" and f"client {MANY} connects" in seen.wire and seen.awaited == "your answer"


@rule
def closes_the_listener(seen: Evidence) -> bool:
    """You closed the listener. It belongs to the caller, who will shut it down and close it."""
    return seen.count("close", role="listener") > 0


@rule
def shutdown_raises(seen: Evidence) -> bool:
    """The listener was shut down, so `accept` raised OSError, and the caller got {error} ({line}). That OSError is the
    sign to stop: catch it at `accept`, and return."""
    return shut_down(seen) and seen.raised("OSError") and not seen.in_thread


@rule
def waits_for_conversations(seen: Evidence) -> bool:
    """The listener was shut down, and your function waits in `{call}` ({line}) for a client that may stay for ever. Cut
    the conversations that are open (`conn.shutdown(socket.SHUT_RDWR)`) before you join their threads, or do not wait
    for them."""
    return seen.kind == "hung" and shut_down(seen) and not (seen.spot and seen.spot.busy)


@rule
def ignores_the_shutdown(seen: Evidence) -> bool:
    """The listener was shut down, and your function goes on ({line}). Each further `accept` fails at once: leave the
    loop when it raises OSError."""
    return seen.kind == "hung" and shut_down(seen)


@rule
def returns_too_soon(seen: Evidence) -> bool:
    """Your function returned while clients could still come. It stays in its loop around `accept()` until the listener
    is shut down; only the conversations have threads of their own."""
    early = seen.kind in ("returned early", "refused") and seen.count("accept") > 0
    return (seen.got == TOO_SOON or early) and not (seen.error and not seen.in_thread)


@rule
def one_bad_client_ends_all(seen: Evidence) -> bool:
    """One client reset its connection or sent bytes that are no text, and that ended your whole function with {error}
    ({line}): the others wait in vain. What one client does wrong must end its own conversation only."""
    return several(seen) and not seen.in_thread and seen.raised("OSError", "UnicodeDecodeError")


def collected(names: Iterable[Any]) -> tuple[Rule, ...]:
    """Return the rules among a module's own values, in their order."""
    return tuple(value for value in names if isinstance(value, Rule))


RULES = collected(list(globals().values()))
