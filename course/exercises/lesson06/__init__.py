"""The hello conversation, for the three exercises that hold it: what its clients do, and what is diagnosed of it."""

import socket
from collections.abc import Iterable
from typing import Any

from course.checker import Case, Evidence, Rule, rule
from course.checker.scene.peers import Peer
from course.checker.told.evidence import RECEIVING

WELCOME = b"welcome!\n"


def calls(case: Case, listener: socket.socket, name: str) -> Peer:
    """A client connects, which a learner reads of as "client ann"."""
    return case.connect(listener, f"client {name}")


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
    ann, bob, eve = (calls(case, listener, name) for name in ("ann", "bob", "eve"))
    for client in (ann, bob, eve):
        client.hears(WELCOME)
    for client in (eve, bob, ann, eve):
        asks(client, client.name.removeprefix("client "))
    for client in (bob, eve, ann):
        says_exit(client)


def goes_on(case: Case, listener: socket.socket) -> None:
    """One client resets before it is greeted, one sends no text; two others go on."""
    ann, bob = (calls(case, listener, name) for name in ("ann", "bob"))
    greeted(ann, "ann")
    bob.hears(WELCOME)
    bob.sends(b"bob\n")
    bob.resets()
    eve = calls(case, listener, "eve")
    eve.hears(WELCOME)
    eve.sends(b"\xff\xfe\n")
    asks(ann, "ann again")
    fay = calls(case, listener, "fay")
    greeted(fay, "fay")
    eve.leaves()
    for client in (fay, ann):
        says_exit(client)


def comes_back(case: Case, listener: socket.socket) -> None:
    """Another client comes when the first has left: a server that serves one only is found out here, each time."""
    following = case.connect(listener, "next client")
    following.hears(WELCOME)
    says_exit(following)


ONE_CLIENT = {
    "one client says two names and exit": two_names,
    "one client ends without a word": ends_at_once,
    "lines come in pieces, and two in one piece": in_pieces,
}


# ---------------------------------------------------------------------- diagnoses
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


@rule
def names_not_answered(seen: Evidence) -> bool:
    """The client said a name, and your function went on to the next line ({line}) without an answer. Send
    `hello NAME` to the client: what you print, it does not hear."""
    silent = seen.got == "it heard nothing" and due(seen).startswith("b'hello ")
    return silent and seen.waits_in(*RECEIVING)


@rule
def one_line_only(seen: Evidence) -> bool:
    """You answered one line, and then the conversation was over. A client says as many names as it likes: loop over its
    lines until `exit` or the end."""
    once = sum(" hears b'hello " in line for line in seen.wire) == 1
    return seen.cut_off and once and due(seen).startswith("b'hello ") and not cuts(seen)


@rule
def answers_the_end(seen: Evidence) -> bool:
    """The client has ended, or said `exit`, and you sent one more answer. `readline()` and `recv()` give `b''` at the
    end, and that is no name."""
    return seen.kind == "wrong bytes" and seen.expected.endswith("the end of the connection")


def several(seen: Evidence) -> bool:
    """Whether more than one client has connected in this case."""
    return sum(line.endswith(" connects") for line in seen.wire) > 1


def collected(names: Iterable[Any]) -> tuple[Rule, ...]:
    """Return the rules among a module's own values, in their order."""
    return tuple(value for value in names if isinstance(value, Rule))


CONVERSATION = collected(list(globals().values()))
