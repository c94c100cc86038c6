"""The end of a trace: other threads may be in the middle of what this thread has already seen the effect of."""

from __future__ import annotations

import sys
from time import monotonic, sleep

from netlib.patience import patience
from sockscope.trace import live
from sockscope.trace.patch import Recorder
from sockscope.trace.record import CONNECTS, RECEIVES, Call

LIMIT = 0.25  # seconds, at most, that the end of a trace waits
WAITS = RECEIVES | CONNECTS | {"accept"}
IDLE = {"wait", "select", "poll", "get"}  # where the standard library's threads wait


def settle(recorder: Recorder) -> None:
    """Wait until every other recorded thread has ended or waits for something that has not happened yet.

    Without this, a server thread whose `close()` the client has already noticed would be drawn with or without that
    close, as the threads' timing has it. There is no event for "a thread is about to wait", so this polls.
    """
    deadline = monotonic() + patience(LIMIT)
    while not all(_is_at_rest(recorder, number) for number in recorder.others()) and monotonic() < deadline:
        sleep(0.0005)


def _is_at_rest(recorder: Recorder, number: int) -> bool:
    thread = recorder.workers[number]()
    if thread is None or not thread.is_alive():
        return True
    last: dict[int, Call] = {call.sock: call for call in list(recorder.calls)}
    mine = {sock for sock, call in last.items() if call.thread == number}
    current = next((c for c in reversed(recorder.calls) if c.thread == number), None)
    frame = sys._current_frames().get(thread.ident or 0)
    idle = frame is not None and frame.f_code.co_name in IDLE and frame.f_globals.get("__name__") != "__main__"
    if not idle and (current is None or current.end is not None or current.name not in WAITS):
        return False
    sockets = [s for known in live.everything() if known.sock.number in mine for s in known.objects()]
    return not any(live.is_readable(s) for s in sockets)
