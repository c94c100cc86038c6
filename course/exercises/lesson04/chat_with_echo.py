"""Exercise: a client for people: line by line, replies in any pieces, until an empty line or the server's end."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed, show
from course.checker.scene.peers import Peer

TITLE = "Talk with a server, line by line"
HINTS = (
    'A reply is over at its newline, and only there. Keep calling `recv` until `b"\\n"` is in what you have.',
    "Decode the whole reply, not its pieces: TCP may cut a character in two. Then take off the newline, nothing else.",
    "`recv` gives `b''` when the server has ended. When it was reset, `sendall` or `recv` raises a kind of "
    "`ConnectionError`. In both cases: stop, and return how many replies you have shown.",
    "`with socket.create_connection(address) as client, contextlib.suppress(ConnectionError):`, inside it "
    "`for line in lines:`, and the `return` after both.",
)


def solution(address: tuple[str, int], lines: Iterator[str], show: Callable[[str], object]) -> int:
    """Send each line, show each reply; return how many were shown when lines, or the server, came to an end."""
    shown = 0
    with socket.create_connection(address) as client, contextlib.suppress(ConnectionError):
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                data = client.recv(1024)
                if not data:
                    return shown
                reply += data
            show(reply[:-1].decode())
            shown += 1
    return shown


def check(trial: Trial) -> None:
    """Replies of all lengths in all pieces; an empty line; servers that end or reset, in a reply's place or after."""
    trial.explain(*RULES)
    for name, (lines, replies) in TALKS.items():
        with trial.case(name) as case:
            call, server = calls(case, lines)
            converses(server, lines, replies)
            server.hears_end()
            ends(call, [b"".join(reply)[:-1].decode() for reply in replies], len(replies) + ("" in lines))
    for name, leave in LEAVES.items():
        with trial.case(f"in place of the second reply the server {name}") as case:
            call, server = calls(case, ["one", "two", "three"])
            converses(server, ["one"], [[b"ONE\n"]])
            server.hears(b"two\n")
            leave(server)
            ends(call, ["ONE"], 2)
        with trial.case(f"before your next line the server {name}") as case, gate() as (wait, open_it):
            call, server = calls(case, ["one", "two", "three"], wait)
            converses(server, ["one"], [[b"ONE\n"]])
            leave(server)
            open_it()
            ends(call, ["ONE"], 2)
    with trial.case("there is no line at all") as case:
        call = case.call(case.server().address, [], nothing, via=talks)
        ends(call, [], 0)


def calls(case: Case, lines: list[str], wait: Callable[[], object] | None = None) -> tuple[Call, Peer]:
    """The function is called with a new server's address, and connects."""
    server = case.server()
    call = case.call(server.address, lines, wait or nothing, via=talks)
    return call, server.accepts()


def converses(server: Peer, lines: list[str], replies: list[list[bytes]]) -> None:
    """The server hears each line and sends its reply, in these pieces."""
    for line, pieces in zip(lines, replies, strict=False):
        server.hears(line.encode() + b"\n")
        server.sends(*pieces)


def ends(call: Call, replies: list[str], taken: int) -> None:
    """The function has shown these replies, has taken so many lines, each in its time, and returned how many."""
    value, shown, early, took = talk_of(call.result())
    if shown != replies:
        raise Failed("wrong value", f"it shows {show(replies)}", f"it shows {show(shown)}", shown, replies)
    if took != taken:
        raise Failed("broken", f"it takes {taken} of the lines", f"it takes {took}")
    if early:
        raise Failed("broken", TAKES_IN_TURN, "it takes them before")
    if value != len(replies) or isinstance(value, bool):
        raise Failed("wrong value", f"it returns {len(replies)}", f"it returned {show(value)}", value, len(replies))
    call.leaves_nothing()


def talk_of(result: Any) -> tuple[object, list[object], bool, int]:
    """Take apart what `talks` returned."""
    value, shown, early, took = result
    return value, shown, early, took


# ---------------------------------------------------------------------- in the answer's process
def talks(function: Callable[..., Any], address: object, lines: list[str], wait: Callable[[], object]) -> object:
    """Call the function; return its value, what it showed, whether it took a line too soon, and how many it took.

    `wait()` is called before the second line is given.
    """
    shown: list[object] = []
    before: list[int] = []  # for each line that was taken, how many replies had been shown

    def give() -> Iterator[str]:
        for number, line in enumerate(lines):
            before.append(len(shown))
            if number == 1:
                wait()
            yield line

    def show_one(*reply: object) -> None:
        shown.append(reply[0] if len(reply) == 1 else reply)

    value = function(address, give(), show_one)
    return value, shown, any(count < number for number, count in enumerate(before)), len(before)


def nothing() -> None:
    """Wait for nothing."""


@contextlib.contextmanager
def gate() -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Yield two functions: `wait`, for the answer's process, ends when `open_it` was called here."""
    reading, writing = os.pipe()
    try:
        yield lambda: os.read(reading, 1), lambda: os.write(writing, b"!")
    finally:
        os.close(reading)
        os.close(writing)


LEAVES: dict[str, Callable[[Peer], None]] = {"ends the connection": Peer.leaves, "resets it": Peer.resets}
TALKS = {
    "three lines, three replies": (["one", "two", "three"], [[b"ONE\n"], [b"TWO\n"], [b"THREE\n"]]),
    "an empty line ends it": (["hello", "", "never sent"], [[b"HELLO\n"]]),
    "replies come in pieces, and a character is cut in two": (
        ["Zo\u00eb", "4 words, please"],
        [[b"Zo\xc3", b"\xab\n"], [b"one ", b"two ", b"three ", b"four\n"]],
    ),
    "one reply is long, one has spaces at its ends, one is empty": (
        ["a", "b", "c", "d"],
        [[b"0123456789" * 500 + b"\n"], [b"  B \t\n"], [b"\n"], [b"D\n"]],
    ),
}
TAKES_IN_TURN = "it takes each line when the reply to the one before is shown"


# ---------------------------------------------------------------------- diagnoses
def shown_to(seen: Evidence) -> tuple[list[Any], list[Any]]:
    """Return what was shown and what was due, where these differ; else two empty lists."""
    if seen.kind == "wrong value" and isinstance(seen.value, list) and isinstance(seen.wanted, list):
        return seen.value, seen.wanted
    return [], []


def first_difference(seen: Evidence) -> tuple[Any, Any]:
    """Return the first thing shown that was not due, with what was; None where one of them is missing."""
    shown, due = shown_to(seen)
    for place in range(max(len(shown), len(due))):
        one, other = (things[place] if place < len(things) else None for things in (shown, due))
        if one != other:
            return one, other
    return None, None


@rule
def no_newline(seen: Evidence) -> bool:
    """The server waits for the end of your line, and you wait for its reply ({line}). A line ends with a newline: send
    one after it."""
    return seen.kind == "hung" and seen.awaited == "your answer" and seen.sent() == len("one")


@rule
def never_flushed(seen: Evidence) -> bool:
    """You wait for a reply ({line}), and nothing of your line has reached the server. A file made with `makefile` keeps
    what is written until `flush()` sends it."""
    return seen.kind == "hung" and seen.awaited == "your answer" and seen.sent() == 0


@rule
def waits_after_the_newline(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for more, though the whole reply is there. It is over at its newline: do
    not wait for the end of the stream, or for so many bytes."""
    return seen.kind == "hung" and seen.awaited == "your answer" and seen.sent() >= len("one\n")


@rule
def sends_the_empty_line(seen: Evidence) -> bool:
    """You sent the empty line too. It says that the person has said all: stop without sending it."""
    return seen.kind == "wrong bytes" and seen.got == r"it heard b'\n'"


@rule
def goes_on_after_the_empty_line(seen: Evidence) -> bool:
    """You left the empty line out and sent the next one. It says that the person has said all: stop there."""
    return seen.kind == "wrong bytes" and "never sent" in seen.got


@rule
def other_bytes_sent(seen: Evidence) -> bool:
    """The server heard something else than the line in UTF-8 with a newline after it. Compare the two lines above."""
    return seen.kind == "wrong bytes"


@rule
def reset_not_caught(seen: Evidence) -> bool:
    """Your function raised {error} ({line}, in `{at}`). The server was gone: here that is an end like any other. Catch
    `ConnectionError` around sending and receiving, and return what you have counted."""
    return seen.raised("ConnectionError")


@rule
def lines_is_an_iterator(seen: Evidence) -> bool:
    """{message} ({line}). `lines` is an iterator: it has no length and no places. Take from it with `for line in lines`
    or `next(lines)`."""
    return seen.raised("TypeError") and "generator" in seen.error["message"]


@rule
def takes_lines_too_soon(seen: Evidence) -> bool:
    """You took a line before the reply to the last one was shown. A person types the next line after reading that
    reply: take one line at a time from `lines`."""
    return seen.expected == TAKES_IN_TURN


@rule
def reads_past_the_end(seen: Evidence) -> bool:
    """You took another line though the talk was over: it ends at the empty line, or when the server is gone. The person
    would have typed for nobody."""
    return seen.kind == "broken" and seen.got.startswith("it takes ")


@rule
def never_shows(seen: Evidence) -> bool:
    """You never called `show`. Give each reply to it: `show(reply)`. (`print` is what a caller may pass, or not.)"""
    shown, due = shown_to(seen)
    return bool(due) and not shown


@rule
def shows_bytes(seen: Evidence) -> bool:
    """You showed bytes. A person reads text: `decode()` the reply first."""
    return isinstance(first_difference(seen)[0], bytes)


@rule
def keeps_the_newline(seen: Evidence) -> bool:
    """You showed the reply with its newline. It belongs to the wire: take it off."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and shown == due + "\n"


@rule
def shows_the_question(seen: Evidence) -> bool:
    """You showed what you had sent. Show what came back: this server answers in capitals."""
    return first_difference(seen) in (("one", "ONE"), ("hello", "HELLO"))


@rule
def empty_reply_is_no_end(seen: Evidence) -> bool:
    """You stopped at an empty reply. Its newline came, so it is a reply like any other: only `b''` from `recv` is the
    end."""
    stopped = seen.cut_off and any(line.endswith(r"sends b'\n'") for line in seen.wire[-2:])
    return stopped or (bool(shown_to(seen)[1]) and first_difference(seen)[1] == "")


@rule
def strips(seen: Evidence) -> bool:
    """You took more off the reply than its newline: spaces at its ends are gone. `strip()` takes all white space; take
    off the last character alone."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and shown != due and shown.strip() == due.strip()


@rule
def part_of_a_reply(seen: Evidence) -> bool:
    """You showed a part of a reply as if it were all. One `recv` gives what has arrived so far, at most as many bytes
    as you ask for: go on until the newline has come."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and due.startswith(shown)


@rule
def loses_replies(seen: Evidence) -> bool:
    """A reply came and was never shown. Show each when its newline has come, also the last one."""
    shown, due = first_difference(seen)
    return shown is None and due is not None


@rule
def half_closes_too_soon(seen: Evidence) -> bool:
    """You said with `shutdown` that you will send no more, and then there was more to say. A newline ends a line, and
    nothing needs to be said after it."""
    return seen.cut_off and seen.count("shutdown") > 0


@rule
def one_connection(seen: Evidence) -> bool:
    """You made a new connection for the next line, and the server waits for it on the first. One connection carries the
    whole talk: connect once, before the loop."""
    return seen.cut_off and len(seen.of("client")) > 1


@rule
def stops_too_soon(seen: Evidence) -> bool:
    """You closed the connection though there were more lines. Go on until an empty line, the end of `lines`, or the
    server's end."""
    return seen.cut_off


@rule
def shows_the_end(seen: Evidence) -> bool:
    """You showed something when the server was gone. `b''` from `recv` is no reply: stop there."""
    shown, due = first_difference(seen)
    return shown is not None and due is None


@rule
def counts_lines(seen: Evidence) -> bool:
    """You returned how many lines you took or sent. Count the replies that you have shown: the last line may have
    none."""
    wanted = seen.wanted if isinstance(seen.wanted, int) else -1
    return seen.kind == "wrong value" and isinstance(seen.value, int) and seen.value in (wanted + 1, wanted + 2)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
