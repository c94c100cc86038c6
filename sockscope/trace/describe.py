"""Calls in words, at the moment they are made: arguments, payloads and errors, without ports."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from sockscope.trace.record import SENDS

_HOW = {0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"}

MEANING = {
    "EADDRINUSE": "another socket has this address",
    "EADDRNOTAVAIL": "this machine has no such address",
    "EACCES": "not allowed",
    "EAGAIN": "nothing there yet",
    "EALREADY": "still connecting",
    "EBADF": "the socket is closed",
    "ECONNABORTED": "the connection was given up",
    "ECONNREFUSED": "nobody listens there",
    "ECONNRESET": "the other end sent RST",
    "EHOSTUNREACH": "no way to that host",
    "EINPROGRESS": "under way",
    "EINVAL": "not possible in this state",
    "EISCONN": "already connected",
    "EMSGSIZE": "too long for one datagram",
    "ENETUNREACH": "no way to that network",
    "ENOENT": "no such file",
    "ENOTCONN": "not connected",
    "EPIPE": "the other end is gone",
    "ETIMEDOUT": "no answer",
}


def address_text(address: object) -> str:
    """Return the address as shown: the port is PORT unless it is 0, a path is its last part."""
    match address:
        case (host, int(port), *_):
            host = f"[{host}]" if ":" in str(host) else host
            return f"{host}:{'PORT' if port else 0}"
        case bytes() | str():
            path = os.fsdecode(address)
            return repr(path if path.startswith("\0") else os.path.basename(path))
    return repr(address)[:30]


def arguments(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the arguments as shown, without the payload of a sending call."""
    if name in SENDS:
        return address_text(args[-1]) if name == "sendto" and len(args) > 1 else ""
    if kwargs or not args:
        return ", ".join([*map(str, args), *(f"{key}={value}" for key, value in kwargs.items())])[:40]
    first, *others = args
    if name in {"connect", "connect_ex", "bind"}:
        return address_text(first)
    if name == "shutdown":
        return _HOW.get(first, str(first))
    shown = str(first)
    if name in {"recv_into", "recvfrom_into"}:
        shown = f"buffer of {memoryview(first).nbytes}"
    elif name == "recvmsg_into":
        shown = f"{len(first)} buffers"
    return ", ".join([shown, *map(_argument, others)])[:60] if others else shown


def _argument(value: Any) -> str:
    """Return a number, or MSG_ constants by their names."""
    return "|".join(str(flag.name) for flag in value) if isinstance(value, socket.MsgFlag) else str(value)


def error_words(name: str, error: BaseException) -> tuple[str, str]:
    """Return the exception's class (and errno's name where the class says little), and what it means."""
    number = (error.errno or 0) if isinstance(error, OSError) else 0
    code = errno.errorcode.get(number, "")
    shown = f"OSError {code}" if type(error) is OSError and code else type(error).__name__
    if isinstance(error, TimeoutError) and not number:
        return shown, "the time-out passed"
    if code == "EAGAIN" and name in SENDS:
        return shown, "no room in the buffer"
    return shown, MEANING.get(code, (os.strerror(number) if number else str(error))[:60])
