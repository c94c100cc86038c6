"""Exercise: serve clients one after another, each chunk answered behind the time, until the listener is shut down."""

import contextlib
import itertools
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed, show
from course.checker.scene.peers import Peer

TITLE = "Answer each chunk behind the time, client after client"
HINTS = (
    "Two loops: the outer one accepts clients, the inner one receives what this client says, until `recv` gives `b''`.",
    'Build the answer from bytes: `b"[" + time.ctime().encode() + b"] " + data`. Nothing needs to be decoded.',
    "A client that resets makes `recv` or `sendall` raise ConnectionResetError or BrokenPipeError. Both are kinds of "
    "ConnectionError: catch that around the inner loop, and go on with the next client.",
    "A listener that was shut down makes `accept` raise OSError. `try` around `accept` alone, and "
    "`except OSError: return`; `with conn:` around the inner loop closes the connection on every path.",
)


def solution(listener: socket.socket) -> None:
    """Serve clients one after another: `[time] ` before each chunk; return when the listener is shut down."""
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn, contextlib.suppress(ConnectionError):
            while data := conn.recv(1024):
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)


def check(trial: Trial) -> None:
    """Clients that wait, send what is no text, queue, reset. Pieces of one byte: any `recv(n)` gives them whole."""
    trial.explain(*RULES)
    for name, pieces in ONE_CLIENT.items():
        with trial.case(name) as case:
            listener, answer = serves(case)
            visits(case, case.connect(listener), *pieces)
            stops(case, listener, answer)
    with trial.case("six clients, one after the other; the second calls while the first still talks") as case:
        listener, answer = serves(case)
        waiting = [case.connect(listener, f"{number} client") for number in ("first", "second")]
        for client in waiting:
            visits(case, client, b"A")
        visits(case, case.connect(listener, "third client, which says nothing,"))
        for number in ("fourth", "fifth", "sixth"):
            visits(case, case.connect(listener, f"{number} client"), b"C")
        stops(case, listener, answer)
    with trial.case("one client resets while you wait for it to go on, the next one before you have answered") as case:
        listener, answer = serves(case)
        first, second, third = (case.connect(listener, f"{number} client") for number in ("first", "second", "third"))
        second.sends_at_once(b"B")
        second.ends()
        second.resets()
        first.sends(b"A")
        hears(case, first, b"A")
        first.resets()
        visits(case, third, b"C")
        stops(case, listener, answer)
    with trial.case("an hour passes at each call of time.ctime()") as case:
        listener, answer = serves(case, hours_pass)
        client = case.connect(listener)
        hours = []
        for piece in (b"A", b"B"):
            client.sends(piece)
            hours.append(hears(case, client, piece))
        once = hours[0] == hours[1] != 0  # 0: the answer asks another clock, which goes right
        case.expect(not once, "the second answer bears a later time", SAME_TIME)


def serves(case: Case, via: Callable[..., bool] | None = None) -> tuple[socket.socket, Call]:
    """Start the answer on a listener."""
    listener = case.listener()
    return listener, case.call(listener, via=via or serve)


def visits(case: Case, client: Peer, *pieces: bytes) -> None:
    """The client waits for the answer to each piece, ends its side and hears the end."""
    for piece in pieces:
        client.sends(piece)
        hears(case, client, piece)
    client.ends()
    with in_words(case, f"the {client.name} hears {THE_END}"):
        client.hears_end()


def stops(case: Case, listener: socket.socket, answer: Call) -> None:
    """The listener is shut down: the answer returns, leaves the listener open and no connection."""
    case.shuts_down(listener)
    case.expect(answer.result() is True, "your function leaves the listener to the caller", "the listener is closed")
    case.expect(not any("accept" in thing for thing in answer.left()), "every connection is closed", STILL_OPEN)


def hears(case: Case, client: Peer, data: bytes) -> int:
    """The client hears the time in brackets, then `data`; return how many hours the time is ahead."""
    wanted = f"the {client.name} hears {show(b'[time] ' + data)}"
    known = len(case.clock.wire)
    with in_words(case, wanted):
        client.hears(b"[")
        stamp = client.hears_until(b"] ")[:-2]
    case.clock.wire[known:] = [f"{client.name} hears {timeless(show(b'[' + stamp + b'] '))}"]
    with in_words(case, wanted, "behind the time "):
        client.hears(data)
    heard = timeless(show(b"[" + stamp + b"] " + data))
    case.clock.wire[known:] = [f"{client.name} hears {heard}"]
    ahead = hours_ahead(stamp)
    case.expect(ahead is not None, wanted, f"it heard another time: {heard}")
    return ahead or 0


@contextlib.contextmanager
def in_words(case: Case, wanted: str, behind: str = "") -> Iterator[None]:
    """Keep out of a panel what differs from run to run: the time of day, and how much more had arrived."""
    wire = case.clock.wire
    known = len(wire)
    late = any(" hears b'[time] " in line for line in wire)  # a wrong byte now may be a rest of the answer before
    try:
        yield
    except Failed as failure:
        texts = [timeless(text) for text in (failure.got, *wire[known:])]
        if failure.kind == "wrong bytes" and late and not behind:
            texts = [re.sub(r"(b'\[time\]|b'.*?(?=\[time\])).*", r"\1'", text) for text in texts]
        failure.expected, failure.got, wire[known:] = wanted, behind + texts[0], texts[1:]
        raise


def timeless(text: str) -> str:
    """Return `text` with the time of day, in whatever way it is written, taken out."""
    return re.sub(r"\d[\d.:,-]*", "#", re.sub(CTIME, "time", text))


def hours_ahead(stamp: bytes) -> int | None:
    """Return by how many hours `stamp` is ahead, if it is what time.ctime() gave some seconds ago; else None."""
    now = int(time.time())
    stamps = ((h, time.ctime(now + h * 3600 - s)) for h in range(HOURS) for s in range(-1, 10))
    return next((hours for hours, text in stamps if text.encode() == stamp), None)


# ---------------------------------------------------------------------- in the answer's process
def serve(function: Callable[..., Any], listener: socket.socket) -> bool:
    """Call the function; return whether it left the listener open."""
    function(listener)
    return listener.fileno() != -1


def hours_pass(function: Callable[..., Any], listener: socket.socket) -> bool:
    """Call the function where `time.ctime()` is an hour later at each call, under any name that it has there."""
    real, hours = time.ctime, itertools.count(1)
    places = [(space, name) for space in (vars(time), getattr(function, "__globals__", {})) for name in space]
    places = [(space, name) for space, name in places if space[name] is real]

    def ctime(seconds: float | None = None) -> str:
        return real(time.time() + 3600 * next(hours) if seconds is None else seconds)

    try:
        for space, name in places:
            space[name] = ctime
        return serve(function, listener)
    finally:
        for space, name in places:
            space[name] = real


ONE_CLIENT = {
    "one client says several things, and waits for each answer": [b"A", b"b", b"\n", b" "],
    "one client sends bytes that are no text": [b"\xff"],
}
HOURS = 50  # more than any answer asks for the time in one case
CTIME = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"
THE_END = "the end of the connection"
SAME_TIME, STILL_OPEN = "it bears the same time as the first", "one is still open"


# ---------------------------------------------------------------------- diagnoses
def was_reset(seen: Evidence) -> bool:
    """Whether a client of this case has reset its connection."""
    return any(line.endswith("resets the connection") for line in seen.wire)


@rule
def closes_the_listener(seen: Evidence) -> bool:
    """You closed the listener. It belongs to the caller, who will shut it down and close it: close the connection that
    `accept()` gave you, and nothing else."""
    return seen.count("close", role="listener") > 0


@rule
def reset_stops_the_server(seen: Evidence) -> bool:
    """One client reset its connection, and that ended the whole server: the next client waits in vain. A reset shows as
    ConnectionResetError or BrokenPipeError in `recv` or `sendall`; both are kinds of ConnectionError. Catch it for
    this client alone, and accept the next one."""
    stopped = seen.kind in ("returned early", "ended early", "reset", "refused")
    return was_reset(seen) and (seen.raised("ConnectionError") or stopped)


@rule
def reset_not_closed(seen: Evidence) -> bool:
    """A client reset its connection, and your function went on without closing its own end. Close it on this path too;
    `with conn:` does it on every path."""
    return seen.got == STILL_OPEN and was_reset(seen)


@rule
def shut_down_not_closed(seen: Evidence) -> bool:
    """The clients heard the end, but a socket that `accept()` gave you is still open. `shutdown` ends a conversation;
    only `close` gives the file descriptor back."""
    return seen.got == STILL_OPEN


@rule
def answers_the_end(seen: Evidence) -> bool:
    """The client has ended, and you answered once more. `recv()` gave `b''`: that is the end of the stream, and no
    message. Check for it before you answer, and leave the loop there."""
    return seen.kind == "wrong bytes" and seen.expected.endswith(THE_END)


@rule
def bytes_formatted_as_text(seen: Evidence) -> bool:
    """The answer holds `b'` and quotes: bytes were put into text, with `%s`, an f-string or `str()`, and that writes
    their repr. Put bytes and bytes together: `b"[" + … + b"] " + data`."""
    return "b'" in seen.got.partition("heard b")[2] and seen.got.startswith("behind the time")


@rule
def changes_the_bytes(seen: Evidence) -> bool:
    """Behind the time comes something else than the client sent. Send the bytes back untouched, spaces and newlines
    too; they need not be text."""
    return seen.got.startswith("behind the time") and not seen.error


@rule
def adds_something(seen: Evidence) -> bool:
    """The first answer was right, and then came more bytes than were due. Send the time and the client's own bytes, and
    nothing behind them, no newline either."""
    before = any(" hears b'[time] " in line for line in seen.wire)
    bare = seen.got.removeprefix("it heard b'")  # the piece itself: then only the time is missing
    return seen.kind == "wrong bytes" and before and not seen.expected.endswith(f"] {bare}")


@rule
def wrong_format(seen: Evidence) -> bool:
    """The answer is not written as the task asks: a bracket, the time, a bracket, *one* space, and the bytes."""
    part = seen.kind == "hung" and seen.got.endswith("and nothing more")
    return (seen.kind == "wrong bytes" or part) and seen.awaited in ("", "your answer")


@rule
def wrong_time(seen: Evidence) -> bool:
    """What stands in the brackets is not the time as `time.ctime()` writes it, such as `Fri Nov 20 21:04:05 2026`."""
    return seen.got.startswith("it heard another time")


@rule
def time_taken_once(seen: Evidence) -> bool:
    """All answers bear the same time, though the clock went on. Ask for the time in the inner loop, for each answer."""
    return seen.got == SAME_TIME


@rule
def not_closed(seen: Evidence) -> bool:
    """The client has ended, and your function is back in `{call}` ({line}) without having closed the connection: the
    client waits for its end, and the socket stays in CLOSE-WAIT. Close it when `recv()` gives `b''`."""
    return seen.waits_in("accept") and seen.awaited.startswith("you to close")


@rule
def shutdown_raises(seen: Evidence) -> bool:
    """The listener was shut down, so `accept` raised OSError, and the caller got {error} ({line}). That OSError is the
    sign to stop: catch it at `accept`, and return."""
    return seen.raised("OSError", "RuntimeError", "ValueError") and seen.last_failing("accept") == "EINVAL"


@rule
def ignores_the_shutdown(seen: Evidence) -> bool:
    """The listener was shut down, and your function goes on ({line}). Each further `accept` fails at once: leave the
    loop when it raises OSError."""
    return seen.kind == "hung" and seen.wire[-1:] == ("the listener is shut down",)


@rule
def serves_too_few(seen: Evidence) -> bool:
    """Your function returned while clients still came. It serves one after another, however many they are, until the
    listener is shut down."""
    return seen.kind in ("returned early", "refused") and not seen.error and seen.count("accept") > 0


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
