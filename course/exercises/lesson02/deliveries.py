"""Exercise: send messages over a socket pair of any type, and return what each receive gave."""

import errno
import socket
from collections.abc import Sequence

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.failure import show

TITLE = "What each receive gives, for any type of socket"
HINTS = (
    "`socket.socketpair(type=kind)` makes both ends. Send all messages into one, and only then receive at the other.",
    "How do you know that all has come? Not by the number of messages: a stream glues them. Not by `b''`: datagrams "
    "have no end. What is the same for all three types, before and after?",
    "The number of *bytes* is the same. Receive until the deliveries together are as long as the messages together.",
    "`while sum(map(len, got)) < sum(map(len, messages)):`, and in the loop `got.append(right.recv(65536))`.",
)


def solution(kind: socket.SocketKind, messages: Sequence[bytes]) -> list[bytes]:
    """Send all messages over a pair of type `kind`; return what each receive gave."""
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        got: list[bytes] = []
        while sum(map(len, got)) < sum(map(len, messages)):
            got.append(right.recv(65536))
        return got


# Of different lengths, the first not the longest: a receive of any one of them glues or cuts the others.
WORDS = [b"one", b"three", b"twenty-two", b"six"]
SCENES = {
    "four words": WORDS,
    "one message": [b"alone"],
    "a message that comes twice": [b"no", b"again", b"no"],
    "bytes that are no text, and zeros": [b"\xff\xfe", b"\0", b"\r\n\0"],
    "one message is far longer than the others": [b"short", bytes(range(256)) * 200, b"and short again"],
}


def check(trial: Trial) -> None:
    """Each scene with each type; datagrams first, the stream last."""
    trial.explain(*RULES)
    for name, messages in SCENES.items():
        for kind in kinds():
            with trial.case(f"{kind.name}: {name}") as case:
                delivers(case, kind, messages)


def kinds() -> tuple[socket.SocketKind, ...]:
    """The types of the cases: SOCK_SEQPACKET only where this machine has it."""
    try:
        for sock in socket.socketpair(type=socket.SOCK_SEQPACKET):
            sock.close()
    except OSError:
        return socket.SOCK_DGRAM, socket.SOCK_STREAM
    return socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM


def delivers(case: Case, kind: socket.SocketKind, messages: list[bytes]) -> None:
    """The function returns what such a pair gives, has made a pair for it, and closed it."""
    case.clock.log(f"deliveries(socket.{kind.name}, [{', '.join(map(show, messages))}])")
    answer = case.call(kind, list(messages))
    got = answer.result()
    if not (kind == socket.SOCK_STREAM and is_glued(got, messages)):
        answer.returns([b"".join(messages)] if kind == socket.SOCK_STREAM else messages)
    facts = (answer.ended or {}).get("facts")  # a replay has none
    made = sum(sock["made"] for sock in facts["sockets"]) if facts else 2
    case.expect(made >= 2, "the messages go through a pair of sockets", f"your function made {made} sockets")
    answer.leaves_nothing()


def is_glued(got: object, messages: list[bytes]) -> bool:
    """Whether `got` is what a stream may give: all bytes in order, in pieces as large as the room was."""
    if not (isinstance(got, list) and all(isinstance(piece, bytes) and piece for piece in got)):
        return False
    return b"".join(got) == b"".join(messages) and (got != messages or len(messages) == 1)


# ---------------------------------------------------------------------- diagnoses
def posed(seen: Evidence, kind: socket.SocketKind) -> bool:
    """Whether this case asks for that type."""
    return bool(seen.wire) and seen.wire[0].startswith(f"deliveries(socket.{kind.name},")


def pieces(value: object) -> list[bytes]:
    """The deliveries in `value`; none if it is anything else than a list of bytes."""
    right = isinstance(value, list) and all(isinstance(piece, bytes) for piece in value)
    return value if right and isinstance(value, list) else []


def made_datagrams(seen: Evidence) -> bool:
    """Whether the answer's sockets are of type SOCK_DGRAM."""
    return any(sock["datagram"] for sock in seen.sockets)


def everything_has_come(seen: Evidence) -> bool:
    """Whether the answer waits in a receive, and nothing that it sent is still on its way."""
    return seen.waits_in("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg") and (
        0 < seen.sent() == seen.received()
    )


@rule
def kind_as_family(seen: Evidence) -> bool:
    """`socketpair` takes the family first ({line}): it took `kind` for a family ({message}). Name the argument:
    `socket.socketpair(type=kind)`."""
    refused = seen.error.get("errno") in (errno.EOPNOTSUPP, errno.EAFNOSUPPORT)
    return refused and not any(sock["made"] for sock in seen.sockets)


@rule
def same_end(seen: Evidence) -> bool:
    """Your function receives at the end that it sent into ({line}). What goes into one end comes out of the *other*."""
    return bool(seen.spot) and seen.received() == 0 < (seen.spot.socket.get("sent", 0) if seen.spot else 0)


@rule
def no_room(seen: Evidence) -> bool:
    """A message was cut: `recv` had less room than it needed, and the rest is lost. Give it room for all the messages
    together, 65,536 bytes."""
    if seen.waits_in("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"):
        return 0 < seen.received() < seen.sent()
    pairs = zip(pieces(seen.value), pieces(seen.wanted), strict=False)
    cut = any(piece and piece != whole and whole.startswith(piece) for piece, whole in pairs)
    return cut and not posed(seen, socket.SOCK_STREAM)


@rule
def waits_for_an_end_of_datagrams(seen: Evidence) -> bool:
    """All messages have come, and your function waits in `{call}` ({line}) for more. Datagrams have no end: this would
    wait also if the other end were closed. Find out in another way that all has come."""
    return everything_has_come(seen) and posed(seen, socket.SOCK_DGRAM)


@rule
def nobody_closed(seen: Evidence) -> bool:
    """All records have come, and your function waits in `{call}` ({line}) for their end. The end comes when the other
    end is closed, and that one is still open, in your own hands."""
    return everything_has_come(seen) and posed(seen, socket.SOCK_SEQPACKET)


@rule
def waits_for_more_of_a_stream(seen: Evidence) -> bool:
    """All bytes have come, and your function waits in `{call}` ({line}) for more. A stream gives several messages in
    one piece, and tells of its end only when the other end is closed: do not count messages, count bytes."""
    return everything_has_come(seen) and posed(seen, socket.SOCK_STREAM)


@rule
def end_is_no_delivery(seen: Evidence) -> bool:
    """Your list has `b''` in it. No message is empty: that was the end, which is no delivery. Leave it out."""
    return b"" in pieces(seen.value)


@rule
def no_pair(seen: Evidence) -> bool:
    """Your function did not use a pair of sockets. Let the kernel answer: send through `socket.socketpair(type=kind)`
    and return what comes out."""
    made = any(sock["made"] for sock in seen.sockets)
    return not made and (seen.kind == "broken" or bool(pieces(seen.value)))


@rule
def stops_early(seen: Evidence) -> bool:
    """Your function returned before all had come: what it has is the beginning, and more was waiting. Receive until you
    have everything that was sent."""
    got, wanted = b"".join(pieces(seen.value)), b"".join(pieces(seen.wanted))
    return b"" != got != wanted and wanted.startswith(got)


@rule
def receives_in_between(seen: Evidence) -> bool:
    """You received after each single message, so the stream had no chance to glue them. Send all messages first; a
    sender does not wait until you have read."""
    steps = [name for name, _, count, error in seen.calls if count and not error]
    sends = [place for place, name in enumerate(steps) if name.startswith("send")]
    first = next((place for place, name in enumerate(steps) if name.startswith("recv")), len(steps))
    return seen.kind == "wrong value" and posed(seen, socket.SOCK_STREAM) and first < max(sends, default=0)


@rule
def sent_as_one(seen: Evidence) -> bool:
    """You joined the messages and sent them with one call. Each message has a `send` of its own: what becomes of the
    boundaries is the kernel's affair."""
    return one_piece(seen) and seen.count("send", "sendall", "sendto", "sendmsg") == 1


@rule
def joined_by_hand(seen: Evidence) -> bool:
    """Your function glued the deliveries together. Return what each `recv` gave, as a list, piece by piece."""
    return (isinstance(seen.value, bytes) and bool(seen.value)) or (one_piece(seen) and received_apart(seen))


@rule
def always_a_stream(seen: Evidence) -> bool:
    """The messages came as one piece: your pair is a stream, whatever `kind` says. Give `kind` to `socketpair`, as
    `type`."""
    return one_piece(seen)


@rule
def never_a_stream(seen: Evidence) -> bool:
    """A stream was asked for, and your pair is one of datagrams. Give `kind` to `socketpair`, as `type`."""
    return seen.kind == "wrong value" and posed(seen, socket.SOCK_STREAM) and made_datagrams(seen)


@rule
def asks_by_length(seen: Evidence) -> bool:
    """You got the messages one by one out of what should be a stream. That works only for who knows their lengths
    before: give each `recv` room for 65,536 bytes, and a pair of type `kind`."""
    return seen.kind == "wrong value" and posed(seen, socket.SOCK_STREAM) and len(pieces(seen.value)) > 1


@rule
def not_bytes(seen: Evidence) -> bool:
    """Your list holds something else than `bytes`. Return what `recv` gave, as it is: it need not be text."""
    return isinstance(seen.value, list) and not pieces(seen.value) and bool(seen.value)


@rule
def not_a_list(seen: Evidence) -> bool:
    """Your function returned a value of type {type}. A list is wanted: what the first `recv` gave, the second, …"""
    return seen.kind == "wrong value" and seen.value is not None and not isinstance(seen.value, list)


def one_piece(seen: Evidence) -> bool:
    """Whether several messages were wanted and all their bytes came as one."""
    got, wanted = pieces(seen.value), pieces(seen.wanted)
    return len(wanted) > 1 and got == [b"".join(wanted)]


def received_apart(seen: Evidence) -> bool:
    """Whether more than one receive gave bytes."""
    return sum(name.startswith("recv") and count > 0 for name, _, count, _ in seen.calls) > 1


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
