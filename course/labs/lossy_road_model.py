"""The logic of the lossy-road lab: twenty numbered datagrams over a relay that spoils some of them on purpose.

Between two runs nothing is open. During one there are a sender, a receiver, and the relay in a second terminal.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import Any

from course.labs.drawing import Picture
from course.labs.lossy_road_picture import draw
from course.labs.watch import Waits
from netlib.faults import HOLD_SECONDS, Counts, LossyRelay
from netlib.patience import patience
from netlib.terminals import serving
from sockscope.kernel.own import records_of

COUNT = 20
PAUSE_SECONDS = 0.05  # between two datagrams: slow enough to watch, and the subject of nothing
LOOK_SECONDS = 0.02


class Road:
    """A road with three probabilities in percent, and a seed that fixes what happens to which datagram.

    `start` begins a run; `turn` then does what is due: it sends the next datagram, and reads what has arrived.
    """

    def __init__(self, pause: float = PAUSE_SECONDS) -> None:
        self.percent = {"loss": 20, "duplication": 0, "reordering": 0}
        self.seed = 7
        self.sent = 0
        self.arrived: list[int] = []
        self.counts = Counts()
        self._pause = pause
        self._relay: LossyRelay | None = None
        self._opened = contextlib.ExitStack()
        self._deadline = self._next = 0.0

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._relay is not None

    def set(self, name: str, percent: int) -> None:
        """Change one of the probabilities, also on the way."""
        self.percent[name] = percent
        if self._relay:
            setattr(self._relay.faults, name, percent / 100)

    def start(self) -> str:
        """Begin a run, unless one is under way: open the three sockets."""
        if self.running:
            return "not yet: twenty datagrams are on the road"
        self.sent, self.arrived = 0, []
        with contextlib.ExitStack() as opening:
            self.receiver = opening.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            self.receiver.bind(("127.0.0.1", 0))
            self.receiver.setblocking(False)
            self._sender = opening.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            relay = LossyRelay(
                self.receiver.getsockname(), seed=self.seed, **{k: v / 100 for k, v in self.percent.items()}
            )
            self._road: Any = opening.enter_context(serving(relay, type=socket.SOCK_DGRAM))
            self._opened = opening.pop_all()
        self._relay, self.counts = relay, relay.there
        self._next = time.monotonic()
        return f"{COUNT} datagrams, one after another"

    def stop(self) -> str:
        """End the run where it is."""
        if not self.running:
            return "nothing is on the road"
        self.close()
        return f"stopped, after {self.sent} datagrams"

    def turn(self) -> Waits:
        """Send what is due, read what has arrived, and end the run once nothing more can come."""
        if self._relay is None:
            return Waits()
        now = time.monotonic()
        if self.sent < COUNT and now >= self._next:
            self._sender.sendto(b"%d" % self.sent, self._road)
            self.sent += 1
            self._next = now + self._pause
            self._deadline = now + patience(HOLD_SECONDS) + patience(1.0)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.arrived.append(int(self.receiver.recv(100)))
        if self._is_over(now):
            self.close()
            return Waits()
        # When a datagram is lost, nothing happens here: the relay's counts must be looked at again.
        pause = self._next - now if self.sent < COUNT else LOOK_SECONDS
        return Waits(readable=(self.receiver.fileno(),), seconds=max(0.0, pause))

    def _is_over(self, now: float) -> bool:
        expected = self.counts.carried - self.counts.lost + self.counts.duplicated
        all_here = self.counts.carried == COUNT and len(self.arrived) == expected
        return self.sent == COUNT and (all_here or now > self._deadline)

    def finish(self) -> None:
        """Go on until the run is over. It ends by itself: what is held back on the road is held for a second."""
        while self.running:
            waits = self.turn()
            select.select(waits.readable, [], [], waits.seconds) if self.running else None

    def close(self) -> None:
        """End the run, if there is one: close the sockets and wait for the relay's end."""
        self._relay = None
        self._opened.close()

    def picture(self) -> Picture:
        """Draw what was sent, what has arrived, and in which order."""
        where = [("receiver", records_of([self.receiver])[0])] if self.running else []
        return draw(COUNT, self.sent, self.arrived, self.counts, over=not self.running, records=where)
