"""Exercise: pass a line on to everybody else, and let nobody's trouble be another's."""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.process.encoding import Opaque
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed
from course.checker.scene.filling import until_full
from course.checker.scene.peers import Peer
from course.checker.told.evidence import SENDING
from course.exercises.lesson08 import Bell, bell
from netlib.patience import patience

TITLE = "Pass a line on to all the others"
HINTS = (
    "Go over a copy, `list(members)`: another thread may change the set. Leave out the sender, and give each member a "
    "`try` of its own around the sending.",
    "`member.send(rest, socket.MSG_DONTWAIT)` takes what there is room for, and raises BlockingIOError when there is "
    "none, without a change to the socket. What it did not take is still yours: keep the rest for each member.",
    "Keep a dictionary of what each member has still to get. `select.select([], list(rest), [], seconds)` tells who "
    "has room. One deadline, a second from now, for all of them: whoever has something left then has failed.",
)


def solution(sender: socket.socket, members: set[socket.socket], line: bytes) -> set[socket.socket]:
    """Send `line` to every member but `sender`; return those that did not take all of it within a second."""
    rest = {member: line for member in list(members) if member is not sender}
    failed = set()
    deadline = time.monotonic() + 1
    while rest and (left := deadline - time.monotonic()) > 0:
        for member in select.select([], list(rest), [], left)[1]:
            try:
                rest[member] = rest[member][member.send(rest[member], socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                continue
            except OSError:
                failed.add(member)
            if member in failed or not rest[member]:
                del rest[member]
    return failed | set(rest)


def check(trial: Trial) -> None:
    """All well; broken connections; one who reads late; a set that changes meanwhile; many who do not read."""
    trial.explain(*RULES)
    for name, line in LINES.items():
        with trial.case(name) as case:
            room, answer = relays(case, line, ("ann", "bob", "eve", "zoe"))
            returned(answer, room)
            for member in ("bob", "eve", "zoe"):
                room[member].hears(line)
            room["ann"].hears_nothing(0.02)
    with trial.case("two of five members have reset their connections") as case:
        room, answer = relays(case, HELLO, ("ann", "bob", "eve", "tim", "zoe"), broken=("bob", "tim"))
        returned(answer, room, "bob", "tim")
        for member in ("eve", "zoe"):
            room[member].hears(HELLO)
    with trial.case("the line is long, and one member begins to read late") as case:
        room, answer = relays(case, LONG, ("ann", "bob", "zoe"), small=("bob",))
        reads_late(case, room, answer)
    with trial.case("the line is long; while it is on its way to one member, another thread adds a new one") as case:
        with bell() as go, bell() as done:
            room, answer = relays(case, LONG, ("ann", "bob", "zoe"), small=("bob",), change=(go.wait, done.ring))
            reads_late(case, room, answer, lambda: changes(case, go, done))
    with trial.case("the line is long, and six of eight members do not read", seconds=unscaled(LONGEST)) as case:
        room, answer = relays(case, LONG, ("ann", *SLEEPERS, "zoe"), small=SLEEPERS)
        returned(answer, room, *SLEEPERS)
        hears_it_all(case, room["zoe"])


def relays(
    case: Case,
    line: bytes,
    names: Sequence[str],
    broken: Sequence[str] = (),
    small: Sequence[str] = (),
    change: Sequence[Callable[[], object]] = (),
) -> tuple[dict[str, Peer], Call]:
    """Call the function in a room of these members; the first speaks. `small`: the line fits only if they read."""
    socks, room = [], {}
    for name in names:
        sock, room[name] = case.pair(name, sndbuf=4096, rcvbuf=4096) if name in small else case.pair(name)
        socks.append(sock)
    for name in small:
        room[name].stops_reading()
    for name in broken:
        room[name].resets()
    return room, case.call(socks, line, *change, via=calls)


def reads_late(case: Case, room: dict[str, Peer], answer: Call, meanwhile: Callable[[], object] = bool) -> None:
    """Bob reads when there is no room left for him, and everybody gets the line."""
    until_full(case, room["bob"])
    answer.pump()
    if answer.running:
        meanwhile()
        hears_it_all(case, room["bob"])
        returned(answer, room)
    else:
        returned(answer, room)
        hears_it_all(case, room["bob"])
    hears_it_all(case, room["zoe"])


def hears_it_all(case: Case, member: Peer) -> None:
    """The member hears the long line. How much of it, where it does not, is chance and does not show."""
    known = len(case.clock.wire)
    try:
        member.hears(LONG)
    except Failed as failure:
        failure.got = "it heard a part of it"
        case.clock.wire[known:] = [f"{member.name} hears a part of the line"]
        raise


def changes(case: Case, go: Bell, done: Bell) -> None:
    """Let the other thread change the set, and wait until it has."""
    case.clock.log("another thread adds a member")
    go.ring()
    case.clock.until(lambda: bool(done.heard()))


def returned(answer: Call, room: dict[str, Peer], *failed: str) -> None:
    """The function returns the set of these members, and has left all of them as they were."""
    kind, indices, closed, changed, kept = told_of(answer.result())
    names = list(room)
    wanted = f"your function returns {those(failed)}"
    if kind not in ("set", "frozenset"):
        came = "it returned None" if kind == "NoneType" else f"it returned a {kind}"
        raise Failed("wrong value", wanted, came, None if kind == "NoneType" else Opaque(kind, kind), failed)
    got = tuple(names[index] if index >= 0 else "something else" for index in indices)
    if set(got) != set(failed):
        raise Failed("wrong value", wanted, f"it returned {those(got)}", sorted(got), sorted(failed))
    for index in closed:
        raise Failed("broken", OPEN, f"the socket of {names[index]} is closed")
    for index in changed:
        raise Failed("broken", BLOCKING, f"the socket of {names[index]} has a time-out or does not block")
    if not kept:
        raise Failed("broken", KEPT, "the set has changed")


def those(names: Sequence[str]) -> str:
    """Name members in words."""
    return "the set of " + ", ".join(sorted(names)) if names else "the empty set"


def told_of(result: Any) -> tuple[str, list[int], list[int], list[int], bool]:
    """Take apart what `calls` returned."""
    kind, indices, closed, changed, kept = result
    return kind, indices, closed, changed, kept


def unscaled(seconds: float) -> float:
    """Return what is `seconds` at least, whatever the patience: the answer's own clock knows nothing of that."""
    return seconds / min(1.0, patience(1.0))


# ---------------------------------------------------------------------- in the answer's process
def calls(function: Callable[..., Any], socks: list[socket.socket], line: bytes, *change: Callable[[], object]) -> Any:
    """Call the function; return the type of its value, whom it names, and what it did to sockets and set.

    With `change`, another thread adds a member: it calls the first, adds, and calls the second.
    """
    members, newcomer = set(socks), contextlib.ExitStack()
    with newcomer:
        if change:
            threading.Thread(target=add_member, args=(members, newcomer, *change), daemon=True).start()
        value = function(socks[0], members, line)
    failed = list(value) if isinstance(value, set | frozenset) else []
    indices = sorted(next((i for i, sock in enumerate(socks) if sock is one), -1) for one in failed)
    closed = [index for index, sock in enumerate(socks) if sock.fileno() == -1]
    changed = [index for index, sock in enumerate(socks) if index not in closed and not blocks(sock)]
    return type(value).__name__, indices, closed, changed, members >= set(socks)


def add_member(
    members: set[socket.socket],
    newcomer: contextlib.ExitStack,
    wait: Callable[[], object],
    tell: Callable[[], object],
) -> None:
    """Add a member to the set when it is time, and tell."""
    wait()
    here, there = socket.socketpair()
    newcomer.enter_context(here)
    newcomer.enter_context(there)
    members.add(here)
    tell()


def blocks(sock: socket.socket) -> bool:
    """Whether the socket waits without a limit: in Python's eyes, and in the kernel's."""
    return sock.gettimeout() is None and os.get_blocking(sock.fileno())


HELLO = b"ann: hello\n"
LONG = b"ann: " + b"0123456789" * 2000 + b"\n"
LINES = {"four members, and a short line": HELLO, "four members, and a line that is no UTF-8": b"ann: \xff\xfe\n"}
SLEEPERS = ("bob", "eve", "fay", "joe", "kim", "tim")
LONGEST = 3.0  # the task's own limit
OPEN, BLOCKING, KEPT = "it closes nobody", "all sockets block, as before", "`members` stays as it is"


# ---------------------------------------------------------------------- diagnoses
@rule
def set_changed(seen: Evidence) -> bool:
    """{message} ({line}). Another thread added a member while you went over the set. Go over a copy: `list(members)`,
    made at the beginning."""
    return seen.raised("RuntimeError") and "changed size" in seen.error.get("message", "")


@rule
def one_error_ends_all(seen: Evidence) -> bool:
    """Sending to one member raised {error} ({line}), and that ended the whole call: the others get nothing. Give each
    member a `try` of its own, and put it into the set that you return."""
    return seen.raised("OSError") and not seen.in_thread


@rule
def one_after_the_other(seen: Evidence) -> bool:
    """Six members do not read, and you wait for one after the other: each has a limit, and all together take too long.
    One deadline for all, and `select` to learn who has room; or a thread each."""
    itself = any(word in seen.words()["call"] for word in ("send", "select", "poll", "sleep"))  # not for a thread's end
    return seen.kind == "hung" and itself and any(seen.count(*SENDING, error=e) > 0 for e in ("TimeoutError", "EAGAIN"))


@rule
def waits_for_one(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for a member that does not read. It may never read. Set a limit of about
    a second, one for the whole call: `SO_SNDTIMEO` limits each `send` in `sendall` anew."""
    return seen.kind == "hung" and bool(seen.spot and not seen.spot.busy)


@rule
def to_the_sender_too(seen: Evidence) -> bool:
    """The sender heard its own line. Leave it out: `if member is not sender`."""
    return seen.kind == "wrong bytes" and seen.expected.startswith("the ann hears nothing")


@rule
def returns_no_set(seen: Evidence) -> bool:
    """Your function returned another type than a set. The caller wants the members for whom it failed, as a set; the
    empty one is `set()`, and `{{}}` is a dictionary."""
    return seen.kind == "wrong value" and isinstance(seen.value, Opaque)


@rule
def gives_up_at_once(seen: Evidence) -> bool:
    """Bob had no room for the whole line when you sent, and you gave him up at once. He reads a moment later. Keep the
    rest of the line for him, and wait for room: up to a second."""
    return seen.kind == "wrong value" and seen.value == ["bob"] and seen.wanted == []


@rule
def part_of_the_line(seen: Evidence) -> bool:
    """Bob got the beginning of the line, and you did not count him among those who failed. `send` says how much it
    took: send the rest when there is room."""
    return seen.cut_off and seen.expected.startswith("the bob hears")


@rule
def failures_not_told(seen: Evidence) -> bool:
    """Members failed, and they are not in the set that you returned."""
    return seen.kind == "wrong value" and isinstance(seen.value, list) and set(seen.value) < set(cast(Any, seen.wanted))


@rule
def returns_the_others(seen: Evidence) -> bool:
    """You returned members that have got the line. The caller wants those for whom it *failed*."""
    return seen.kind == "wrong value" and isinstance(seen.value, list)


@rule
def closes_members(seen: Evidence) -> bool:
    """You closed a member's socket. Whose socket it is decides that: say in the returned set who failed, no more."""
    return seen.kind == "broken" and seen.expected == OPEN


@rule
def changes_sockets(seen: Evidence) -> bool:
    """A member's socket has a time-out now, or does not block. Another thread waits in `recv` on that socket, and would
    be ended by your time-out. `MSG_DONTWAIT`, a flag of `send`, changes one call only."""
    return seen.kind == "broken" and seen.expected == BLOCKING


@rule
def changes_the_set(seen: Evidence) -> bool:
    """You took members out of `members`. It belongs to the caller: return who failed, and leave the set as it is."""
    return seen.kind == "broken" and seen.expected == KEPT


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
