"""Exercise: receive records to their end, and never take a part of one for the whole."""

import socket

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.peers import Peer
from course.checker.scene.queues import unread

TITLE = "Receive records to their end, and notice one that was cut"
HINTS = (
    "One receive gives one record, and `b''` is the end. Only the long ones need thought: `recv` cuts them in silence.",
    "`data, _, flags, _ = sock.recvmsg(65536)` tells in `flags` whether the record was cut: look for "
    "`socket.MSG_TRUNC`.",
    "A flag is one bit among others: `if flags & socket.MSG_TRUNC: raise ValueError(…)`. A second way is to give room "
    "for one byte more than is allowed, and to look at the length.",
)

LONGEST = 65536


def solution(sock: socket.socket) -> list[bytes]:
    """Return all records up to the end; raise ValueError when one is longer than 65,536 bytes."""
    records: list[bytes] = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            raise ValueError("a record is longer than 65,536 bytes")
        if not record:
            return records
        records.append(record)


FITS = b"=" * LONGEST
WHOLE = {
    "three records": [b"one", b"two-two", b"three"],
    "nothing but the end": [],
    "bytes that are no text, newlines, the same record twice": [b"\xff\0", b"a\nb\n", b"\xff\0"],
    "a record of 65,536 bytes among short ones": [b"short", FITS, b"last"],
}
TOO_LONG = {
    "a record of 65,537 bytes comes second": [b"one", FITS + b"!", b"three"],
    "a record of 100,000 bytes is the only one": [bytes(100_000)],
}


def check(trial: Trial) -> None:
    """Records that fit, records that come late, records that do not fit."""
    trial.explain(*RULES)
    for name, records in WHOLE.items():
        with trial.case(name) as case:
            sock, peer = record_pair(case)
            for record in records:
                peer.sends_at_once(record)
            peer.ends()
            receives(case, sock, records)
    with trial.case("the second record comes when the first has been read, the third a moment later") as case:
        sock, peer = record_pair(case)
        answer = case.call(sock)
        peer.sends(b"one", b"two")
        case.clock.until(lambda: not unread(peer.sock))
        peer.hears_nothing(0.25)
        peer.sends(b"three")
        peer.ends()
        answer.returns([b"one", b"two", b"three"])
    for name, records in TOO_LONG.items():
        with trial.case(name) as case:
            sock, peer = record_pair(case)
            for record in records:
                peer.sends_at_once(record)
            peer.ends()
            case.call(sock).raises(ValueError)


def receives(case: Case, sock: socket.socket, records: list[bytes]) -> None:
    """The function returns these records, and leaves `sock` open."""
    answer = case.call(sock)
    answer.returns(records)
    facts = (answer.ended or {}).get("facts")  # a replay has none
    closed = any(not one["open"] for one in facts["sockets"] if not one["made"]) if facts else False
    case.expect(not closed, "`sock` is still open: it belongs to the caller", "your function closed it")
    answer.leaves_nothing()


class RecordPeer(Peer):
    """The checker's end of a pair of type SOCK_SEQPACKET. It has no name, so its address is none."""

    @property
    def address(self) -> tuple[str, int]:
        """Nothing: the ends of a socketpair are unnamed (unix(7))."""
        return "", 0


def record_pair(case: Case) -> tuple[socket.socket, RecordPeer]:
    """Return the answer's end of a pair, and the peer at the other. The case closes both."""
    adopt = case.adopt  # a case that is not to run ends here, before there is a socket
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    adopt(theirs, "sock")
    adopt(ours, "peer")
    peer = RecordPeer(ours, "peer", case.clock)
    case.peers[:] = [peer]
    theirs.setblocking(True)
    return theirs, peer


# ---------------------------------------------------------------------- diagnoses
def got_records(seen: Evidence) -> list[bytes]:
    """The records in what the function returned; none if it is anything else than a list of bytes."""
    right = isinstance(seen.value, list) and all(isinstance(record, bytes) for record in seen.value)
    return seen.value if right and isinstance(seen.value, list) else []


def wanted_records(seen: Evidence) -> list[bytes]:
    """The records that were due."""
    return seen.wanted if isinstance(seen.wanted, list) else []


@rule
def cut_unnoticed(seen: Evidence) -> bool:
    """A record was longer than the room that you gave, and your function returned its beginning as if it were the
    whole. `recv` does not tell; `recvmsg` does: `flags & socket.MSG_TRUNC`."""
    return seen.kind == "not raised" and not accepts_any_length.when(seen)


@rule
def accepts_any_length(seen: Evidence) -> bool:
    """Your function took a record of more than 65,536 bytes. It had room enough, but the task sets a limit: look at the
    length, too."""
    return seen.kind == "not raised" and any(len(record) > LONGEST for record in got_records(seen))


@rule
def four_values(seen: Evidence) -> bool:
    """`recvmsg` returns four things, and you took another number of them ({message}, {line}). They are data, ancillary
    data, flags, address."""
    return seen.raised("ValueError") and "to unpack" in seen.error["message"] and seen.count("recvmsg") > 0


@rule
def refuses_what_fits(seen: Evidence) -> bool:
    """Your function refused records that fit ({line}): {message}. Exactly 65,536 bytes are allowed, and the end is no
    error. Whether a record was cut is one bit of the flags: `flags & socket.MSG_TRUNC`."""
    return seen.kind == "raised" and seen.raised("ValueError") and not seen.raised("UnicodeError")


@rule
def end_is_no_record(seen: Evidence) -> bool:
    """Your list has `b''` in it. No record is empty: that was the end. Leave it out."""
    return b"" in got_records(seen)


@rule
def joins_records(seen: Evidence) -> bool:
    """Your function glued the records together. Their boundaries are what this type of socket keeps: return a list,
    one item for each."""
    got, wanted = got_records(seen), wanted_records(seen)
    glued = seen.value if isinstance(seen.value, bytes | bytearray) else got[0] if len(got) == 1 else b""
    return seen.kind == "wrong value" and len(wanted) > 1 and bytes(glued) == b"".join(wanted)


@rule
def splits_records(seen: Evidence) -> bool:
    """The bytes are right, and the boundaries are not: you cut them at other places, such as newlines. Each receive
    gives one whole record."""
    got, wanted = got_records(seen), wanted_records(seen)
    return got != wanted and len(wanted) > 0 and b"".join(got) == b"".join(wanted)


@rule
def no_room(seen: Evidence) -> bool:
    """A record was cut: your receive had less room than it needed, and the rest is lost. Give it room for 65,536
    bytes."""
    pairs = zip(got_records(seen), wanted_records(seen), strict=False)
    return any(record and record != whole and whole.startswith(record) for record, whole in pairs)


@rule
def silence_is_not_the_end(seen: Evidence) -> bool:
    """For a moment no record came, and your function took that for the end. The end is `b''`; silence is only
    silence: go on waiting."""
    receives = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg")
    waited = any(seen.count(*receives, error=error) for error in ("EAGAIN", "TimeoutError"))
    return waited and (stopped(seen) or seen.raised("BlockingIOError", "TimeoutError"))


@rule
def stops_early(seen: Evidence) -> bool:
    """Your function returned before the end: more records were to come. Go on until a receive gives `b''`."""
    return stopped(seen)


@rule
def closes_the_socket(seen: Evidence) -> bool:
    """Your function closed `sock`. It got it from the caller, who may want to answer through it: leave it open."""
    return seen.kind == "broken" and seen.got == "your function closed it"


@rule
def another_error(seen: Evidence) -> bool:
    """A record did not fit, and your function raised {error} ({line}) where `ValueError` is asked for."""
    return seen.kind == "raised" and bool(seen.error) and seen.expected == "your function raises ValueError"


@rule
def not_bytes(seen: Evidence) -> bool:
    """Your list holds something else than `bytes`. A record need not be text: return what came, as it is."""
    return isinstance(seen.value, list) and bool(seen.value) and not got_records(seen)


@rule
def not_a_list(seen: Evidence) -> bool:
    """Your function returned a value of type {type}. A list is wanted, one item for each record."""
    return seen.kind == "wrong value" and seen.value is not None and not isinstance(seen.value, list)


def stopped(seen: Evidence) -> bool:
    """Whether the function returned the first records, or none, where more were to come."""
    got, wanted = got_records(seen), wanted_records(seen)
    return isinstance(seen.value, list) and len(got) == len(seen.value) < len(wanted) and wanted[: len(got)] == got


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
