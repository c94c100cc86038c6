"""Exercise: the hello conversation, never with more clients than so many at once; the others wait their turn."""

import contextlib
import socket
import threading

from course.checker import Case, Evidence, Trial, rule
from course.checker.scene.peers import Peer
from course.checker.told.evidence import RECEIVING
from course.exercises.lesson06 import WELCOME, asks, calls, collected, due, greeted, hello_server, in_pieces, says_exit
from course.exercises.lesson06.hello_server import serves, stops

TITLE = "Greet clients, but never more than so many at once"
HINTS = (
    "Begin with your `hello_server`. `threading.Semaphore(at_most)` holds the places, and `with places:` takes one and "
    "gives it back, however the block ends.",
    "Take the place in the client's own thread, before the welcome. Then the loop around `accept` never waits for a "
    "place, and notices the shutdown.",
    "A client that resets, or sends no UTF-8, must give its place back too: keep the whole conversation, its errors "
    "included, inside `with places:`.",
)


def solution(listener: socket.socket, at_most: int) -> None:
    """Greet clients, `at_most` of them at once; return when the listener is shut down."""
    places = threading.Semaphore(at_most)

    def talk(conn: socket.socket) -> None:
        with conn, places, conn.makefile("rb") as lines, contextlib.suppress(OSError, UnicodeDecodeError):
            conn.sendall(b"welcome!\n")
            for line in lines:
                name = line.decode().removesuffix("\n")
                if name == "exit":
                    return
                conn.sendall(f"hello {name}\n".encode())

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()


def check(trial: Trial) -> None:
    """Fewer clients than places, more of them, one that gives up, one that breaks off, a shutdown of a full house."""
    trial.explain(*RULES)
    for (name, at_most), scene in SCENES.items():
        with trial.case(name) as case:
            listener, answer = serves(case, at_most)
            scene(case, listener)
            stops(case, listener, answer)


def no_crowd(case: Case, listener: socket.socket) -> None:
    """One client after another."""
    in_pieces(calls(case, listener, "ann"))
    bob = calls(case, listener, "bob")
    greeted(bob, "bob")
    bob.ends()
    bob.hears_end()


def crowd(case: Case, listener: socket.socket) -> None:
    """Two places for four clients: whoever waits comes in when somebody leaves."""
    ann, bob = (served(case, listener, name) for name in ("ann", "bob"))
    eve, fay = (calls(case, listener, name) for name in ("eve", "fay"))
    waits(case, eve, fay)
    says_exit(bob)
    following = first_of(case, eve, fay)
    last = fay if following is eve else eve
    waits(case, last)
    asks(ann, "ann again")
    for client in (following, ann):
        says_exit(client)
    greeted(last, "last")
    says_exit(last)


def gives_up(case: Case, listener: socket.socket) -> None:
    """A client leaves before it has got a place."""
    ann = served(case, listener, "ann")
    bob = calls(case, listener, "bob")
    waits(case, bob)
    bob.leaves()
    eve = calls(case, listener, "eve")
    says_exit(ann)
    greeted(eve, "eve")
    says_exit(eve)


def breaks_off(case: Case, listener: socket.socket) -> None:
    """Two clients leave their place in other ways than by `exit`."""
    ann = calls(case, listener, "ann")
    greeted(ann, "ann")
    ann.resets()
    bob = calls(case, listener, "bob")
    bob.hears(WELCOME)
    bob.sends(b"\xff\xfe\n")
    bob.leaves()
    eve = calls(case, listener, "eve")
    greeted(eve, "eve")
    says_exit(eve)


def full_house(case: Case, listener: socket.socket) -> None:
    """One has the only place, and one waits."""
    served(case, listener, "ann")
    bob = calls(case, listener, "bob")
    waits(case, bob)


SCENES = {
    ("one place, and one client after another", 1): no_crowd,
    ("two places, and four clients", 2): crowd,
    ("one place; a client that waits for it gives up, and another one waits on", 1): gives_up,
    ("one place; its client resets, the next one sends bytes that are no UTF-8 and leaves", 1): breaks_off,
    ("the listener is shut down while one client has the only place and another one waits", 1): full_house,
}


def served(case: Case, listener: socket.socket, name: str) -> Peer:
    """Let a client call and be greeted. Only then may the next call: of two at once, either thread may come first."""
    client = calls(case, listener, name)
    greeted(client, name)
    return client


def waits(case: Case, *clients: Peer) -> None:
    """The clients wait for a place: nobody welcomes them, and nobody hangs up."""
    for client in clients:
        client.hears_nothing(0.05)
        case.expect(not over(client), f"{client.name} waits for a place", TURNED_AWAY)


def first_of(case: Case, one: Peer, other: Peer) -> Peer:
    """Return which of two clients that wait gets the place that is free now: the task does not say which."""
    case.clock.until(lambda: welcomed(one) or welcomed(other))
    following = other if welcomed(other) and not welcomed(one) else one
    following.hears(WELCOME)
    return following


def welcomed(client: Peer) -> bool:
    """Whether something has come for this client, an end or a reset too."""
    try:
        client.sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    return True


def over(client: Peer) -> bool:
    """Whether the connection has ended."""
    try:
        return client.sock.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


TURNED_AWAY = "the connection is over"


@rule
def no_limit(seen: Evidence) -> bool:
    """A client was welcomed though all places were taken. Count the conversations: a `threading.Semaphore(at_most)`
    that is taken before the welcome and given back at the end of the conversation."""
    return seen.kind == "wrong bytes" and seen.expected.endswith("hears nothing yet") and "welcome" in seen.got


@rule
def fewer_than_allowed(seen: Evidence) -> bool:
    """There was a free place, and the client that waits did not get it. With `at_most` of 2, two clients talk at
    the same time. Is the limit one too low, or does the loop talk itself?"""
    no_welcome = seen.sent() == 0 and seen.waits_in(*RECEIVING)
    return hangs(seen) and not left(seen) and not no_welcome


@rule
def turned_away(seen: Evidence) -> bool:
    """A client that found all places taken was turned away. It is to wait its turn: keep its connection, and welcome it
    when a place is free."""
    return seen.got == TURNED_AWAY or (seen.kind in ("ended early", "reset") and due(seen) == "b'welcome!\\n'")


@rule
def waits_for_a_place(seen: Evidence) -> bool:
    """The listener was shut down, and your function waits ({line}) for a place that may never be free: so it does
    not come back to `accept()`, which would tell it. Let each client's own thread wait for the place, or wait with
    a time-out and look again."""
    waiting = seen.kind == "hung" and hello_server.shut_down(seen) and bool(seen.spot and not seen.spot.busy)
    return waiting and seen.last_failing("accept") != "EINVAL"  # with it, the function has come back to accept()


@rule
def place_not_given_back(seen: Evidence) -> bool:
    """A client has left, and its place was not given back: the next one waits for ever. Give it back on every path, an
    error's too: `with places:` around the whole conversation does it."""
    return hangs(seen) and left(seen)


def hangs(seen: Evidence) -> bool:
    """Whether a client waits for its welcome."""
    return seen.kind == "hung" and seen.awaited == "your answer" and seen.expected.endswith("b'welcome!\\n'")


def left(seen: Evidence) -> bool:
    """Whether a client has left in this case."""
    return any(line.endswith(("resets the connection", "closes the connection", "hears the end")) for line in seen.wire)


RULES = (*collected(list(globals().values())), *hello_server.RULES)
