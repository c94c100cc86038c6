"""Recording: while a trace is open, the methods of the class `socket.socket` are wrapped in one that writes down.

Methods are patched on the class and the class itself is never replaced: `ssl.SSLSocket` inherits from it, and
`accept` makes new objects of it. With no trace open the class is as Python made it.
"""

from __future__ import annotations

import functools
import itertools
import os
import socket
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from types import FrameType
from typing import Any

from sockscope.trace import live, observe
from sockscope.trace.record import CONNECTS, RECEIVES, SENDS, Call, Record, Sock

METHODS = (*sorted(CONNECTS | SENDS | RECEIVES), "accept", "bind", "close", "listen", "shutdown")

_recorders: tuple[Recorder, ...] = ()
_patched: dict[str, tuple[Any, Any]] = {}  # method -> what the class itself defined (or None), our wrapper
_threads = itertools.count(1)


class _Here(threading.local):
    """What belongs to the running thread."""

    def __init__(self) -> None:
        self.thread = next(_threads)  # never used twice, unlike threading.get_ident()
        self.inside = False  # in sendfile(), which calls send() itself
        self.half: weakref.ref[socket.socket] | None = None  # the first socket of a socketpair being made


_here = _Here()


class Recorder:
    """The calls made between `start` and `stop` on any socket in any thread."""

    def __init__(self, fallback: str = "") -> None:
        self.calls: list[Call] = []
        self.sockets: dict[int, Sock] = {}
        self.fallback = fallback
        self.main = 0
        self.workers: dict[int, weakref.ref[threading.Thread]] = {}

    def start(self) -> None:
        """Begin to record; the first recorder patches the class."""
        global _recorders
        self.main = _here.thread
        with live.lock:
            if not _recorders:
                live.begin()
                _install()
            _recorders = (*_recorders, self)

    def stop(self, frame: FrameType | None) -> None:
        """Record no more; `frame` is searched for variables that hold sockets which no call could name.

        The last recorder takes the patch away.
        """
        global _recorders
        with live.lock:
            for known in live.everything():
                for s in known.objects():
                    if frame is not None and not known.sock.names:
                        known.tries = 0
                        known.look_for_name(s, self.main, frame)
            _recorders = tuple(r for r in _recorders if r is not self)
            if not _recorders:
                _remove()
                live.forget()

    def add(self, call: Call, sock: Sock) -> None:
        """Take in a call that begins."""
        self.sockets[sock.number] = sock
        self.calls.append(call)
        if call.thread not in self.workers:
            self.workers[call.thread] = weakref.ref(threading.current_thread())

    def others(self) -> list[int]:
        """Return the numbers of the threads that made calls, but for the one that began the trace."""
        return [number for number in list(self.workers) if number != self.main]

    def record(self) -> Record:
        """Return what was recorded so far; calls that end later do not change it."""
        threads = {self.main: 0}
        calls = [replace(call, number=number) for number, call in enumerate(list(self.calls))]
        for call in calls:
            call.thread = threads.setdefault(call.thread, len(threads))
        sockets = {}
        for number, sock in list(self.sockets.items()):
            names = {threads[t]: name for t, name in list(sock.names.items()) if t in threads}
            sockets[number] = replace(sock, names=names, fallback=self.fallback)
        return Record(sockets, calls)


def _install() -> None:
    if _patched:  # after a fork in the middle of a trace
        return
    for name in ("__init__", *METHODS):
        original = getattr(socket.socket, name)
        wrapper = _wrapped_init(original) if name == "__init__" else _wrapped(name, original)
        _patched[name] = socket.socket.__dict__.get(name), wrapper
        setattr(socket.socket, name, wrapper)


def _remove() -> None:
    for name, (own, wrapper) in _patched.items():
        if socket.socket.__dict__.get(name) is not wrapper:
            continue  # somebody patched after us: ours stays below theirs, and passes everything on
        if own is None:
            delattr(socket.socket, name)
        else:
            setattr(socket.socket, name, own)
    _patched.clear()


def _forget_after_fork() -> None:
    """In a forked child nobody is recorded, and no lock is held by a thread that is not there."""
    global _recorders
    _recorders = ()
    live.lock = threading.RLock()
    live.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


def _wrapped(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def method(self: socket.socket, /, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # the learner's traceback shows the learner's frames
        call = None if _here.inside or not _recorders else _begin(self, name, args, kwargs)
        if call is None:
            return original(self, *args, **kwargs)
        _here.inside = name == "sendfile"
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            call.raised(error, perf_counter())
            raise
        finally:
            _here.inside = False
        call.returned(result, perf_counter())
        return result

    return method


def _begin(s: socket.socket, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> observe.Observed | None:
    """Write down that a call begins; None for what is not drawn. Nothing here may fail the learner's call."""
    try:
        frame = sys._getframe(2)
        known = live.find(s, frame)
        if known is None or known.hidden or (name == "close" and s.fileno() < 0):
            return None
        if name != "close" and _here.thread not in known.sock.names:  # `for s in everything: s.close()` says little
            known.look_for_name(s, _here.thread, frame)
        call = Call(known.sock.number, _here.thread, name)
        observed = observe.Observed(call, known, s, args, kwargs, frame)
        for recorder in _recorders:
            recorder.add(call, known.sock)
        call.start = perf_counter()
        return observed
    except Exception:
        return None


def _wrapped_init(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap `__init__`, to know which two sockets socketpair() makes, and which are copies of others."""

    @functools.wraps(original)
    def __init__(self: socket.socket, /, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if _recorders:
            frame = sys._getframe(1)
            if frame.f_code is socket.socketpair.__code__:
                _note_half(self, frame)
            elif kwargs.get("fileno") is not None:
                live.find(self, frame)

    return __init__


def _note_half(s: socket.socket, frame: FrameType) -> None:
    """Note one of the two sockets that socketpair() makes, one straight after the other."""
    first = _here.half() if _here.half is not None else None
    _here.half = weakref.ref(s) if first is None else None
    if first is not None:
        a, b = live.find(first, frame), live.find(s, frame)
        if a is not None and b is not None:
            a.sock.twin, b.sock.twin = b.sock.number, a.sock.number
