"""The answer's side of a failing case's picture: the first calls on its sockets, recorded in its own process."""

from __future__ import annotations

from netlib.trace import live
from netlib.trace.patch import Recorder
from netlib.trace.record import Call, Sock

KEPT = 200  # calls: a loop that never ends makes a million, and the picture is folded long before that


class FirstCalls(Recorder):
    """Records as `netlib.trace.trace()` does, for the rest of this process's life, and only the first calls."""

    def begin(self) -> None:
        """Begin to record, in the thread that calls this."""
        self.start()
        live.forget()  # bytes that wait by now were sent by peers whose own record begins with them

    def add(self, call: Call, sock: Sock) -> None:
        """Take in a call that begins."""
        if len(self.calls) < KEPT:
            super().add(call, sock)

    def forget(self) -> None:
        """Forget all calls: another case begins."""
        self.calls.clear()
        self.sockets.clear()
        live.forget()

    def json(self) -> str:
        """Return what was recorded so far as JSON, empty for no call at all."""
        return self.record().to_json() if self.calls else ""
