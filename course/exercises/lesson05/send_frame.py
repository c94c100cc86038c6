"""Exercise: frames, sent and received: a length of four bytes, then so many bytes, and a limit on what is believed."""

import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, cast

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.calls import Call
from course.checker.scene.failure import Failed, show
from course.checker.scene.pacing import paced
from course.checker.scene.peers import Peer
from netlib.patience import patience

TITLE = "Send and receive frames, and believe no length above the limit"
NAMES = ("send_frame", "recv_frame")
HINTS = (
    "`len(payload).to_bytes(4, \"big\")` makes the four bytes, and so does `struct.pack('!I', len(payload))`. "
    '`int.from_bytes(header, "big")` reads them.',
    "Both the length and the payload can arrive in pieces, one behind the other. You have a function that receives "
    "exactly n bytes: use it for both.",
    "The order in recv_frame: four bytes; compare the length with the limit; then the payload. What has been read "
    "cannot be put back, and what was announced need not be believed.",
    "EOFError comes by itself when `recv_exactly` raises it. An empty payload is a frame like any other: `sendall` for "
    "every byte, and no test of `if payload`.",
)


def recv_exactly(sock: socket.socket, n: int) -> bytes:
    """Return exactly `n` bytes; raise EOFError when the stream ends before."""
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError(f"the stream ended after {len(data)} of {n} bytes")
        data += piece
    return data


def solution(sock: socket.socket, payload: bytes) -> None:
    """Send `payload` as one frame."""
    sock.sendall(struct.pack("!I", len(payload)) + payload)


def solution_2(sock: socket.socket, limit: int) -> bytes:
    """Return the payload of the next frame; raise ValueError above `limit`, EOFError when the stream ends first."""
    (length,) = struct.unpack("!I", recv_exactly(sock, 4))
    if length > limit:
        raise ValueError(f"the peer announced {length} bytes; the limit is {limit}")
    return recv_exactly(sock, length)


def check(trial: Trial) -> None:
    """What is sent, byte by byte; what is received in every cutting; limits; ends."""
    trial.explain(*RULES)
    for name, payloads in SENT.items():
        with trial.case(f"sent: {name}") as case:
            sends(case, payloads)
    with trial.case("sent: 100,000 bytes on a socket with a time-out; the peer takes a little at a time") as case:
        sends(case, (BIG,), little=True)
    for name, payloads, pieces in RECEIVED:
        with trial.case(f"received: {name}") as case:
            several = len(payloads) > 1
            peer, answer = receives(case, 100_000, *((many, len(payloads)) if several else ()))
            paced(case, peer, *pieces)
            answer.returns(list(payloads) if several else payloads[0])
    with trial.case("received: exactly as many bytes as the limit allows") as case:
        peer, answer = receives(case, 5)
        peer.sends_at_once(frame(b"hello"))
        answer.returns(b"hello")
    for name, limit, data in ABOVE:
        with trial.case(f"received: {name}") as case:
            peer, answer = receives(case, limit, then_the_rest)
            peer.sends_at_once(data)
            raised, rest = cast(tuple[str, bytes], answer.result())
            case.expect(raised == ABOVE_ERROR, f"it {ABOVE_ERROR}", f"it {raised}")
            case.expect(rest in (data, data[4:]), "nothing of the payload is read", PAYLOAD_READ)
    for name, pieces in ENDS.items():
        with trial.case(f"received: {name}") as case:
            peer, answer = receives(case, 100)
            paced(case, peer, *pieces)
            peer.ends()
            answer.raises(EOFError)


def sends(case: Case, payloads: tuple[bytes, ...], little: bool = False) -> None:
    """The function sends each payload; the peer hears their frames, and then the end."""
    sock, peer = case.pair(sndbuf=4096, rcvbuf=4096) if little else case.pair()
    sock.settimeout(patience(5) if little else None)
    answer = case.call(sock, payloads, via=one_after_the_other)
    wanted, heard = b"".join(map(frame, payloads)), peer.hears_all()
    if heard != wanted:
        got = (
            "the beginning of it" if little and wanted.startswith(heard) else show(heard)
        )  # where it was cut is chance
        case.clock.wire[-1] = f"peer hears {got} and the end"
        raise Failed("wrong value", f"the peer hears {show(wanted)}", f"it heard {got}", heard, wanted)
    answer.returns(None)


def receives(
    case: Case, limit: int, via: Callable[..., Any] | None = None, times: int | None = None
) -> tuple[Peer, Call]:
    """Call recv_frame in that way."""
    sock, peer = case.pair()
    case.clock.log(f"{CALLED}{limit}")
    return peer, case.call(sock, limit, *([] if times is None else [times]), which=1, via=via)


def frame(payload: bytes) -> bytes:
    """The frame of `payload`, as it stands on the wire."""
    return len(payload).to_bytes(4, "big") + payload


# ---------------------------------------------------------------------- in the answer's process
def one_after_the_other(function: Callable[..., Any], sock: socket.socket, payloads: tuple[bytes, ...]) -> None:
    """Send each payload, and end this side."""
    for payload in payloads:
        function(sock, payload)
    sock.shutdown(socket.SHUT_WR)


def many(function: Callable[..., Any], sock: socket.socket, limit: int, times: int) -> list[Any]:
    """Receive so many frames, one after the other."""
    return [function(sock, limit) for _ in range(times)]


def then_the_rest(function: Callable[..., Any], sock: socket.socket, limit: int) -> tuple[str, bytes]:
    """Receive a frame; say how that ended, and give what is left in the socket."""
    try:
        ended = f"returned {function(sock, limit)!r:.60}"
    except ValueError:
        ended = ABOVE_ERROR
    sock.setblocking(False)
    try:
        return ended, sock.recv(1024)
    except OSError:
        return ended, b""


BIG = bytes(range(250)) * 400
SENT: dict[str, tuple[bytes, ...]] = {
    "b'hello'": (b"hello",),
    "three payloads, one of them empty": (b"one", b"", b"three"),
    "bytes that are no text, with newlines and zeros among them": (b"\xff\n\0\0\r\n\xc3",),
    "300 bytes": (b"abc" * 100,),
}
BEGINNING = b"\0\0"
GLUED = b"".join(map(frame, (b"one", b"", b"three"))) + BEGINNING
RECEIVED: tuple[tuple[str, tuple[bytes, ...], tuple[bytes, ...]], ...] = (
    ("one frame, at once", (b"hello",), (frame(b"hello"),)),
    ("the length first, the payload later", (b"hello",), (frame(b"hello")[:4], b"hello")),
    ("one frame, byte by byte", (b"hi",), tuple(b"%c" % i for i in frame(b"hi"))),
    ("three frames, glued, and the beginning of a fourth", (b"one", b"", b"three"), (GLUED,)),
    ("an empty payload", (b"",), (frame(b""),)),
    ("100,000 bytes", (BIG,), (frame(BIG),)),
)
ABOVE = (
    ("one byte more than the limit allows", 5, frame(b"hello!")),
    ("a browser's greeting, which announces 1,195,725,856 bytes", 100, b"GET / HTTP/1.1\r\n"),
    ("a peer announces 4,294,967,295 bytes and sends a few", 100, b"\xff\xff\xff\xff" + b"\xff\xff"),
)
ENDS: dict[str, tuple[bytes, ...]] = {
    "the stream ends at once": (),
    "the stream ends inside the length": (b"\0\0",),
    "the stream ends before the payload": (b"\0\0\0\5",),
    "the stream ends inside the payload": (b"\0\0\0\5he",),
}
CALLED, ABOVE_ERROR = "recv_frame is called with limit = ", "raises ValueError"
PAYLOAD_READ = "some of it is gone from the socket"


# ---------------------------------------------------------------------- diagnoses
RECEIVE = ("recv", "recv_into", "recvfrom", "recvmsg")


def receiving(seen: Evidence) -> bool:
    """Whether this case is about recv_frame."""
    return bool(seen.wire) and seen.wire[0].startswith(CALLED)


def ended(seen: Evidence) -> bool:
    """Whether the peer has ended the stream, and the function received."""
    return receiving(seen) and any(line.endswith("ends its side") for line in seen.wire)


def above(seen: Evidence) -> bool:
    """Whether more was announced in this case than the limit allows."""
    return receiving(seen) and any(f"sends {show(data)}" in line for _, _, data in ABOVE for line in seen.wire)


def heard(seen: Evidence, *framings: Callable[[bytes], bytes]) -> bool:
    """Whether the peer heard frames that are made in one of these ways."""
    if receiving(seen) or not isinstance(seen.wanted, bytes) or not isinstance(seen.value, bytes):
        return False
    payloads = next((some for some in (*SENT.values(), (BIG,)) if b"".join(map(frame, some)) == seen.wanted), ())
    return any(b"".join(map(framing, payloads)) == seen.value for framing in framings)


def part(seen: Evidence) -> bool:
    """Whether the function returned the beginning of a payload for all of it."""
    got, wanted = seen.value, seen.wanted
    return isinstance(got, bytes) and isinstance(wanted, bytes) and len(got) < len(wanted) and wanted.startswith(got)


@rule
def closes_the_socket(seen: Evidence) -> bool:
    """You closed the socket. It belongs to the caller, who has more frames for it."""
    return seen.count("close", error=None) > 0


@rule
def no_length(seen: Evidence) -> bool:
    """The payload alone was sent. Put its length in front, or the peer cannot tell where it ends."""
    return heard(seen, lambda payload: payload, lambda payload: payload + b"\n")


@rule
def little_endian(seen: Evidence) -> bool:
    """The four bytes of the length stand in the wrong order: on the network the most significant comes first. Say
    `"big"`, or `"!I"`; without the `!`, struct takes the order of this machine."""
    return heard(seen, lambda payload: len(payload).to_bytes(4, "little") + payload)


@rule
def length_as_text(seen: Evidence) -> bool:
    """The length was sent as text, digit by digit. The task asks for a number in four bytes."""
    digits = (lambda payload: b"%d%b" % (len(payload), payload), lambda payload: b"%04d%b" % (len(payload), payload))
    return heard(seen, *digits, lambda payload: b"%d\n%b" % (len(payload), payload))


@rule
def length_of_another_size(seen: Evidence) -> bool:
    """The length has too few bytes or too many. It is four, whatever the number: `"!I"` in struct."""
    sizes = (1, 2, 8)
    wide = isinstance(seen.wanted, bytes) and len(seen.wanted) < 256
    return wide and heard(seen, *(lambda p, size=size: len(p).to_bytes(size, "big") + p for size in sizes))


@rule
def length_in_one_byte(seen: Evidence) -> bool:
    """The length fits into its last byte no more, from 256 on. Spread it over all four: `len(payload).to_bytes(4,
    "big")`."""
    cut = heard(seen, lambda payload: bytes([0, 0, 0, len(payload) % 256]) + payload)
    return cut or (not receiving(seen) and seen.raised("ValueError", "OverflowError", "error"))


@rule
def length_counts_itself(seen: Evidence) -> bool:
    """The length counts its own four bytes too. It tells how long the *payload* is."""
    return heard(seen, lambda payload: (len(payload) + 4).to_bytes(4, "big") + payload)


@rule
def length_of_the_object(seen: Evidence) -> bool:
    """The length is larger than the payload: `sys.getsizeof` tells how much memory Python's object takes. What the peer
    needs is `len(payload)`."""
    objects = lambda payload: sys.getsizeof(payload).to_bytes(4, "big") + payload  # noqa: E731
    return heard(seen, objects)


@rule
def adds_a_newline(seen: Evidence) -> bool:
    """A newline was sent behind the payload. A frame needs no mark at its end: its length tells where that is, and the
    peer takes the newline for the beginning of the next length."""
    return heard(seen, lambda payload: frame(payload) + b"\n", lambda payload: frame(payload + b"\n"))


@rule
def skips_the_empty_payload(seen: Evidence) -> bool:
    """An empty payload was not sent. It is a message like any other: four zeros, and nothing behind them."""
    return heard(seen, lambda payload: frame(payload) if payload else b"")


@rule
def short_send(seen: Evidence) -> bool:
    """The peer got the beginning only. `send` and `sendmsg` may take a part of what you give them and say how much they
    took; `sendall` goes on until all is sent."""
    return part(seen) and not receiving(seen) and seen.count("send", "sendmsg", "sendto") > 0


@rule
def takes_too_much(seen: Evidence) -> bool:
    """You took more from the socket than this frame. What lies behind it belongs to the next call, and it cannot be put
    back. Receive exactly four bytes, and then exactly so many as they tell."""
    glued = any(show(GLUED) in line for line in seen.wire)
    return glued and seen.received() > len(GLUED) - len(BEGINNING)


@rule
def no_end_check(seen: Evidence) -> bool:
    """The stream has ended, and your loop goes on ({line}): `recv()` gives `b''` each time. An end inside a frame is
    an error: raise EOFError."""
    return seen.kind == "hung" and any(sock["ends_seen"] > 1 for sock in seen.sockets)


@rule
def no_error_at_the_end(seen: Evidence) -> bool:
    """The stream ended, there was no whole frame, and your function returned something all the same. The caller would
    take it for a message: raise EOFError."""
    return seen.kind == "not raised" and ended(seen)


@rule
def another_error_at_the_end(seen: Evidence) -> bool:
    """The stream ended, and your function raised {error} ({line}). The task asks for EOFError, at the end and inside a
    frame: callers know it from files. Look at what `recv` gave before you unpack it."""
    own = seen.raised("OSError", "ValueError", "AssertionError", "RuntimeError", "error", "IndexError")
    return ended(seen) and (own or seen.error.get("type") == "Exception") and not seen.raised("EOFError")


@rule
def empty_taken_for_the_end(seen: Evidence) -> bool:
    """A frame with an empty payload came, and you took it for the end of the stream. Only `b''` from `recv` is the end;
    a payload may have no bytes."""
    return receiving(seen) and not ended(seen) and seen.raised("EOFError") and any(r"\x00\x00'" in w for w in seen.wire)


@rule
def one_recv(seen: Evidence) -> bool:
    """You took one piece for the whole payload, or for the whole length. `recv(n)` gives what has come so far, at most
    n: call it in a loop until nothing is missing."""
    early = seen.raised("EOFError", "error", "IndexError") and seen.received() > 0
    return receiving(seen) and not above(seen) and (part(seen) or (early and not ended(seen)))


@rule
def wrong_order_received(seen: Evidence) -> bool:
    """A frame of five bytes came, and you read its length as another number: the order of the four bytes is wrong. The
    most significant comes first: `"!I"`, or `int.from_bytes(header, "big")`."""
    first = seen.wire[-1:] == (f"peer sends {show(frame(b'hello'))}",) and f"{CALLED}{100_000}" in seen.wire
    return first and (seen.raised("ValueError") or seen.kind == "hung")


@rule
def limit_too_low(seen: Evidence) -> bool:
    """The payload has exactly as many bytes as the limit allows, and you refused it. Refuse what is *above* the
    limit."""
    return receiving(seen) and not above(seen) and not ended(seen) and seen.raised("ValueError")


@rule
def no_limit(seen: Evidence) -> bool:
    """The peer announced more than the limit allows, and you believed it. Compare the length with the limit, and raise
    ValueError, before you receive any of the payload."""
    believed = seen.got.startswith("it returned b'") and seen.got != "it returned b''"
    return above(seen) and (believed or seen.kind == "hung" or seen.raised("MemoryError", "OverflowError"))


@rule
def limit_after_reading(seen: Evidence) -> bool:
    """You raised ValueError, but after you had received from the payload. A limit that is looked at so late protects
    nobody: compare first, receive then."""
    return seen.got == PAYLOAD_READ


@rule
def length_with_a_sign(seen: Evidence) -> bool:
    """The length 4,294,967,295 was read as -1, which is below every limit. It has no sign: `"!I"`, with a capital I."""
    return above(seen) and any("255" in line or r"\xff\xff\xff\xff" in line for line in seen.wire) and not seen.error


@rule
def no_value_error_above_the_limit(seen: Evidence) -> bool:
    """More was announced than the limit allows, and the caller did not get the ValueError that says so."""
    return above(seen) and not seen.raised("NameError", "TypeError")


@rule
def returns_more_than_the_payload(seen: Evidence) -> bool:
    """You returned more than the payload. The length has done its work: the caller wants the payload alone."""
    whole = isinstance(seen.value, bytes) and isinstance(seen.wanted, bytes) and seen.value.endswith(seen.wanted)
    return receiving(seen) and (whole or (isinstance(seen.value, tuple) and seen.wanted in seen.value))


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
