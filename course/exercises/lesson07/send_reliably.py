"""Exercise: chunks across a road that loses, doubles and delays datagrams: each once, and in order."""

import contextlib
import socket
from collections.abc import Sequence
from typing import Any

from course.checker import Case, Evidence, Rule, Trial, rule
from course.checker.scene.failure import Failed, show
from course.checker.scene.road import NOTHING_NEW, Ends, Fate, Forger, Pattern, Road, listening

TITLE = "Chunks across a lossy road: each once, and in order"
NAMES = ("send_reliably", "receive_reliably")
HINTS = (
    "Give each datagram a number, and let the receiver answer with the number that it got. The sender sends a chunk "
    "again until the answer with *this* number comes.",
    "The receiver answers every datagram of its sender, also one that it has already: its first answer may be lost. "
    "It keeps a chunk only when the number is the next one.",
    "The end needs a datagram of its own, with a number too. Chunks are not empty, so a number with nothing behind it "
    "can mean the end.",
    "The answer to the end may be lost as well. So the receiver does not return at once: it goes on answering until "
    "nothing has come for ten time-outs of the sender.",
)


def solution(sock: socket.socket, address: tuple[str, int], chunks: Sequence[bytes]) -> None:
    """Send each chunk behind its number until that number comes back, then an empty one as the end."""
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b""]):
        header = number.to_bytes(4, "big")
        for _ in range(100):
            sock.sendto(header + chunk, address)
            if answered(sock, header, address):
                break
        else:
            raise TimeoutError(f"no answer to datagram {number}")


def answered(sock: socket.socket, header: bytes, address: tuple[str, int]) -> bool:
    """Return whether `header` comes back from `address` in time; what else comes is old, or a stranger's."""
    try:
        while sock.recvfrom(2000) != (header, address):
            pass
    except TimeoutError:
        return False
    return True


def solution_2(sock: socket.socket) -> list[bytes]:
    """Return the chunks; answer every datagram of the sender with its number, and for a while after the end."""
    chunks: list[bytes] = []
    sender, ended = None, False
    with contextlib.suppress(TimeoutError):
        while True:
            datagram, source = sock.recvfrom(2000)
            sender = sender or source
            header, chunk = datagram[:4], datagram[4:]
            if source != sender or int.from_bytes(header, "big") > len(chunks):
                continue
            if int.from_bytes(header, "big") == len(chunks) and not ended:
                ended = not chunk
                chunks += [chunk] if chunk else []
            sock.sendto(header, sender)
            sock.settimeout(0.3 if ended else None)
    return chunks


MARKERS = [b"END", b"FIN", b"EOF", b"DONE", b"STOP", b"ACK", b"exit", b"OK", b"\x00", b"0", b"\n", b"\xff\xfe"]
MANY = [*MARKERS, b"same", b"same", b"L" * 1000, *(b"%d" % number for number in range(300))]
SOME = [b"chunk number %d of some" % number for number in range(9)]
FEW = [b"first", b"second", b"third", b"fourth"]
FORGED = b"FORGED"
CALM, LOSS = "the road is calm", "the road loses some datagrams on the way there"
LAST = "the first answer to each datagram is lost, the last one's too"
OLD = "some datagrams are lost, and old ones come once more"
ALL = "loss, duplication and reordering, both ways"
STRANGERS = "strangers send too, and some datagrams are lost"
# Chunks, and what happens to the datagrams there and back: see Pattern. Lengths are prime, so that no sender that
# sends several at a time meets the same fate each time.
ROADS = {
    CALM: (MANY, ".", "."),
    LOSS: (SOME, ".x..x...x...x", "."),
    LAST: (FEW, ".", "x."),
    OLD: (SOME, "ooxoooxooooxo", "."),
    ALL: (SOME, ".2.x.r..o.x..", "..x2..r..x."),
}


def check(trial: Trial) -> None:
    """A calm road with odd chunks, lost data, lost answers, old copies, all of it together, strangers."""
    trial.explain(*RULES)
    for told, (chunks, there, back) in ROADS.items():
        with trial.case(told, seconds=12) as case:
            transfer(case, told, chunks, Pattern(there), Pattern(back))
    with trial.case(STRANGERS, seconds=12) as case:
        strangers(case)


def transfer(case: Case, told: str, chunks: list[bytes], there: Fate, back: Fate, ends: Ends | None = None) -> None:
    """Both functions run; the receiver returns the chunks, each once and in order."""
    case.clock.wire[:] = [told]
    ends = ends or (case.datagram_socket(), case.datagram_socket())
    road = Road(case, *ends)
    calls = case.call(ends[0], road.address, chunks, which=0), case.call(ends[1], which=1)
    try:
        road.carry(calls, there, back, NAMES)
    except Failed as failure:
        if calls[1].ended and not calls[1].died:
            failure.value, failure.wanted = calls[1].ended["value"], chunks
        raise
    got = calls[1].result()
    if got != chunks:
        wanted = f"receive_reliably returns the {len(chunks)} chunks, each once and in order"
        raise Failed("wrong value", wanted, in_words(got, chunks), got, chunks)


def in_words(got: object, chunks: list[bytes]) -> str:
    """Say what came in place of `chunks`."""
    if not isinstance(got, list):
        return f"it returned {show(got)}"
    for place, (came, wanted) in enumerate(zip(got, chunks, strict=False), 1):
        if came != wanted:
            return f"it returned {len(got)}; number {place} is {show(came)} and not {show(wanted)}"
    return f"it returned {len(got)}, the last of them {show(got[-1])}" if got else "it returned an empty list"


def strangers(case: Case) -> None:
    """What a calm transfer shows of the format, strangers use in a second one: forged chunks, forged answers."""
    answers, there, back = listening()
    transfer(case, STRANGERS, SOME, there, back)
    ends = case.datagram_socket(), case.datagram_socket()
    transfer(case, STRANGERS, SOME, Forger(case, ends, SOME[3:7], FORGED, answers), Pattern("."), ends)


# ---------------------------------------------------------------------- diagnoses
def on(seen: Evidence, *roads: str) -> bool:
    """Whether the case was on one of these roads."""
    return seen.wire[:1] in [(road,) for road in roads]


def items(seen: Evidence) -> list[Any]:
    """The list that came back in place of the one that was due; empty if something else did."""
    return seen.value if isinstance(seen.value, list) else []


def due(seen: Evidence) -> list[bytes]:
    """The list that was due."""
    return seen.wanted if isinstance(seen.wanted, list) else []


def lacks(seen: Evidence) -> bool:
    """Whether chunks are missing from the list that came back."""
    return isinstance(seen.value, list) and bool(set(due(seen)) - set(map(bytes_of, items(seen))))


def bytes_of(item: object) -> bytes:
    """The item, if it is bytes."""
    return bytes(item) if isinstance(item, bytes | bytearray) else b""


@rule
def number_too_small(seen: Evidence) -> bool:
    """There were more chunks than your numbers can count: {error}: {message} ({line}). One byte goes to 255; give the
    number four."""
    known = seen.raised("ValueError", "OverflowError", "error") and on(seen, CALM)
    return known and any(word in seen.error["message"] for word in ("256", "too big", "<= number", "255"))


@rule
def stranger_breaks_it(seen: Evidence) -> bool:
    """A stranger's datagram came, and it ended your function ({error}: {message}, {line}). Look first who has sent
    it, and only then what it says."""
    return bool(seen.error) and on(seen, STRANGERS) and not seen.raised("TimeoutError")


@rule
def stranger_believed(seen: Evidence) -> bool:
    """A stranger's datagram was taken for the peer's. The sender knows its `address`; the receiver's peer is who
    sends first. Whatever comes from another address is not for you."""
    return on(seen, STRANGERS) and (seen.kind == "wrong value" or bool(items(seen)))


@rule
def marker_in_the_data(seen: Evidence) -> bool:
    """A chunk looked like one of your own words, so it was not taken as a chunk. Chunks may hold any bytes. Tell your
    own datagrams by their form, not by their contents: a kind, or a number with nothing behind it."""
    got = list(map(bytes_of, items(seen)))
    ended = len(got) < len(MARKERS) and got == MANY[: len(got)]
    skipped = bool(got) and set() < set(MANY) - set(got) <= set(MARKERS)
    return on(seen, CALM) and isinstance(seen.value, list) and (ended or skipped)


@rule
def equal_chunks(seen: Evidence) -> bool:
    """Two equal chunks were sent one after the other, and one came out. The contents do not tell a new chunk from a
    repeated one: only a number does."""
    return bool(items(seen)) and items(seen).count(b"same") == 1 and on(seen, CALM)


@rule
def header_left_in(seen: Evidence) -> bool:
    """The chunks came back with something of your format still in them. Take off what you put on."""
    pairs = zip(map(bytes_of, items(seen)), due(seen), strict=False)
    return any(wanted != b"" and wanted in got and wanted != got for got, wanted in pairs)


@rule
def cut_short(seen: Evidence) -> bool:
    """A chunk lost its end: there was less room in `recvfrom` than the datagram had bytes. A chunk has up to 1,000,
    and your header comes on top."""
    return on(seen, CALM) and any(b"L" * 500 <= got < b"L" * 1000 for got in map(bytes_of, items(seen)))


@rule
def glued(seen: Evidence) -> bool:
    """All chunks came back as one. Return a list with an item for each chunk."""
    return seen.kind == "wrong value" and isinstance(seen.value, bytes | bytearray | str)


@rule
def old_taken_for_new(seen: Evidence) -> bool:
    """An old datagram came late and was taken for a new one. Number the chunks and the answers, compare both, and count
    on: two numbers in turn are not enough where an old one may still come."""
    left = seen.kind == "hung" and seen.got.startswith(NAMES[0])
    return on(seen, OLD, ALL) and (left or seen.kind == "wrong value")


@rule
def taken_twice(seen: Evidence) -> bool:
    """A chunk came out more than once: its answer was lost, so the sender sent it again. Answer again, and do not
    keep what you have: its number tells."""
    got = list(map(bytes_of, items(seen)))
    return any(got.count(item) > due(seen).count(item) > 0 for item in got)


@rule
def out_of_order(seen: Evidence) -> bool:
    """All chunks are there, and in another order: the road had changed it. Keep a chunk only when its number is the
    next one, or sort at the end."""
    got = list(map(bytes_of, items(seen)))
    return bool(got) and got != due(seen) and sorted(got) == sorted(due(seen))


@rule
def unanswered(seen: Evidence) -> bool:
    """A datagram was lost, and its chunk is missing: the sender went on without an answer to it. Wait for the answer,
    and send again until it comes."""
    return seen.kind == "wrong value" and lacks(seen) and on(seen, LOSS)


@rule
def end_not_answered(seen: Evidence) -> bool:
    """`receive_reliably` has returned, and `send_reliably` waits for an answer to the last datagram ({line}). Answer
    the end before you return."""
    return seen.kind == "hung" and seen.got.startswith(NAMES[1]) and on(seen, CALM)


@rule
def leaves_too_soon(seen: Evidence) -> bool:
    """The last answer was lost, the sender asks again and again ({line}), and nobody is there any more. The receiver
    must stay for a while after the end, and answer what still comes."""
    return seen.kind == "hung" and seen.got.startswith(NAMES[1])


@rule
def never_ends(seen: Evidence) -> bool:
    """All was sent, and `receive_reliably` still waits ({line}). It cannot know that the last chunk was the last: the
    sender must say so, and the receiver must return soon after."""
    return seen.kind == "hung" and seen.got.startswith(NAMES[0]) and on(seen, CALM)


@rule
def end_not_made_sure(seen: Evidence) -> bool:
    """`send_reliably` has returned, and `receive_reliably` has not learnt of the end ({line}). The datagram that says
    so may be lost as any other: send it again until it is answered."""
    return seen.kind == "hung" and seen.got.startswith(NAMES[0])


@rule
def no_time_out(seen: Evidence) -> bool:
    """A datagram or its answer was lost, and `send_reliably` waits in `{call}` ({line}) without a time-out. Nothing
    will come: set one, and send again."""
    return seen.got == NOTHING_NEW and seen.waits_in("recv", "recvfrom", "recvmsg") and not seen.count("settimeout")


@rule
def time_out_escapes(seen: Evidence) -> bool:
    """The time-out ended your function ({line}). It only means that a datagram was lost: send again, and wait
    again."""
    return seen.raised("TimeoutError", "BlockingIOError")


@rule
def new_ones_answered_only(seen: Evidence) -> bool:
    """An answer was lost, the chunk comes again, and `receive_reliably` says nothing to it. Answer every datagram of
    the sender, also one that you have: it comes because the answer was lost."""
    return seen.got == NOTHING_NEW and on(seen, LAST, ALL)


@rule
def no_understanding(seen: Evidence) -> bool:
    """Both functions go on, and get nowhere ({line}): what the one sends is not what the other waits for. Compare the
    datagrams on the wire with what each side looks for."""
    return seen.got == NOTHING_NEW


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
