"""Exercise: send all bytes on a socket that never waits, and wait for room without spinning."""

import contextlib
import errno
import select
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call, ForkedCall
from course.checker.scene.failure import Failed, show
from course.checker.scene.filling import until_full
from course.checker.scene.peers import Peer

TITLE = "Send everything on a non-blocking socket"
HINTS = (
    "`sent = sock.send(data)` takes what there is room for, and says how much that was. The rest, `data[sent:]`, is "
    "still yours.",
    "When there is no room at all, `send` raises BlockingIOError. Catch it, and wait for room: "
    "`select.select([], [sock], [])` returns when the socket can take more.",
    "Wait first, send then: `while data:`, `select.select([], [sock], [])`, `data = data[sock.send(data):]`. Remember "
    "the whole length before you cut.",
    "Catch BlockingIOError and nothing wider: a reset is an OSError too, and belongs to the caller.",
)


def solution(sock: socket.socket, data: bytes) -> int:
    """Send all of `data` on the non-blocking `sock`; return how many bytes that were."""
    rest = memoryview(data)
    while rest:
        select.select([], [sock], [])
        rest = rest[sock.send(rest) :]
    return len(data)


def check(trial: Trial) -> None:
    """Little, nothing, much; a peer that begins to read late; a peer that resets while there is no room."""
    trial.explain(*RULES)
    for name, data in LITTLE.items():
        with trial.case(name) as case:
            sends(case, data)
    with trial.case("64,000 bytes, small buffers, and a peer that begins to read when there is no room left") as case:
        sends(case, MUCH, late=True)
    with trial.case("64,000 bytes, small buffers, and a peer that reads all the time") as case:
        sends(case, MUCH)
    with trial.case("the peer does not read, and resets the connection when there is no room left") as case:
        sock, peer = small_pair(case)
        answer = case.call(sock, MUCH)
        peer.stops_reading()
        until_full(case, peer)
        peer.resets()
        try:
            answer.raises(OSError)
        except Failed as failure:
            failure.got = "it returned" if failure.kind == "not raised" else failure.got  # how much is chance
            raise


def sends(case: Case, data: bytes, late: bool = False) -> None:
    """The function sends `data`: the peer hears it once, and the function returns its length."""
    sock, peer = small_pair(case)
    answer = case.call(sock, data, via=watched)
    if late:
        peer.stops_reading()
        until_full(case, peer)
        case.expect(not spins(case, answer), "your function waits until there is room", SPINS)
    heard = hears_all(case, peer, len(data) < len(MUCH))
    if heard != data:
        got = told(heard, data)
        case.clock.wire[-1] = f"peer hears {got} and the end"
        raise Failed("wrong value", f"the peer hears {show(data)}", f"it heard {got}", heard, data)
    value, blocked, in_vain = cast(tuple[object, bool, int], answer.result())
    case.expect(in_vain < OFTEN, "your function waits until there is room", SPINS)
    case.expect(not blocked, "the socket stays non-blocking all the while", BLOCKED)
    if type(value) is not int or value != len(data):
        got = "another number" if type(value) is int and value else show(value)
        raise Failed("wrong value", f"your function returns {len(data)}", f"it returned {got}", value, len(data))


def hears_all(case: Case, peer: Peer, exact: bool) -> bytes:
    """Hear everything to the end. Unless `exact`, a failure does not tell how many bytes came: that is chance."""
    known = len(case.clock.wire)
    try:
        return peer.hears_all()
    except Failed as failure:
        if not exact:
            failure.got = "it heard no end"
            case.clock.wire[known:] = ["peer hears no end"]
        raise


def told(heard: bytes, data: bytes) -> str:
    """Say what came in place of `data`; not how many bytes of much, for where a `send` was cut is chance."""
    if len(data) < len(MUCH):
        return show(heard)
    return "the beginning of it" if data.startswith(heard) else "other bytes"


def small_pair(case: Case) -> tuple[socket.socket, Peer]:
    """A non-blocking socket with small buffers, and its peer."""
    sock, peer = case.pair(sndbuf=4096, rcvbuf=4096)
    sock.setblocking(False)
    return sock, peer


def spins(case: Case, answer: Call) -> bool:
    """Whether a thread of the answer stays ready to run, and never goes to sleep, while nothing changes.

    Its processor time would not tell on a busy machine: who wakes up for an instant may have to queue for long.
    """
    if not isinstance(answer, ForkedCall):  # a replay: the function runs here, where others run too
        return False
    still, end = awake(answer.process.pid), time.monotonic() + MOMENT

    def decided() -> bool:
        nonlocal still
        still &= awake(answer.process.pid)
        return not still or time.monotonic() > end

    case.clock.until(decided)
    return answer.running and bool(still)


def awake(pid: int) -> set[tuple[str, str]]:
    """Return (thread, how often it has gone to sleep) for each thread of the process that is ready to run.

    From /proc/PID/task/TID/status: `State` and `voluntary_ctxt_switches` (proc(5)); empty where there is none.
    """
    found = set()
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            status = (task / "status").read_text()
            if "\nState:\tR" in status:
                found.add((task.name, status.partition("\nvoluntary_ctxt_switches:")[2].split()[0]))
    return found


# ---------------------------------------------------------------------- in the answer's process
def watched(function: Callable[..., Any], sock: socket.socket, data: bytes) -> tuple[object, bool, int]:
    """Call the function, then end this side; return its value, if a socket was made to wait, and tries in vain.

    In vain are the calls of `send` for which there was no room.
    """
    blocked: list[bool] = []
    in_vain = 0
    methods = {name: getattr(socket.socket, name) for name in ("setblocking", "settimeout", "send")}

    def noting(name: str) -> Callable[..., Any]:
        def wrapper(any_socket: socket.socket, value: Any, *more: Any) -> Any:
            nonlocal in_vain
            blocked.append(name != "send" and (value is None or value > 0))
            try:
                return methods[name](any_socket, value, *more)
            except BlockingIOError:
                in_vain += 1
                raise

        return wrapper

    try:
        for name in methods:
            setattr(socket.socket, name, noting(name))
        value = function(sock, data)
    finally:
        for name, method in methods.items():
            setattr(socket.socket, name, method)
    blocked.append(sock.gettimeout() != 0)
    sock.shutdown(socket.SHUT_WR)
    return value, any(blocked), in_vain


MUCH = b"".join(b"%07d " % number for number in range(8000))  # no two pieces of it are alike
LITTLE = {
    "eleven bytes": b"hello, ann\n",
    "no bytes at all": b"",
    "bytes that are no text": b"\xff\0\r\n\xc3",
}
MOMENT = 0.1  # seconds: room that comes back comes back within a few milliseconds on loopback
OFTEN = 500  # who naps for a millisecond tries a hundred times in such a case
SPINS, BLOCKED = "it tries again and again, without waiting", "it was made to wait meanwhile"


# ---------------------------------------------------------------------- diagnoses
SEND = ("send", "sendmsg", "sendto", "sendall")


def heard(seen: Evidence) -> bytes:
    """The wrong bytes that the peer heard; b'' when the case did not fail by them."""
    return seen.value if isinstance(seen.value, bytes) and isinstance(seen.wanted, bytes) else b""


def was_reset(seen: Evidence) -> bool:
    """Whether the peer of this case has reset the connection."""
    return any(line.endswith("resets the connection") for line in seen.wire)


@rule
def closes_the_socket(seen: Evidence) -> bool:
    """You closed the socket. It belongs to the caller, who may have more to send."""
    return seen.count("close", error=None) > 0 or seen.error.get("errno") == errno.EBADF


@rule
def makes_it_wait(seen: Evidence) -> bool:
    """You made the socket blocking, or gave it a time-out. Somebody else may use it at the same time and must not wait:
    leave it as it is, and wait in `select`."""
    changed = seen.count("setblocking", "settimeout", error=None) > 0
    return seen.got == BLOCKED or (changed and seen.raised("TimeoutError"))


@rule
def sendall_without_waiting(seen: Evidence) -> bool:
    """`sendall` met a full buffer ({line}). On a non-blocking socket it raises BlockingIOError then, and nobody can say
    how much it has sent. Use `send`, which tells."""
    return seen.count("sendall", error="EAGAIN") > 0


@rule
def no_room_not_caught(seen: Evidence) -> bool:
    """There was no room, so `send` raised BlockingIOError ({line}), and your function ended with it. Nothing is lost:
    wait for room with `select.select([], [sock], [])`, and send what is left."""
    return seen.raised("BlockingIOError")


@rule
def swallows_the_reset(seen: Evidence) -> bool:
    """The peer has reset the connection, and the caller never heard of it. Catch BlockingIOError alone: a reset is an
    OSError of another kind, and after it nothing more can be sent."""
    return was_reset(seen) and seen.kind in ("hung", "not raised")


@rule
def sends_again(seen: Evidence) -> bool:
    """Some bytes came twice. `send` has taken as many as it says: go on behind them, with `data[sent:]`."""
    got, due = heard(seen), cast(bytes, seen.wanted)
    return bool(got) and not due.startswith(got) and len(got) > len(due) // 2 and set(got) <= set(due)


@rule
def skips_bytes(seen: Evidence) -> bool:
    """Some bytes in the middle never came. `send` may take fewer bytes than you give it: what it did not take is still
    to be sent."""
    got, due = heard(seen), cast(bytes, seen.wanted)
    return bool(got) and len(got) < len(due) and not due.startswith(got)


@rule
def short_send(seen: Evidence) -> bool:
    """The beginning came, and the rest was never sent. `send` takes what there is room for and returns how much that
    was: go on with the rest until nothing is left."""
    got, due = heard(seen), seen.wanted
    return isinstance(due, bytes) and isinstance(seen.value, bytes) and len(got) < len(due) and due.startswith(got)


@rule
def tries_without_waiting(seen: Evidence) -> bool:
    """There is no room, and your function tries again and again, thousands of times a second: it has the processor to
    itself and nobody else gets on. Wait: `select.select([], [sock], [])` returns when there is room."""
    busy = bool(seen.spot and seen.spot.busy)
    return seen.got == SPINS or (busy and seen.kind == "hung" and seen.count(*SEND, error="EAGAIN") > 0)


@rule
def waits_for_bytes(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}) for something to read, and nothing comes: the peer only listens. The
    *second* list of `select` is for sockets that are to be written to."""
    return seen.kind == "hung" and bool(seen.spot and "select" in seen.spot.call) and 0 < seen.sent() < len(MUCH)


@rule
def returns_the_last_count(seen: Evidence) -> bool:
    """You returned what one `send` had taken. The caller wants to know how much was sent in all."""
    counts = isinstance(seen.value, int) and not isinstance(seen.value, bool) and isinstance(seen.wanted, int)
    return counts and 0 < cast(int, seen.value) < cast(int, seen.wanted)


@rule
def returns_what_is_left(seen: Evidence) -> bool:
    """You returned 0, though bytes were sent: by then `data` has been cut down to nothing. Keep its length before you
    cut."""
    return seen.value == 0 and seen.wanted not in (0, b"", None)


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
