"""The common diagnoses, in the order in which they are asked: the first that holds is the one that is shown.

Each is recognised by what the answer did (its exceptions, calls, bytes and waits), never by its text: learners
vary names, add prints and use `with` or `try`. An exercise's own rules are asked before these. The docstring of
a rule is what the learner reads; the words in braces come from `Evidence.words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from course.checker.process.encoding import Opaque
from course.checker.told.evidence import RECEIVING, SENDING, Evidence, Rule, rule
from course.checker.told.handed_in import HANDED_IN, UNRUN
from course.checker.told.verdict import Diagnosis

EMPTY_BRACKET = re.compile(r" \((?:: ?)?\)")  # the error was caught, or the function had returned: no line to name
MANY_ENDS = 20  # a loop that leaves at the end of the stream meets b'' once; some read it twice


def diagnose(seen: Evidence, own: Sequence[Rule] = ()) -> Diagnosis:
    """Return the one diagnosis of a failed case."""
    for candidate in (*UNRUN, *own, *COMMON):
        if candidate.when(seen):
            text = _without_message(candidate.text) if not seen.words()["message"].strip() else candidate.text
            return Diagnosis(candidate.name, EMPTY_BRACKET.sub("", text.format_map(seen.words())))
    return Diagnosis("unexplained", "The case did not go as it should; the lines above say what was seen.")


def _without_message(template: str) -> str:
    """Let an exception that has no text be named alone: no colon is left before nothing."""
    for colon in ("{error}: {message}", "{line}: {message}"):
        template = template.replace(colon, colon.partition(":")[0])
    return template.replace("{message}", "{error}")


# ---------------------------------------------------------------------- sockets
@rule
def args_no_tuple(seen: Evidence) -> bool:
    """A thread of yours died before its first line: the `args` that you gave it are no tuple. A comma makes one, not
    the brackets: `args=(conn,)`."""
    text = str(seen.error.get("message", ""))
    return seen.in_thread and seen.raised("TypeError") and "argument after * must be an iterable" in text


@rule
def thread_died(seen: Evidence) -> bool:
    """A thread of yours died: {error}: {message} ({place}). Whoever waits for it waits in vain."""
    return bool(seen.error) and seen.in_thread


@rule
def lock(seen: Evidence) -> bool:
    """Your function waits for a lock ({line}): {reason}."""
    return bool(seen.spot and seen.spot.lock)


@rule
def listener_io(seen: Evidence) -> bool:
    """You sent or received on the listening socket. It only accepts: talk through the new socket that `accept()`
    returns."""
    errors = ("ENOTCONN", "EPIPE")
    return any(seen.count(*RECEIVING, *SENDING, role="listener", error=error) for error in errors)


@rule
def no_end_check(seen: Evidence) -> bool:
    """`recv()` gave `b''` again and again, and your loop went on ({line}). `b''` is the end of the stream: leave the
    loop there."""
    return seen.kind == "hung" and any(sock["ends_seen"] > MANY_ENDS for sock in seen.sockets)


@rule
def pair_not_unpacked(seen: Evidence) -> bool:
    """`accept()` gives a pair: the connection and the address of the other end. Take it apart:
    `conn, address = listener.accept()`."""
    message = seen.error.get("message", "")
    return seen.raised("AttributeError") and message.startswith("'tuple' object") and seen.count("accept") > 0


@rule
def own_listener(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) on a listener of its own. The client connects to the one that was
    given to it."""
    return seen.waits_in("accept") and bool(seen.spot and seen.spot.socket.get("made")) and bool(seen.awaited)


@rule
def accept_in_loop(seen: Evidence) -> bool:
    """Your function waits in `accept()` for another client ({line}), while the one it has is still connected.
    Accept once for each client, before the loop over its messages."""
    return seen.waits_in("accept") and bool(seen.awaited) and any(sock["open"] for sock in seen.of("conn"))


@rule
def accepts_again(seen: Evidence) -> bool:
    """Your function is back in `accept()` ({line}), and nobody else will come: the task ends before that."""
    return seen.waits_in("accept") and seen.count("accept") > 0


@rule
def one_recv(seen: Evidence) -> bool:
    """You called `recv()` once. One `recv()` gives what has arrived so far, not all that will come: call it in a
    loop until it gives `b''`."""
    part = seen.kind == "wrong value" and isinstance(seen.value, bytes) and bool(seen.value)
    return (seen.cut_off or part) and seen.count(*RECEIVING) == 1 and seen.received() > 0


@rule
def hung_up_first(seen: Evidence) -> bool:
    """You closed the connection before you had read anything from it."""
    return seen.cut_off and seen.received() == 0 and seen.count("accept", "connect", "connect_ex") > 0


@rule
def answers_too_late_or_never(seen: Evidence) -> bool:
    """Your function goes on reading ({line}) and has not answered yet, while the other end waits for an answer
    before it says more. Answer each piece as it comes."""
    conn = seen.spot.socket if seen.spot else {}
    late = seen.waits_in(*RECEIVING) and seen.awaited == "your answer"
    return late and conn.get("sent") == 0 and int(conn.get("received", 0)) > 0


@rule
def closed_the_listener(seen: Evidence) -> bool:
    """You closed the listening socket, but not the connection that `accept()` gave you: the other end still waits
    for its end. They are two sockets."""
    return seen.kind == "no end" and seen.count("close", role="listener") > 0


@rule
def not_closed(seen: Evidence) -> bool:
    """Your function has returned, but the connection is still open, and the other end waits for its end. Close
    the socket that `accept()` or `connect()` gave you."""
    return seen.kind == "no end"


@rule
def keeps_open(seen: Evidence) -> bool:
    """The other end has said all it will and waits for you to close, but your function is still in `{call}`
    ({line})."""
    spot = seen.spot
    return seen.kind == "hung" and seen.awaited.startswith("you to close") and bool(spot and not spot.busy)


@rule
def closed_unread(seen: Evidence) -> bool:
    """The other end was reset: you closed the connection while bytes from it were still unread, and the kernel
    then sends RST instead of an orderly end."""
    return seen.kind == "reset" and seen.awaited.startswith("you to close") and not seen.error


@rule
def not_listening(seen: Evidence) -> bool:
    """A client could not connect: the listener is closed, or its queue is full."""
    return seen.kind == "refused" and not seen.error


@rule
def left_behind(seen: Evidence) -> bool:
    """After your function had returned this was left: {left}. Close what you open, on every path; `with` does
    it for you."""
    return seen.kind == "left"


# ---------------------------------------------------------------------- how it ended, or did not
@rule
def quits(seen: Evidence) -> bool:
    """Your function called `sys.exit()` or `quit()` ({line}): that ends the whole program. Use `return` to end the
    function."""
    return seen.raised("SystemExit")


@rule
def crashed(seen: Evidence) -> bool:
    """The answer's process died of a signal, {signal} ({line}): something below Python crashed."""
    return seen.exit is not None and seen.exit < 0


@rule
def left_unable(seen: Evidence) -> bool:
    """Your function changed something for its whole process, and after that nothing can go on there: {unable}. Undo
    what it changes (limits, descriptors that are not its own), or do not change it."""
    return bool(seen.unable)


@rule
def exits(seen: Evidence) -> bool:
    """Your function ended the whole process (exit code {exit}), as `os._exit()` does. Use `return` to end the
    function."""
    return seen.exit is not None


@rule
def raised(seen: Evidence) -> bool:
    """Your function raised {error}: {message} ({place})."""
    return bool(seen.error)


@rule
def spins(seen: Evidence) -> bool:
    """Your function was still busy in `{call}` ({line}) when its time was up. It does not wait for anything: it
    computes without end."""
    return bool(seen.spot and seen.spot.busy)


@rule
def hangs(seen: Evidence) -> bool:
    """Your function was still waiting in `{call}` ({line}): {reason}."""
    return seen.kind == "hung"


# ---------------------------------------------------------------------- what came of it
@rule
def ended_too_soon(seen: Evidence) -> bool:
    """Your side ended the conversation before all was said."""
    return seen.cut_off


@rule
def wrong_bytes(seen: Evidence) -> bool:
    """What your function sent is not what was due. Compare the two lines above, byte by byte."""
    return seen.kind == "wrong bytes"


@rule
def not_raised(seen: Evidence) -> bool:
    """Your function returned where the task asks for an exception."""
    return seen.kind == "not raised"


@rule
def of_another_type(seen: Evidence) -> bool:
    """Your function returned a value of type `{type}`, and one of type `{wanted_type}` was due. They may look alike;
    the caller needs the type that the task names."""
    return seen.kind == "wrong value" and seen.wanted is not None and isinstance(seen.value, Opaque)


@rule
def wrong_value(seen: Evidence) -> bool:
    """The value that your function returned is not the one that was due. Compare the two lines above."""
    return seen.kind == "wrong value"


@rule
def not_as_asked(seen: Evidence) -> bool:
    """One thing that the task asks for did not hold: see the two lines above."""
    return seen.kind == "broken"


COMMON = (*HANDED_IN, *(value for value in list(globals().values()) if isinstance(value, Rule)))
