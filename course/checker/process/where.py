"""Where a thread of the answer is: the exact call on the learner's line, and whether it waits or spins.

Runs in the answer's process, in a thread of its own, when the deadline has passed.
"""

from __future__ import annotations

import ast
import itertools
import math
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from course.checker.process.scheduling import is_ready, ran_or_queued

SAMPLE_SECONDS = 0.02  # long enough to tell a spinning thread (all of it) from a waiting one (none of it)
BUSY_SHARE = 0.15  # several spinning threads share one interpreter; a loop around a sleep stays far below


def call_text(source: str, frame: FrameType, lasti: int | None = None) -> tuple[int, str]:
    """Return the line and the exact text of the call that `frame` is in (PEP 657 positions)."""
    at = frame.f_lasti if lasti is None else lasti
    position = next(itertools.islice(frame.f_code.co_positions(), at // 2, None), None)
    return span_text(source, frame.f_lineno, position)


def span_text(
    source: str, lineno: int, position: tuple[int | None, int | None, int | None, int | None] | None
) -> tuple[int, str]:
    """Return the first line and the text of a span of `source`, white space folded; the whole line without one."""
    lines = source.splitlines()
    first, last, start, end = position or (None, None, None, None)
    if first is None or last is None or start is None or end is None or last > len(lines):
        return lineno, lines[lineno - 1].strip() if 0 < lineno <= len(lines) else ""
    header = _entered(source, (first, start), (last, end))
    if header:
        return first, header
    raw = "\n".join(lines[first - 1 : last]).encode()
    tail = len(lines[last - 1].encode()) - end
    text = raw[start : len(raw) - tail].decode(errors="replace")
    return first, " ".join(text.split())


def _entered(source: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return `with a, b` if the span is that of a `with` being entered, "" if it is another.

    The span is the whole statement in Python 3.11 and 3.12, and since 3.13 the expression that is entered.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a part of a text, or one that holds a null character
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.With | ast.AsyncWith):
            # an expression that is a call is waited for as a call: `with create_connection(…)`
            entered = [item.context_expr for item in node.items if not isinstance(item.context_expr, ast.Call)]
            spans = [((one.lineno, one.col_offset), (one.end_lineno, one.end_col_offset)) for one in (node, *entered)]
            if (start, end) in spans:
                return "with " + ", ".join(ast.unparse(item) for item in node.items)
    return ""


def thread_spots(sources: dict[str, str], under_way: dict[int, tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return for each thread that is inside the answer: file, line, call, busy, and its socket call if any."""
    main = threading.main_thread().ident
    native = {thread.ident: thread.native_id for thread in threading.enumerate()}
    native[main] = os.getpid()  # CPython 3.11 keeps the id from before the fork
    before = {ident: _ran(ident, native.get(ident)) for ident in sys._current_frames()}
    ready = {ident for ident in before if _is_ready(native.get(ident))}
    time.sleep(SAMPLE_SECONDS)
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    spots = []
    for ident, innermost in sys._current_frames().items():
        frame = _own_frame(innermost, sources)
        if frame is None:
            continue
        busy = _ran(ident, native.get(ident)) - before.get(ident, math.inf) > SAMPLE_SECONDS * BUSY_SHARE
        busy = busy or (ident in ready and _is_ready(native.get(ident)))  # no processor for it all the while
        spot = _spot(frame, sources, busy)
        name, record = under_way.get(ident, ("", None))
        spot |= {"main": ident == main, "thread": names.get(ident, ""), "method": name}
        spot["socket"] = record.facts() if record is not None else None
        spots.append(spot)
    return sorted(spots, key=lambda spot: (not spot["main"], spot["thread"], spot["line"]))


def _spot(frame: FrameType, sources: dict[str, str], busy: bool) -> dict[str, Any]:
    file = frame.f_code.co_filename
    line, text = call_text(sources[file], frame)
    lock, elsewhere = ("", False) if busy else _lock_in(text, frame)
    if busy:
        file, line = _loop(frame, sources) or (file, line)
        text = sources[file].splitlines()[line - 1].strip().removesuffix(":")
    return {"file": file, "line": line, "call": text, "busy": busy, "lock": lock, "elsewhere": elsewhere}


def _own_frame(frame: FrameType | None, sources: dict[str, str]) -> FrameType | None:
    while frame is not None and frame.f_code.co_filename not in sources:
        frame = frame.f_back
    return frame


def _loop(frame: FrameType | None, sources: dict[str, str]) -> tuple[str, int] | None:
    """Return the header of the loop that a spinning thread is in: where it is in the loop is chance."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file in sources:
            inside = [
                node
                for node in ast.walk(ast.parse(sources[file]))
                if isinstance(node, ast.While | ast.For)
                and node.lineno <= frame.f_lineno <= (node.end_lineno or node.lineno)
                and node.lineno >= frame.f_code.co_firstlineno
            ]
            if inside:
                return file, max(node.lineno for node in inside)
        frame = frame.f_back
    return None


def _lock_in(text: str, frame: FrameType) -> tuple[str, bool]:
    """Return the name of a held lock that the call `text` is about, and whether it is another module's."""
    try:
        tree = ast.parse(f"{text}: pass" if text.startswith("with ") else text)
    except SyntaxError:
        return "", False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and _is_held_lock(_value(node, frame)):
            owner = _value(node.value, frame) if isinstance(node, ast.Attribute) else None
            return ast.unparse(node), isinstance(owner, ModuleType)
    return "", False


def _value(node: ast.expr, frame: FrameType) -> object:
    """Return what a dotted name means in `frame`, without running code of the answer's (no properties)."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, frame)
        return getattr(owner, "__dict__", {}).get(node.attr)
    return None


def _is_held_lock(value: object) -> bool:
    if isinstance(value, type(threading.Lock())):
        return value.locked()
    if isinstance(value, type(threading.RLock())):
        return "owner=0" not in repr(value)
    return False


def _ran(ident: int, native: int | None) -> float:
    """Return the seconds for which a thread ran or wanted to; where the kernel does not tell, for which it ran."""
    try:
        return ran_or_queued(Path(f"/proc/self/task/{native}"))
    except (OSError, ValueError):
        pass
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(ident))
    except (OSError, AttributeError):
        return 0.0  # it ended meanwhile, or a platform without clocks for threads


def _is_ready(native: int | None) -> bool:
    """Return whether a thread runs or could run at this moment (proc(5), state R)."""
    try:
        return is_ready(Path(f"/proc/self/task/{native}"))
    except OSError:
        return False
