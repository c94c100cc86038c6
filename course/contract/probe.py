"""Inside a lesson's kernel: what the cells left open, whom they talked to, and what failed unseen.

Imported by the kernel that runs a lesson under watch, never by a lesson.
"""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import json
import socket
import sys
import threading
import warnings
import weakref
from typing import Any

_threads: set[threading.Thread] = set()
_sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
_children: set[int] = set()
_strangers: list[str] = []
_failures: list[str] = []
_ADDRESS_EVENTS = {"socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname"}


def answer(question: str) -> str:
    """Return as JSON what one of the functions below says."""
    functions = {"start": start, "left": left, "seen": seen, "clean": clean}
    return json.dumps(functions[question]())


def start() -> list[str]:
    """Take what is there now as the kernel's own, and begin to watch."""
    _threads.update(threading.enumerate())
    _sockets.update(_open_sockets())
    _children.update(_child_processes())
    sys.addaudithook(_note_address)
    threading.excepthook = lambda failed: _failures.append(
        f"thread {failed.thread.name if failed.thread else '?'} raised {failed.exc_type.__name__}: {failed.exc_value}"
    )
    sys.unraisablehook = lambda failed: _failures.append(
        f"{failed.object!r} raised {failed.exc_type.__name__ if failed.exc_type else 'an error'}: {failed.exc_value}"
    )
    warnings.simplefilter("always", ResourceWarning)
    show = warnings.showwarning

    def note(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, ResourceWarning) or "nobody asked for its result" in str(message):
            _failures.append(f"{category.__name__}: {message}")
        else:
            show(message, category, *where, **more)

    warnings.showwarning = note
    return []


def seen() -> list[str]:
    """Return what went wrong unseen since the last call: failed threads, forgotten sockets, strange addresses."""
    gc.collect()
    found = [*_failures, *_strangers]
    _failures.clear()
    _strangers.clear()
    return found


def left() -> list[str]:
    """Return what the cells have left: threads, child processes, listening and open sockets."""
    gc.collect()
    found = [f"thread {thread.name!r} still runs" for thread in threading.enumerate() if thread not in _threads]
    found += [f"child process {pid} still runs" for pid in sorted(_child_processes() - _children)]
    for sock in _open_sockets():
        if sock not in _sockets:
            kind = "a listening socket" if _listens(sock) else "a socket"
            found.append(f"{kind} is still open: {sock!r}")
    return found + seen()


def clean() -> list[str]:
    """Shut down and close every socket that the cells have left, so that the section can begin anew."""
    for sock in _open_sockets():
        if sock not in _sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
    for thread in threading.enumerate():
        if thread not in _threads:
            thread.join(1)
    seen()
    return []


def _open_sockets() -> list[socket.socket]:
    return [thing for thing in gc.get_objects() if _is_open_socket(thing)]


def _is_open_socket(thing: object) -> bool:
    try:
        return isinstance(thing, socket.socket) and thing.fileno() >= 0
    except ReferenceError:  # a proxy whose object is gone
        return False


def _listens(sock: socket.socket) -> bool:
    try:
        return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def _child_processes() -> set[int]:
    import psutil

    return {child.pid for child in psutil.Process().children(recursive=True)}


def _note_address(event: str, arguments: tuple[Any, ...]) -> None:
    """Note a host that is not loopback, and `localhost`: what that stands for, if anything, is the machine's choice."""
    address = arguments[-1] if event in _ADDRESS_EVENTS else ()
    host = str(address[0]) if isinstance(address, tuple) and address else None
    if host == "localhost" or (event in _LOOK_UPS and arguments[0] == "localhost"):
        _strangers.append(f"{event} with 'localhost', which is loopback by one address, by another, or not known here")
    elif host is not None and not _is_loopback(host):
        _strangers.append(f"{event} with {host!r}, which is not loopback")


def _is_loopback(host: str) -> bool:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        with contextlib.suppress(OSError):  # no number either
            return socket.inet_aton(host)[0] == 127  # "127.1": inet(3) knows numbers with fewer dots
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
