"""A road between two functions of the answer: every datagram of either passes here, and meets the fate of its place.

For answers that have both ends of a protocol of their own. The checker cannot know their format; it can lose, double
and delay what they send, and see whether both return.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from course.checker.process.runner import wait
from course.checker.scene.datagrams import LARGEST
from course.checker.scene.failure import Failed, show
from netlib.patience import patience

if TYPE_CHECKING:
    from course.checker.scene.calls import Call
    from course.checker.scene.case import Case

QUIET_SECONDS = 1.5  # both run, and nothing is sent that was not sent before: far longer than any sensible time-out
SENDER_ALONE, RECEIVER_ALONE = 2.0, 2.5  # how long either may go on when the other has returned
LINES = 40  # of the wire log

WORDS = {".": "", "x": ", lost", "2": ", doubled", "r": ", held back", "o": ", and again behind the next"}

Ends = tuple[socket.socket, socket.socket]  # the sender's and the receiver's
Fate = Callable[[bytes], list[bytes]]  # a datagram comes in, and these go out


class Pattern:
    """The fates of one direction, in turn: marks that are read in a circle.

    `.` passes; `x` is lost; `2` passes twice; `r` is overtaken by the next that passes; `o` passes, and an old copy of
    it comes behind the next that passes.
    """

    def __init__(self, marks: str) -> None:
        if not marks or set(marks) - set(WORDS):
            raise ValueError(f"a pattern consists of the marks {''.join(WORDS)}, and not of {marks!r}")
        self.marks = marks
        self.count = 0
        self.word = ""
        self._late: list[bytes] = []

    def __call__(self, datagram: bytes) -> list[bytes]:
        """Return what goes out."""
        mark = self.marks[self.count % len(self.marks)]
        self.count += 1
        self.word = WORDS[mark]
        if mark == "x":
            return []
        if mark == "r":
            self._late.append(datagram)
            return []
        late, self._late = self._late, [datagram] if mark == "o" else []
        return [datagram] * (2 if mark == "2" else 1) + late


def listening() -> tuple[dict[bytes, bytes], Fate, Fate]:
    """Return two fates that let everything pass, and what they learn: for each datagram the answer that it got."""
    answers: dict[bytes, bytes] = {}
    sent = [b""]

    def there(datagram: bytes) -> list[bytes]:
        sent.append(datagram)
        return [datagram]

    def back(datagram: bytes) -> list[bytes]:
        answers.setdefault(sent[-1], datagram)
        return [datagram]

    return answers, there, back


class Forger:
    """On the way there: loses each of some chunks once, and lets a stranger send others in their place.

    The stranger sends to both ends: nothing, `words`, and then the lost datagram with `words` in it, or the answer
    that it would have got (`answers`, from an earlier transfer of the same chunks).
    """

    def __init__(self, case: Case, ends: Ends, chunks: Sequence[bytes], words: bytes, answers: dict[bytes, bytes]):
        self.ends, self.words, self.answers, self.word = ends, words, answers, ""
        self._stranger = case.datagrams("stranger").sock
        self._left = list(chunks)

    def __call__(self, datagram: bytes) -> list[bytes]:
        """Return what goes out."""
        chunk = next((one for one in self._left if one in datagram), None)
        self.word = ", lost; a stranger sends to both" if chunk else ""
        if chunk is None:
            return [datagram]
        self._left.remove(chunk)
        forged = datagram.replace(chunk, self.words.ljust(len(chunk), b"!"))
        answer = self.answers.get(datagram, self.words)
        for sock, last in zip(self.ends, (answer, forged), strict=True):
            for one in (b"", self.words, last):
                self._stranger.sendto(one, sock.getsockname())
        return []


class Road:
    """Carries datagrams between the sockets of a sender and of a receiver; both know the road's address only."""

    def __init__(self, case: Case, sender: socket.socket, receiver: socket.socket) -> None:
        self._case = case
        self._peer = case.datagrams("road")
        self._ends: tuple[Any, Any] = (sender.getsockname(), receiver.getsockname())
        self._seen: set[bytes] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Where both ends send to."""
        return self._peer.address

    def carry(self, calls: Sequence[Call], there: Fate, back: Fate, names: Sequence[str]) -> None:
        """Carry until both calls, the sender's and the receiver's, have returned.

        Raises:
            Failed: one of them died, or they do not get on: nothing new was sent for long, or one goes on alone.
        """
        ended: list[float | None] = [None, None]
        news = time.monotonic()
        while True:
            self._case.clock.pump()
            now = time.monotonic()
            ended = [at or (None if call.running else now) for at, call in zip(ended, calls, strict=True)]
            if any(call.died for call in calls):
                raise Failed("raised", "both functions return")
            limit, problem = _limit(ended, news, names)
            if now > limit or not self._case.clock.left():
                raise problem
            if not wait([self._peer.sock.fileno()], 0):
                if None not in ended:
                    return
                self._case.clock.ready_within(self._peer.sock, limit - now)
                continue
            if self._carry_one(there, back, names):
                news = now

    def _carry_one(self, there: Fate, back: Fate, names: Sequence[str]) -> bool:
        """Carry the datagram that is there; tell whether it is a new one."""
        datagram, source = self._peer.sock.recvfrom(LARGEST)
        if source not in self._ends:
            return False
        at = self._ends.index(source)
        fate = (there, back)[at]
        out = fate(datagram)
        clock = self._case.clock
        if len(clock.wire) < LINES:
            clock.log(f"{names[at]} sends {show(datagram)}{getattr(fate, 'word', '')}")
        elif len(clock.wire) == LINES:
            clock.log("… and so on")
        for one in out:
            self._peer.sock.sendto(one, self._ends[1 - at])
        new = datagram not in self._seen
        self._seen.add(datagram)
        return new


def _limit(ended: Sequence[float | None], news: float, names: Sequence[str]) -> tuple[float, Failed]:
    """Return until when they may go on as they do, and what is wrong after that."""
    sent, received = ended
    if sent is None and received is None:
        return news + patience(QUIET_SECONDS), Failed("hung", "both functions return", NOTHING_NEW)
    if sent is None:
        got = f"{names[1]} has returned, and {names[0]} goes on"
        return (received or 0) + patience(SENDER_ALONE), Failed("hung", f"{names[0]} returns", got)
    got = f"{names[0]} has returned, and {names[1]} goes on"
    return sent + patience(RECEIVER_ALONE), Failed("hung", f"{names[1]} returns soon after the last datagram", got)


NOTHING_NEW = "both go on, and nothing was sent that was not sent before"
