"""A server of the checker's, for answers that connect."""

from __future__ import annotations

import socket
from collections.abc import Callable

from course.checker.scene.clock import Clock
from course.checker.scene.failure import Failed
from course.checker.scene.peers import Peer

Adopt = Callable[[socket.socket, str], Peer]  # makes a connected socket, by its name, a peer of the case


class ServerPeer:
    """A listener of the checker's. `accepts()` gives the peer that then hears, sends, ends, resets."""

    def __init__(self, clock: Clock, adopt: Adopt, listener: socket.socket, name: str) -> None:
        self._clock, self._adopt, self.listener, self.name = clock, adopt, listener, name
        self._accepted = 0
        clock.talk.meets(listener, name, listening=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where the answer is to connect."""
        address: tuple[str, int] = self.listener.getsockname()[:2]
        return address

    def accepts(self) -> Peer:
        """The answer connects; return the connection."""
        wanted = f"your function connects to the {self.name}"
        try:
            if not self._clock.until_ready(self.listener):
                raise Failed("returned early", wanted, "it returned without connecting")
        except Failed as failure:
            failure.expected = failure.expected or wanted
            failure.got = failure.got or "no connection came"
            self._clock.talk.waits(self.listener, "accept")
            raise
        conn, _ = self.listener.accept()
        self._accepted += 1
        self._clock.log(f"{self.name} accepts a connection")
        peer = self._adopt(conn, self.name)
        self._clock.talk.accepts(self.listener, conn)
        return peer

    def nobody_came(self) -> None:
        """No further connection waits to be accepted."""
        self.listener.setblocking(False)
        try:
            conn, _ = self.listener.accept()
        except BlockingIOError:
            return
        conn.close()
        raise Failed("broken", f"nobody else connects to the {self.name}", "another connection came")
