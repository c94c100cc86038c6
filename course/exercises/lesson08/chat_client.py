"""Exercise: the client of a chat room, which sends and shows at the same time."""

import ast
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.process.encoding import Opaque
from course.checker.scene.failure import Failed, show
from course.checker.scene.peers import Peer
from course.checker.told.evidence import RECEIVING
from course.exercises.lesson08 import Bell, bell

TITLE = "A client for the chat room"
HINTS = (
    "Two things wait at once: `lines`, for a person, and `recv`, for the server. Let a thread receive and show, and "
    "the function itself send.",
    'In the thread, `for line in sock.makefile("r", encoding="utf-8", newline="\\n")` gives whole lines until '
    "the server ends. Take the newline off before you call `show`.",
    "After `exit`, or when `lines` has run out, wait for the thread with `join()`: the server may still have something "
    "to say. Before that, `shutdown(socket.SHUT_WR)` tells it that you have said all.",
    "When the server is gone, `sendall` raises a kind of OSError, and so may `recv` and `shutdown`. Each of them "
    "means: it is over. Catch it in both threads.",
)


def solution(address: tuple[str, int], name: str, lines: Iterator[str], show: Callable[[str], object]) -> None:
    """Be `name` in the room at `address`: send `lines` as they come, and show what arrives meanwhile."""

    def hear() -> None:
        with contextlib.suppress(OSError), sock.makefile("r", encoding="utf-8", newline="\n") as arriving:
            for line in arriving:
                show(line.removesuffix("\n"))

    with socket.create_connection(address) as sock:
        hearing = threading.Thread(target=hear)
        hearing.start()
        with contextlib.suppress(OSError):
            sock.sendall(f"{name}\n".encode())
            for line in lines:
                sock.sendall(f"{line}\n".encode())
                if line == "exit":
                    break
            else:
                sock.shutdown(socket.SHUT_WR)
        hearing.join()


def check(trial: Trial) -> None:
    """What is sent; what is shown and when; the ends of `lines`, of the conversation and of the server."""
    trial.explain(*RULES)
    for name, (lines, scene, shown) in SCENES.items():
        with trial.case(name) as case, client(case, lines) as ann:
            scene(case, ann)
            ann.ends(shown)


class Client:
    """The answer at work: what it is given to send, and what it shows."""

    def __init__(self, case: Case, lines: Sequence[str], person: Bell, voice: Bell) -> None:
        self.case, self.server = case, case.server()
        self.call = case.call(self.server.address, list(lines), person.wait, voice.ring, via=talks)
        self._person, self._voice = person, voice
        self._buffer = b""

    def comes(self) -> Peer:
        """It connects and says its name."""
        server = self.server.accepts()
        server.hears(b"ann\n")
        return server

    def types(self) -> None:
        """The person types: `lines` goes on to give what it has."""
        self.case.clock.log("somebody types")
        self._person.ring()

    def shows(self, server: Peer, piece: bytes, *lines: str) -> None:
        """The server sends a piece, which completes these lines; they are shown now, while `lines` waits."""
        server.sends(piece)
        for line in lines:
            wanted = f"{line!r} is shown when it has come"
            try:
                self.case.clock.until(lambda: b"\n" in self._heard())
            except Failed as failure:
                failure.expected, failure.got = wanted, "it is not shown"
                raise
            one, newline, self._buffer = self._buffer.partition(b"\n")
            if not newline:  # the function has ended
                raise Failed("returned early", wanted, "it is not shown")
            if one.decode() != ascii(line):
                raise Failed("wrong value", wanted, f"{one.decode()} is shown", literal(one), line)

    def _heard(self) -> bytes:
        self._buffer += self._voice.heard()
        return self._buffer

    def ends(self, shown: Sequence[str]) -> None:
        """The function returns, has shown these lines in all, and leaves nothing behind."""
        value = self.call.result()
        if value != list(shown):
            raise Failed("wrong value", f"it shows {show(list(shown))}", f"it shows {show(value)}", value, list(shown))
        self.call.leaves_nothing()


@contextlib.contextmanager
def client(case: Case, lines: Sequence[str]) -> Iterator[Client]:
    """Call the answer with these lines; at `WAIT` it gets no further one until the person types."""
    with bell() as person, bell() as voice:
        yield Client(case, lines, person, voice)


def literal(text: bytes) -> object:
    """Return the value that was shown, of which `text` is the ascii()."""
    try:
        return cast(object, ast.literal_eval(text.decode()))
    except ValueError:
        return Opaque("object", text.decode())


# ---------------------------------------------------------------------- in the answer's process
def talks(
    function: Callable[..., Any],
    address: object,
    lines: list[str],
    wait: Callable[[], object],
    tell: Callable[[bytes], object],
) -> list[Any]:
    """Call the function; return what it showed, and tell each when it is shown. `wait()` waits for the person."""
    shown: list[Any] = []

    def give() -> Iterator[str]:
        for line in lines:
            if line == WAIT:
                wait()
            else:
                yield line

    def show_one(*line: Any) -> None:
        shown.append(line[0] if len(line) == 1 else line)
        tell(ascii(shown[-1]).encode() + b"\n")

    function(address, "ann", give(), show_one)
    return list(shown)


# ---------------------------------------------------------------------- scenes
def silent(case: Case, ann: Client) -> None:
    """The server only listens."""
    server = ann.comes()
    server.hears("hello\nhow are you, Zoë?\nexit\n".encode())
    server.hears_nothing(0.03)
    server.leaves()


def busy_room(case: Case, ann: Client) -> None:
    """Others speak before anything is typed."""
    server = ann.comes()
    ann.shows(server, b"* bob is online\n", "* bob is online")
    ann.shows(server, b"bob: hi\n", "bob: hi")
    ann.types()
    server.hears(b"hello\nexit\n")
    server.leaves()


def in_pieces(case: Case, ann: Client) -> None:
    """Lines cut anywhere, and several in one piece."""
    server = ann.comes()
    server.sends(b"bob: h")
    ann.shows(server, b"i\nbob: Zo\xc3", "bob: hi")
    ann.shows(server, b"\xab\n", "bob: Zo\u00eb")
    ann.shows(server, b"\n  two spaces \nbob: \xe4\xb8\xad\n", "", "  two spaces ", "bob: \u4e2d")
    ann.types()
    server.hears(b"exit\n")
    server.leaves()


def after_exit(case: Case, ann: Client) -> None:
    """The server says something after the client's exit."""
    server = ann.comes()
    server.hears(b"exit\n")
    case.clock.rest()
    server.sends(b"bob: bye\n", b"* goodbye\n")
    server.leaves()


def after_the_end(case: Case, ann: Client) -> None:
    """The server hears the end of the client's side, and says something after that."""
    server = ann.comes()
    server.hears(b"hello\n")
    server.hears_end()
    server.sends(b"bob: wait\n", b"bob: too late\n")
    server.leaves()


def leaves(case: Case, ann: Client) -> None:
    """The server goes away while nothing is typed."""
    server = ann.comes()
    ann.shows(server, b"* the room closes\n", "* the room closes")
    server.leaves()
    case.clock.rest()
    ann.types()


def resets(case: Case, ann: Client) -> None:
    """The server's program crashes while nothing is typed."""
    server = ann.comes()
    ann.shows(server, b"bob: hi\n", "bob: hi")
    server.resets()
    case.clock.rest()
    ann.types()


WAIT = "(nothing is typed for a while)"
Scene = tuple[tuple[str, ...], Callable[[Case, Client], None], tuple[str, ...]]
SCENES: dict[str, Scene] = {
    "a name, two lines and exit; the server says nothing": (
        ("hello", "how are you, Zo\u00eb?", "exit", "never sent"),
        silent,
        (),
    ),
    "others speak before anything is typed": ((WAIT, "hello", "exit"), busy_room, ("* bob is online", "bob: hi")),
    "lines arrive in pieces, and several in one piece": (
        (WAIT, "exit"),
        in_pieces,
        ("bob: hi", "bob: Zo\u00eb", "", "  two spaces ", "bob: \u4e2d"),
    ),
    "after exit the server has more to say": (("exit",), after_exit, ("bob: bye", "* goodbye")),
    "the lines run out, and the server has more to say": (("hello",), after_the_end, ("bob: wait", "bob: too late")),
    "the server ends the connection while nothing is typed": (
        (WAIT, "is", "anybody", "there"),
        leaves,
        ("* the room closes",),
    ),
    "the server resets the connection while nothing is typed": (
        (WAIT, "is", "anybody", "there"),
        resets,
        ("bob: hi",),
    ),
}


# ---------------------------------------------------------------------- diagnoses
def first_difference(seen: Evidence) -> tuple[Any, Any]:
    """Return the first thing shown that was not due, with what was; None where one of them is missing."""
    if seen.kind != "wrong value":
        return None, None
    if not isinstance(seen.wanted, list):
        return seen.value, seen.wanted
    shown = seen.value if isinstance(seen.value, list) else []
    for place in range(max(len(shown), len(seen.wanted))):
        one, other = (things[place] if place < len(things) else None for things in (shown, seen.wanted))
        if one != other:
            return one, other
    return None, None


def sent(seen: Evidence, text: str) -> bool:
    """Whether the server has sent something that begins with this."""
    return any(f" sends {text}" in line for line in seen.wire)


@rule
def no_newline(seen: Evidence) -> bool:
    """The server waits for the end of your line. Each line that you send ends with a newline, the name too."""
    return seen.expected.endswith("hears b'ann\\n'") and seen.got.startswith("it heard b'ann") and "\\n" not in seen.got


@rule
def waits_for_an_answer(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for an answer before it sends the next line. A room does not answer:
    send each line as it comes, and receive in another thread."""
    return seen.waits_in(*RECEIVING) and seen.awaited == "your answer" and bool(seen.spot and seen.spot.main)


@rule
def name_in_each_line(seen: Evidence) -> bool:
    """You put the name in front of a line. The first line says it, once; the server puts it in front of the others."""
    return seen.kind == "wrong bytes" and "ann" in seen.got.removeprefix("it heard b'ann\\n")


@rule
def name_not_sent(seen: Evidence) -> bool:
    """The first line that the server hears is the name. You sent something else, or nothing."""
    return seen.expected.endswith("hears b'ann\\n'")


@rule
def sends_after_exit(seen: Evidence) -> bool:
    """You sent another line after `exit`. That was the last one: leave the loop there."""
    return seen.kind == "wrong bytes" and "never" in seen.got


@rule
def exit_not_sent(seen: Evidence) -> bool:
    """The server did not hear `exit`. It is a line like any other: send it, and then send nothing more."""
    return "exit\\n'" in seen.expected and "exit" not in seen.got


@rule
def other_bytes_sent(seen: Evidence) -> bool:
    """The server heard something else than the lines in UTF-8, each with a newline. Compare the two lines above."""
    return seen.kind == "wrong bytes"


@rule
def server_gone_raises(seen: Evidence) -> bool:
    """The server was gone, and your function raised {error} ({line}, in `{at}`). Here that is an end like any other:
    catch OSError around sending and receiving, in both threads, and return."""
    return seen.raised("OSError")


@rule
def pieces_decoded(seen: Evidence) -> bool:
    """Decoding failed ({line}): the piece ends inside a character, whose other bytes are still to come. Find the whole
    line first, and decode that."""
    return seen.raised("UnicodeDecodeError")


@rule
def shows_pieces(seen: Evidence) -> bool:
    """You showed what one `recv` gave. That may be a part of a line, or several lines: show each when its newline has
    come."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and (due.startswith(shown + "i") or "\n" in shown[:-1])


@rule
def shows_bytes(seen: Evidence) -> bool:
    """You showed bytes. A person reads text: decode each line."""
    return isinstance(first_difference(seen)[0], bytes)


@rule
def keeps_the_newline(seen: Evidence) -> bool:
    """You showed a line with its newline. It belongs to the wire: take it off."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and shown == due + "\n"


@rule
def strips(seen: Evidence) -> bool:
    """You took more off a line than its newline: `strip()` takes all white space. Take off the newline alone."""
    shown, due = first_difference(seen)
    return isinstance(shown, str) and isinstance(due, str) and shown.strip() == due.strip()


@rule
def skips_empty_lines(seen: Evidence) -> bool:
    """An empty line came, and you did not show it, or took it for the end. Only `b''` from `recv` is the end."""
    return first_difference(seen)[1] == "" or "'' is shown" in seen.expected


@rule
def not_shown_meanwhile(seen: Evidence) -> bool:
    """A line has come and was not shown: your function waits elsewhere ({line}), for the next of `lines`. Receive in a
    thread of its own, from the beginning."""
    return "is shown when it has come" in seen.expected and seen.kind == "hung" and not sent(seen, "b'bob: h'")


@rule
def waits_for_more(seen: Evidence) -> bool:
    """A line is complete, and it was not shown: your function waits for more ({line}). Show each line when its newline
    has come."""
    return "is shown when it has come" in seen.expected and seen.kind == "hung"


@rule
def no_half_close(seen: Evidence) -> bool:
    """`lines` has run out, and the server waits to hear so ({line}). Say it with `shutdown(socket.SHUT_WR)`, and go on
    to hear."""
    return seen.kind in ("hung", "no end") and seen.awaited.startswith("you to close")


@rule
def last_words_lost(seen: Evidence) -> bool:
    """The server said something after your `exit`, or after the end of `lines`, and it was not shown. Do not close yet:
    show what comes until the server has closed."""
    shown, due = first_difference(seen)
    return shown is None and due is not None and bool(seen.wire)


@rule
def stays_when_all_is_over(seen: Evidence) -> bool:
    """The server has closed, and your function waits on ({line}). The end of the stream ends it: `recv` gives `b''`."""
    over = any(line.endswith(("closes the connection", "resets the connection")) for line in seen.wire)
    return over and seen.kind == "hung" and bool(seen.spot and not seen.spot.busy)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
