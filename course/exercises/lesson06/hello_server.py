"""Exercise: the hello conversation, with a thread for each client, until the listener is shut down."""

import socket
import threading
from collections.abc import Callable
from typing import Any

from course.checker import Case, Evidence, Trial, rule
from course.checker.scene.calls import Call
from course.checker.told.diagnoses import listener_io
from course.exercises.lesson06 import (
    CONVERSATION,
    ONE_CLIENT,
    WELCOME,
    at_once,
    collected,
    comes_back,
    goes_on,
    greeted,
    says_exit,
    several,
)

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


MANY = 40  # more than any pool of threads has by default (min(32, processors + 4))
TOO_SOON = "it returned before that"


def serve(function: Callable[..., Any], listener: socket.socket, *more: Any) -> bool:
    """Call the function, in the answer's process; return whether it left the listener open."""
    function(listener, *more)
    return listener.fileno() != -1


# ---------------------------------------------------------------------- diagnoses of the server
def shut_down(seen: Evidence) -> bool:
    """Whether the listener has been shut down."""
    return "the listener is shut down" in seen.wire


@rule
def others_connection(seen: Evidence) -> bool:
    """The answer to one client went to another one. Your threads share a name that the next `accept()` binds anew.
    Give each thread its own connection: `Thread(target=talk, args=(conn,))`."""
    wrong = seen.kind in ("hung", "wrong bytes", "ended early", "reset") and several(seen)
    return wrong and not shut_down(seen) and (not_read(seen) or any(map(heard_anothers, seen.of("conn"))))


def not_read(seen: Evidence) -> bool:
    """Whether one client was read and another one, which was welcomed too, spoke to a connection that nobody reads."""
    spoke = {line.partition(" sends ")[0] for line in seen.wire if " sends " in line}
    read = sum(conn["received"] > 0 for conn in seen.of("conn"))
    return seen.waits_in("accept") and seen.awaited == "your answer" and 0 < read < len(spoke)


def heard_anothers(conn: dict[str, Any]) -> bool:
    """Whether more was sent here than the welcome and, for the short names of these cases, an answer to each."""
    if conn["received"] == 0:
        return bool(conn["sent"] > len(WELCOME))
    return bool(conn["sent"] > 2 * len(WELCOME) + 2.5 * conn["received"])


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
def threads_in_turn(seen: Evidence) -> bool:
    """All clients are accepted, and still one of them waits until another one is done. Which of your threads waits for
    which? A lock that is held across `recv()`, or a whole conversation, lets one client talk at a time; a pool lets
    only so many."""
    accepted = sum(line.endswith(" connects") for line in seen.wire) == seen.count("accept")
    stuck = seen.waits_in("accept") and seen.awaited == "your answer" and not seen.error
    return several(seen) and accepted and stuck and not shut_down(seen)


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


SERVER = tuple(each for each in collected(list(globals().values())) if each is not listener_io)
RULES = (*SERVER, *CONVERSATION, listener_io)
