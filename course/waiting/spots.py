"""Where a cell's thread is, in the learner's own line, and what it waits for, from the kernel's view."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import linecache
import socket
import sys
import threading
import time
from dataclasses import dataclass
from types import FrameType
from typing import Any

from sockscope.kernel import Record, look, sock_diag, unread_by_peer
from sockscope.kernel.names import names_in, variables_of

RECEIVING = {"recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into", "read", "readinto"}
SENDING = {"send", "sendall", "sendto", "sendmsg", "sendfile", "write"}
CONNECTING = {"connect", "create_connection"}
# What waits on no socket: the class of the standard library in whose method it waits, or the last name of the call.
PLAIN = {
    "threading.Event": "nobody has set it",
    "threading.Condition": "nobody has notified it",
    "threading.Semaphore": "nobody has released it",
    "threading.Barrier": "not all have arrived",
    "queue.Queue": "nothing is in the queue, or no room",
    "concurrent.futures._base.Future": "it is not done",
    "subprocess.Popen": "that program has not ended",
    "selectors.BaseSelector": "nothing is ready",
    "select": "nothing is ready",
    "poll": "nothing is ready",
    "acquire": "it is held elsewhere",
    "waitpid": "that process has not ended",
}
# A checker has a deadline of its own; input() shows its own box.
IN_GOOD_HANDS = ("course.", "ipykernel.")
LONGEST = 60  # characters of a call that are shown
DEEPEST = 3  # threads that wait for threads


@dataclass(frozen=True)
class Spot:
    """A call on a line of the learner's, and why it does not return, as far as can be known."""

    call: str
    place: str  # "line 4", "line 2 of serve()"
    reason: str = ""

    def __str__(self) -> str:
        return f"`{self.call}`, {self.place}"


class Place:
    """Where one run of a cell is: in a call of its thread, or in an `await` of its task."""

    def __init__(self, thread: int, task: asyncio.Task[Any] | None, namespace: dict[str, Any]) -> None:
        self._thread, self._task, self._namespace = thread, task, namespace

    def now(self) -> tuple[tuple[object, ...], float]:
        """Return what is the same as long as the cell is in the same call, and its seconds on the processor.

        A loop of short calls is found in the same place each time. But a call that waits spends no time on the
        processor, not a nanosecond, and the calls of a loop do; and each `await` is for another object.
        """
        seconds = _cpu_seconds(self._thread)
        frame, _ = _learners_frame(self._thread, self._namespace)
        if frame is None and (awaits := self._await()):
            self._wake_loop()
            return (id(awaits[0]), awaits[1]), seconds
        innermost = sys._current_frames().get(self._thread)
        return (id(innermost), innermost and innermost.f_lasti, seconds), seconds

    def spot(self) -> Spot | None:
        """Return the call in which the cell is; None if nowhere in the notebook's code, or if that needs no notice."""
        frame, _ = _learners_frame(self._thread, self._namespace)
        if frame is None and (awaits := self._await()):
            return Spot(_call(awaits[0]), _place(awaits[0], awaits[2]))
        return find_spot(self._thread, self._namespace, in_cell=True)

    def _await(self) -> tuple[FrameType, object, str] | None:
        """Return the innermost of the notebook's coroutines that the task is in, what it awaits, the cell's file."""
        found, awaited, running = None, self._task.get_coro() if self._task else None, ""
        while (frame := getattr(awaited, "cr_frame", None)) is not None:
            awaited = getattr(awaited, "cr_await", None)
            if frame.f_globals is self._namespace:
                running = running or frame.f_code.co_filename
                found = frame, awaited, running
        return found

    def _wake_loop(self) -> None:
        """Let the event loop take a turn, so that ■ is heard: it cancels the task, which wakes no sleeping loop."""
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(int)


def find_spot(thread: int, namespace: dict[str, Any], in_cell: bool = False, depth: int = 0) -> Spot | None:
    """Return where the thread is in code of the notebook; None if nowhere, or if it is in good hands there.

    `namespace` is the notebook's own; `in_cell` says that the thread is the one that runs the cell; `depth` counts
    threads that wait for threads.
    """
    frame, inner = _learners_frame(thread, namespace)
    if frame is None or any(str(deep.f_globals.get("__name__")).startswith(IN_GOOD_HANDS) for deep in inner):
        return None
    call = _call(frame)
    try:
        reason = _reason(frame, inner, call, namespace, depth)
    except (OSError, ValueError, AttributeError):
        reason = ""  # the socket was closed while it was looked at, or nobody knows here
    # Another thread runs no cell: there each line is told with its function.
    running = _running_cell(frame, namespace) if in_cell else ""
    return Spot(call, _place(frame, running), reason)


def _learners_frame(thread: int, namespace: dict[str, Any]) -> tuple[FrameType | None, list[FrameType]]:
    """Return the innermost frame of the notebook's code, and the frames inside it, the deepest first."""
    frame, inner = sys._current_frames().get(thread), []
    while frame is not None and frame.f_globals is not namespace:
        inner.append(frame)
        frame = frame.f_back
    return frame, inner


def _cpu_seconds(thread: int) -> float:
    """Return how long this living thread has had the processor, or 0 where nobody knows (macOS)."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(thread))


def _call(frame: FrameType) -> str:
    from course.checker.process.where import call_text  # here, because the checker is large and most cells never wait

    lines = linecache.getlines(frame.f_code.co_filename)
    _, text = call_text("".join(lines), frame)
    if not text.endswith(")"):  # `for line in reader:` waits in the word `reader`
        text = "".join(lines[frame.f_lineno - 1 : frame.f_lineno]).strip().removesuffix(":")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _place(frame: FrameType, running: str) -> str:
    """Return "line 4", with the function's name if that is not line 4 of the cell whose file is `running`."""
    line, code = f"line {frame.f_lineno}", frame.f_code
    return line if code.co_filename == running else f"{line} of the cell with {code.co_name}()"


def _running_cell(frame: FrameType | None, namespace: dict[str, Any]) -> str:
    """Return the file of the outermost code of the notebook on the stack."""
    running = ""
    while frame is not None:
        running = frame.f_code.co_filename if frame.f_globals is namespace else running
        frame = frame.f_back
    return running


def _reason(frame: FrameType, inner: list[FrameType], call: str, namespace: dict[str, Any], depth: int) -> str:
    """Return why the call does not return. `inner` are the standard library's frames in it, the deepest first."""
    for deep in inner:
        variables, doing = variables_of(deep), deep.f_code.co_name
        me = variables.get("self")
        if isinstance(me, socket.SocketIO):
            me = me._sock  # type: ignore[attr-defined]
        elif doing == "create_connection":
            me = variables.get("sock")
        if isinstance(me, socket.socket):
            return about_socket(me, doing)
    for shallow in reversed(inner):
        me = variables_of(shallow).get("self")
        if isinstance(me, threading.Thread):
            return _about_thread(me, namespace, depth)
        for kind in type(me).__mro__:
            if words := PLAIN.get(f"{kind.__module__}.{kind.__name__}"):
                return words
    return _about_call(frame, call)


def _about_call(frame: FrameType, call: str) -> str:
    """Return the reason for a call that no Python code is beneath: `conn.recv(9)`."""
    with contextlib.suppress(SyntaxError):
        node = ast.parse(call, mode="eval").body
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {name: sock for sock, name in names_in(frame).items()}
            sock = named.get(ast.unparse(node.func.value))
            return about_socket(sock, node.func.attr) if sock else PLAIN.get(node.func.attr, "")
    return ""


def _about_thread(thread: threading.Thread, namespace: dict[str, Any], depth: int) -> str:
    spot = find_spot(thread.ident or 0, namespace, depth=depth + 1) if depth < DEEPEST else None
    if spot is None:
        return f"thread {thread.name} has not ended"
    return f"thread {thread.name} is in {spot}" + (f": {spot.reason}" if spot.reason else "")


def about_socket(sock: socket.socket, doing: str) -> str:
    """Return why `doing` (the name of a method) on `sock` does not return, from what the kernel knows of it."""
    if sock.fileno() == -1:
        return "it was closed meanwhile, which does not wake the call"
    record = look(sock, settle=0)[0]
    if record.state == "LISTEN":
        return "" if record.accept_queue else "nobody has connected"
    if doing in CONNECTING:
        return _about_connect(record)
    if doing in SENDING:
        unread = unread_by_peer(sock)
        return f"the peer does not read: {unread} bytes wait for it" if unread else ""
    if doing not in RECEIVING:
        return ""
    if sock.type == socket.SOCK_DGRAM:
        return "no datagram has come"
    return _about_receive(sock, record)


def _about_receive(sock: socket.socket, record: Record) -> str:
    nothing = "the peer has sent nothing more" if record.read else "the peer has sent nothing"
    if sock.family == socket.AF_UNIX:  # whose kernel does not count what was read
        nothing = "nothing more has come"
    else:
        peer = sock_diag.find(sock.getpeername()[:2], sock.getsockname()[:2])
        if peer is not None and peer.inode == 0:
            return "nobody has accepted this connection yet"
    unread = unread_by_peer(sock)
    if unread:
        return f"{nothing}, and has not read {unread} of the bytes that you sent"
    return f"{nothing}, and has read all that you sent" if record.written and unread == 0 else nothing


def _about_connect(record: Record) -> str:
    listeners = (r for r in sock_diag.dump(record.family, record.type) if r.state == "LISTEN")
    listener = next((one for one in listeners if one.ports[0] == record.ports[1]), None)
    if listener is None or (listener.accept_queue or 0) <= (listener.backlog or 0):
        return "no answer has come"
    return f"the listener's queue is full, waiting to be accepted: {listener.accept_queue} of {listener.backlog}"
