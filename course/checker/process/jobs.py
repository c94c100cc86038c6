"""One more call for an answer's process that an earlier call has left as it was: no second fork is needed.

A fork of a kernel costs milliseconds, and a check of ten cases must not feel slow. So a process whose call has
ended and left nothing takes the next one: its arguments cross as JSON, its sockets as descriptors (unix(7),
SCM_RIGHTS). What cannot cross gets a process of its own.
"""

from __future__ import annotations

import _socket
import array
import json
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from course.checker.process.encoding import pack, unpack

LONGEST = 65536  # bytes of arguments: more than that might not leave in one piece
MOST_SOCKETS = 16
LENGTH = struct.Struct("!I")


@dataclass(frozen=True)
class Job:
    """A call: `via(function, *args)`, or `function(*args)`, of the answer number `which`."""

    args: tuple[Any, ...]
    which: int = 0
    via: Callable[..., Any] | None = None
    new_case: bool = False

    def sockets(self) -> Iterator[socket.socket]:
        """Give the sockets among the arguments."""
        return (arg for arg in self.args if isinstance(arg, socket.socket))

    def packed(self) -> tuple[bytes, list[int]] | None:
        """Return the job as bytes, and the descriptors that go with them; None if it cannot cross."""
        via = _path(self.via)
        if self.via is not None and not via:
            return None
        args: list[object] = []
        fds: list[int] = []
        for arg in self.args:
            if type(arg) is socket.socket:
                args.append({"tag": "socket", "of": [len(fds), arg.gettimeout()]})
                fds.append(arg.fileno())
            else:
                args.append(pack(arg))
        text = json.dumps({"args": args, "which": self.which, "via": via, "new_case": self.new_case})
        fits = len(text) < LONGEST and len(fds) == len(set(fds)) <= MOST_SOCKETS and -1 not in fds
        return (text.encode(), fds) if fits and '"opaque"' not in text else None


def send(channel: _socket.socket, packed: tuple[bytes, list[int]]) -> None:
    """Ask for a call.

    Raises:
        OSError: the process is gone.
    """
    data, fds = packed
    message = b"c" + LENGTH.pack(len(data)) + data
    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    sent = channel.sendmsg([message], rights)
    channel.sendall(message[sent:])


def received(channel: _socket.socket) -> tuple[bytes, Job | None]:
    """Return the next question, b'' when nobody is left who asks; with `c` comes the call."""
    ancillary = _socket.CMSG_SPACE(MOST_SOCKETS * array.array("i").itemsize)
    letter, rights, _, _ = channel.recvmsg(1, ancillary)
    if letter != b"c":
        return letter, None
    fds = array.array("i", b"".join(data for _, _, data in rights))
    (length,) = LENGTH.unpack(_exactly(channel, LENGTH.size))
    asked = json.loads(_exactly(channel, length))
    args = tuple(_argument(value, fds) for value in asked["args"])
    return letter, Job(args, asked["which"], _found(asked["via"]), asked["new_case"])


def _exactly(channel: _socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = channel.recv(count - len(data))
        if not piece:
            raise EOFError("the checker is gone")
        data += piece
    return data


def _argument(value: Any, fds: array.array[int]) -> object:
    if isinstance(value, dict) and value.get("tag") == "socket":
        index, seconds = value["of"]
        sock = socket.socket(fileno=fds[index])
        sock.settimeout(seconds)
        return sock
    return unpack(value)


def _path(function: Callable[..., Any] | None) -> list[str]:
    """Return module and name by which a copy of this process finds the function too; [] if there are none."""
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        return []
    return [module, name] if getattr(sys.modules.get(module), name, None) is function else []


def _found(path: list[str]) -> Callable[..., Any] | None:
    if not path:
        return None
    found: Callable[..., Any] = getattr(sys.modules[path[0]], path[1])
    return found
