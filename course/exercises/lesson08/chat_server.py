"""Exercise: the whole chat room, with members of every kind."""

import contextlib
import selectors
import socket
from collections.abc import Callable

from course.checker import Case, Trial
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed
from course.checker.scene.peers import Peer
from course.checker.scene.queues import unread
from course.exercises.lesson06.hello_server import serve
from course.exercises.lesson08 import RULES
from course.exercises.lesson08.relay import unscaled
from netlib.messages import Lines, PeerError

TITLE = "A chat room"
HINTS = (
    "Two ways lead there. A thread for each member: a dictionary of names under a lock, and in each thread a loop over "
    "whole lines. Or one thread with `selectors`: for each member what has come and is no line yet.",
    "Do in one place what ends a conversation, whatever ended it: take the name out, tell the others `* NAME is down`, "
    "close the socket. A refused name has never been in: nobody is told.",
    "Sending must not wait. `sock.send(data, socket.MSG_DONTWAIT)` takes what there is room for; put out who has no "
    "room. With threads, `SO_SNDTIMEO` limits the wait; then put that member out, or each line waits again.",
    "`accept` raises OSError when the listener was shut down. Then shut down every connection, which ends the threads "
    "that wait in `recv`, and return.",
)


class Members:
    """All that are connected, each with its name, and the lines that come from it. Nobody is waited for."""

    def __init__(self, ready: selectors.BaseSelector) -> None:
        self.ready = ready
        self.names: dict[socket.socket, str] = {}  # "" before it is known
        self.lines: dict[socket.socket, Lines] = {}

    def add(self, sock: socket.socket) -> None:
        """Let somebody in, who has no name yet."""
        sock.setblocking(False)
        self.names[sock], self.lines[sock] = "", Lines()
        self.ready.register(sock, selectors.EVENT_READ)

    def hear(self, sock: socket.socket) -> None:
        """Take what has come from one of them."""
        try:
            for line in self.lines[sock].feed(sock.recv(65536)):
                if sock in self.names:
                    self.take(sock, line)
        except (OSError, PeerError):
            self.leave(sock)
        if self.lines[sock].ended:
            self.leave(sock)

    def take(self, sock: socket.socket, line: str) -> None:
        """Do what one line asks for."""
        name = self.names[sock]
        if not name and line in self.names.values():
            self.leave(sock, b"* that name is taken\n")
        elif not name:
            self.names[sock] = line
            self.tell_others(sock, f"* {line} is online")
        elif line == "exit":
            self.leave(sock)
        else:
            self.tell_others(sock, f"{name}: {line}")

    def leave(self, sock: socket.socket, why: bytes = b"") -> None:
        """Let one go, in whatever way it left. A second time: nothing."""
        name = self.names.pop(sock, None)
        if name is not None:
            self.ready.unregister(sock)
            with sock, contextlib.suppress(OSError):
                sock.send(why)
        if name:
            self.tell_others(sock, f"* {name} is down")

    def tell_others(self, sock: socket.socket, text: str) -> None:
        """Send a line to all but one. Who has no room for it does not read, and goes."""
        data = text.encode() + b"\n"
        for other in [other for other, name in self.names.items() if name and other is not sock]:
            try:
                kept = other.send(data) == len(data)
            except OSError:
                kept = False
            if not kept:
                self.leave(other)


def solution(listener: socket.socket) -> None:
    """Run a chat room until `listener` is shut down, in one thread."""
    with selectors.DefaultSelector() as ready:
        ready.register(listener, selectors.EVENT_READ)
        members = Members(ready)
        while True:
            for key, _ in ready.select():
                sock = key.fileobj
                if sock in members.names:
                    members.hear(sock)
                elif sock is listener:
                    try:
                        members.add(listener.accept()[0])
                    except OSError:
                        for sock in members.names:
                            sock.close()
                        return


def check(trial: Trial) -> None:
    """Names, lines, notices, ends of every kind; one who does not read; a shutdown with members present."""
    trial.explain(*RULES)
    for name, scene in SCENES.items():
        with trial.case(name, seconds=unscaled(LONGEST)) as case:
            listener, answer = opens(case)
            closes(case, listener, answer, scene(case, listener))


# ---------------------------------------------------------------------- scenes
def opens(case: Case) -> tuple[socket.socket, Call]:
    """Start the answer on a listener whose connections have small buffers."""
    listener = case.listener()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    return listener, case.call(listener, via=serve)


def enter(case: Case, listener: socket.socket, *names: str, receive_buffer: int | None = None) -> list[Peer]:
    """Let members come, one after the other; who is there hears of it."""
    room: list[Peer] = []
    for name in names:
        newcomer = case.connect(listener, name, receive_buffer)
        newcomer.sends(name.encode() + b"\n")
        settled(case, newcomer)
        for member in room:
            member.hears(f"* {name} is online\n".encode())
        room.append(newcomer)
    return room


def settled(case: Case, peer: Peer) -> None:
    """The answer has read what this peer sent, and has done what it does with it."""
    case.clock.until(lambda: not unread(peer.sock))
    case.clock.rest()


def closes(case: Case, listener: socket.socket, answer: Call, room: list[Peer]) -> None:
    """The listener is shut down: until then the answer has served; now it closes everybody, and returns."""
    answer.pump()
    case.expect(answer.running or answer.died, "your function serves until the listener is shut down", TOO_SOON)
    case.shuts_down(listener)
    for member in room:
        hears_the_end(case, member)
        member.leaves()
    case.expect(answer.result() is True, "your function leaves the listener to the caller", "the listener is closed")


def hears_the_end(case: Case, member: Peer) -> None:
    """The connection is over. What still came before that, and how much, is open: it does not show."""
    known = len(case.clock.wire)
    try:
        member.gone()
    except Failed as failure:
        failure.got = "the connection is still open"
        raise
    finally:
        del case.clock.wire[known:]
    case.clock.log(f"{member.name} hears the end")


def talk(case: Case, listener: socket.socket) -> list[Peer]:
    """Lines there and back; one says exit, another ends its side; a third comes meanwhile."""
    ann, bob = enter(case, listener, "ann", "bob")
    ann.sends(b"hello bob\n")
    bob.hears(b"ann: hello bob\n")
    bob.sends(b"exit is a word\n")
    ann.hears(b"bob: exit is a word\n")
    bob.sends(b"exit\n")
    bob.hears_end()
    bob.leaves()
    ann.hears(b"* bob is down\n")
    tim = case.connect(listener, "tim")
    tim.sends(b"tim\n")
    ann.hears(b"* tim is online\n")
    ann.ends()
    ann.hears_end()
    ann.leaves()
    tim.hears(b"* ann is down\n")
    return [tim]


def three(case: Case, listener: socket.socket) -> list[Peer]:
    """Each speaks, both others hear it, and nobody hears themself."""
    room = enter(case, listener, "ann", "bob", "eve")
    for speaker in (*room, room[0]):
        speaker.sends(b"it is me\n")
        for member in room:
            if member is not speaker:
                member.hears(f"{speaker.name}: it is me\n".encode())
    return room


def in_pieces(case: Case, listener: socket.socket) -> list[Peer]:
    """Lines cut anywhere, and several in one piece."""
    (bob,) = enter(case, listener, "bob")
    ann = case.connect(listener, "ann")
    ann.sends(b"an", b"n\nhi\n")
    bob.hears(b"* ann is online\nann: hi\n")
    ann.sends(b"Zo\xc3", b"\xab, are y")
    bob.hears_nothing(0.03)
    ann.sends(b"ou there?\nand ", b"you?\n")
    bob.hears("ann: Zoë, are you there?\nann: and you?\n".encode())
    ann.sends(b"goodbye\nexit\n")
    bob.hears(b"ann: goodbye\n* ann is down\n")
    ann.hears_end()
    ann.leaves()
    return [bob]


def taken(case: Case, listener: socket.socket) -> list[Peer]:
    """Somebody takes a name that is in use; later it is free."""
    ann, bob = enter(case, listener, "ann", "bob")
    rival = case.connect(listener, "rival")
    rival.sends(b"ann\n")
    rival.hears(b"* that name is taken\n")
    rival.hears_end()
    rival.leaves()
    case.clock.rest()
    ann.sends(b"still me\n")
    bob.hears(b"ann: still me\n")
    ann.sends(b"exit\n")
    bob.hears(b"* ann is down\n")
    ann.hears_end()
    ann.leaves()
    again = case.connect(listener, "ann again")
    again.sends(b"ann\n")
    bob.hears(b"* ann is online\n")
    return [bob, again]


def resets(case: Case, listener: socket.socket) -> list[Peer]:
    """A member's program crashes, and somebody leaves before saying a name."""
    ann, bob, eve = enter(case, listener, "ann", "bob", "eve")
    bob.resets()
    for member in (ann, eve):
        member.hears(b"* bob is down\n")
    shy = case.connect(listener, "somebody")
    shy.leaves()
    case.clock.rest()
    goes_on(ann, eve)
    return [ann, eve]


def no_text(case: Case, listener: socket.socket) -> list[Peer]:
    """A member sends what is no UTF-8."""
    ann, bob, eve = enter(case, listener, "ann", "bob", "eve")
    bob.sends(b"\xff\xfe\n")
    return put_out(case, bob, ann, eve)


def no_end(case: Case, listener: socket.socket) -> list[Peer]:
    """A member sends and sends, and no newline."""
    ann, bob, eve = enter(case, listener, "ann", "bob", "eve")
    bob.sends_at_once(b"x" * 70_000)
    return put_out(case, bob, ann, eve)


def put_out(case: Case, bob: Peer, *others: Peer) -> list[Peer]:
    """Bob is out, the others hear so and go on."""
    for member in others:
        member.hears(b"* bob is down\n")
    hears_the_end(case, bob)
    bob.leaves()
    goes_on(*others)
    return [*others]


def goes_on(ann: Peer, eve: Peer) -> None:
    """Two talk with each other."""
    ann.sends(b"are you there?\n")
    eve.hears(b"ann: are you there?\n")
    eve.sends(b"I am\n")
    ann.hears(b"eve: I am\n")


def one_sleeps(case: Case, listener: socket.socket) -> list[Peer]:
    """Bob does not read. Ann speaks, and Eve hears every line; whether Bob is put out is open, and when."""
    ann, eve = enter(case, listener, "ann", "eve")
    bob = case.connect(listener, "bob", receive_buffer=4096)
    bob.sends(b"bob\n")
    for member in (ann, eve):
        member.hears(b"* bob is online\n")
    bob.stops_reading()
    case.clock.log("ann says one long line after the other, each when eve has heard the last one")
    for number in range(LINES):
        ann.sends_at_once(b"%04d" % number + LINE)
        case.clock.wire.pop()
        hears_but_for_bob(case, eve, b"ann: ", b"%04d" % number + LINE)
    eve.sends(b"I heard it all\n")
    hears_but_for_bob(case, ann, b"eve: ", b"I heard it all\n")
    bob.leaves()
    return [ann, eve]


def hears_but_for_bob(case: Case, member: Peer, name: bytes, line: bytes) -> None:
    """The member hears this line, and perhaps before it that Bob is down: when that is, is chance."""
    known = len(case.clock.wire)
    try:
        begin = member.hears_until(b" ")
        if begin == b"* ":
            member.hears(b"bob is down\n")
            begin = member.hears_until(b" ")
        if begin != name:
            raise Failed("wrong bytes", got=f"it heard {begin!r} at the beginning of one")
        member.hears(line)
    except Failed as failure:
        failure.expected = f"the {member.name} hears each line of the other one"
        failure.got = "the next line does not come" if failure.kind == "hung" else failure.got
        del case.clock.wire[known:]
        raise
    del case.clock.wire[known:]


def shut(case: Case, listener: socket.socket) -> list[Peer]:
    """Two members are there, and one who has not said a name."""
    room = [*enter(case, listener, "ann", "bob"), case.connect(listener, "somebody")]
    room[-1].sends(b"zo")
    settled(case, room[-1])
    return room


SCENES: dict[str, Callable[[Case, socket.socket], list[Peer]]] = {
    "two members talk; one says exit, one ends": talk,
    "three members speak one after the other": three,
    "lines come in pieces, and several in one piece": in_pieces,
    "somebody takes a name that is in use": taken,
    "one of three resets the connection, and somebody leaves without a name": resets,
    "one of three sends bytes that are no UTF-8": no_text,
    "one of three sends 70,000 bytes and no newline": no_end,
    "one of three does not read, and another says forty long lines": one_sleeps,
    "the listener is shut down while two members are there, and one who has no name yet": shut,
}
LINES, LINE, LONGEST = 40, b"x" * 3996 + b"\n", 2.5
TOO_SOON = "it returned before that"
