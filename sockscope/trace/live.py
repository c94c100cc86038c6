"""What is known of each socket while a trace is open, without keeping any socket alive."""

from __future__ import annotations

import array
import itertools
import os
import select
import socket
import stat
import struct
import threading
import weakref
from contextlib import suppress
from types import FrameType

from sockscope.trace.names import variable_of
from sockscope.trace.record import Address, Sock

FAMILIES = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"} | (
    {socket.AF_UNIX: "UNIX"} if hasattr(socket, "AF_UNIX") else {}
)
STREAMS = {socket.SOCK_STREAM, getattr(socket, "SOCK_SEQPACKET", -1)}
SELF_PIPE = {"_make_self_pipe", "_read_from_self", "_write_to_self", "_close_self_pipe"}  # asyncio.selector_events
TRIES = 6  # how many calls may look for a socket's variable: the sockets of an event loop have none

lock = threading.RLock()  # re-entrant: a signal handler may use a socket while we hold it
_live: dict[int, tuple[weakref.ref[socket.socket], Live]] = {}  # by id(), which a later object may have again
_unread: dict[int, int] = {}  # by inode: bytes that already waited to be read when the trace began
_numbers = itertools.count()


class Live:
    """One socket of the kernel, and weak references to the Python objects that stand for it."""

    __slots__ = ("ended", "got", "hidden", "inode", "refs", "reset", "sent", "sock", "tries", "unsure")

    def __init__(self, sock: Sock, inode: int, hidden: bool) -> None:
        self.sock, self.inode, self.hidden = sock, inode, hidden
        self.refs: list[weakref.ref[socket.socket]] = []  # dup() and ssl make several objects of one socket
        self.sent = self.tries = 0
        self.got = -_unread.get(inode, 0)
        self.unsure = True  # its addresses may change with its first bytes
        self.ended = False  # its FIN or RST is out
        self.reset = False  # an RST came in: close() sends nothing more

    def objects(self) -> list[socket.socket]:
        """Return the objects that are still open."""
        return [s for ref in self.refs if (s := ref()) is not None and s.fileno() >= 0]

    def look_up_addresses(self, s: socket.socket) -> None:
        """Note both addresses, as far as the kernel has them."""
        with suppress(OSError):
            self.sock.me = address_of(s.getsockname()) or self.sock.me
            self.sock.you = address_of(s.getpeername()) or self.sock.you

    def look_for_name(self, s: socket.socket, thread: int, frame: FrameType) -> None:
        """Look for the variable that holds `s` in this thread's frames, a few times at most."""
        self.tries += 1
        if self.tries <= TRIES and (name := variable_of(s, frame)):
            self.sock.names[thread] = name


def address_of(address: object) -> Address | None:
    """Return host and port (for AF_UNIX path and 0), or None for no address.

    An IPv4 address seen through an IPv6 socket is the IPv4 address: both ends must be called the same.
    """
    match address:
        case (str(host), int(port), *_):
            return host.removeprefix("::ffff:"), port
        case bytes():
            return (address.decode("latin-1"), 0) if address else None
        case str():
            return (address, 0) if address else None
    return None


def find(s: socket.socket, frame: FrameType) -> Live | None:
    """Return what is known of `s`, meeting it if it is new; None for a family we do not draw."""
    ref, live = _live.get(id(s), (None, None))
    if ref is not None and ref() is s:
        return live
    family = FAMILIES.get(s.family)
    if family is None or s.type not in STREAMS | {socket.SOCK_DGRAM}:
        return None
    with lock:
        return _meet(s, family, frame)


def _meet(s: socket.socket, family: str, frame: FrameType) -> Live:
    inode = os.fstat(s.fileno()).st_ino if s.fileno() >= 0 else 0
    live = next((x for _, x in _live.values() if inode and x.inode == inode), None)
    if live is None:
        callers = {f.f_code.co_name for f in (frame, frame.f_back) if f is not None}
        live = Live(Sock(next(_numbers), family, s.type in STREAMS), inode, hidden=bool(callers & SELF_PIPE))
        live.look_up_addresses(s)
        with suppress(OSError):
            live.sock.listening = bool(s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    ref = weakref.ref(s)
    live.refs.append(ref)
    live.sock.tls |= any(cls.__name__ == "SSLSocket" for cls in type(s).__mro__)
    _live[id(s)] = ref, live
    return live


def everything() -> list[Live]:
    """Return all that is known, each socket once."""
    with lock:
        return list({id(live): live for _, live in _live.values()}.values())


def begin() -> None:
    """Note the bytes that already wait in this process's sockets, so that offsets begin at 0 after them."""
    with suppress(OSError):
        for fd in map(int, os.listdir("/dev/fd")):
            with suppress(OSError):
                status = os.fstat(fd)
                if stat.S_ISSOCK(status.st_mode) and (waiting := bytes_waiting(fd)):
                    _unread[status.st_ino] = waiting


def forget() -> None:
    """Drop everything: no trace is open."""
    _live.clear()
    _unread.clear()


def bytes_waiting(fd: int) -> int:
    """Return how many bytes can be read from the socket at once: FIONREAD, tcp(7), unix(7); 0 if unknown."""
    try:
        import fcntl
        import termios
    except ImportError:  # not a Unix
        return 0
    count = array.array("i", [0])
    with suppress(OSError):  # a listening socket has none: EINVAL
        fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]


def resets_on_close(s: socket.socket) -> bool:
    """Whether close() will send RST instead of FIN: unread bytes (RFC 2525, 2.17), or SO_LINGER with 0 seconds."""
    on, seconds = struct.unpack("ii", s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
    return bool(on and seconds == 0) or bytes_waiting(s.fileno()) > 0


def is_readable(s: socket.socket) -> bool:
    """Whether a read or an accept would return at once."""
    with suppress(OSError, ValueError):
        watch = select.poll()
        watch.register(s.fileno(), select.POLLIN)
        return bool(watch.poll(0))
    return False
