"""Talk to the Linux kernel over a socket: netlink, in plain `socket` calls.

The kernel itself answers on sockets of the family AF_NETLINK. The talk is datagrams: one request goes in, and
one or more messages come back. A message is a header of 16 bytes, a fixed structure, then *attributes*: length,
type, value. Messages and attributes are padded to 4 bytes; the lengths do not count the padding. Numbers are in
the machine's own byte order.

Sources: man 7 netlink, linux/netlink.h.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_DUMP = 0x1, 0x2, 0x300

HEADER = struct.Struct("=IHHII")  # length with this header, type, flags, sequence number, port id
ATTRIBUTE = struct.Struct("=HH")  # length with these four bytes, type


class MalformedMessageError(ValueError):
    """Lengths in a netlink message do not fit together. The kernel sends none such: suspect the reader."""


def ask(protocol: int, type: int, request: bytes, flags: int = 0) -> list[bytes]:
    """Send one request to the kernel and return the payloads of its replies.

    With NLM_F_DUMP in `flags` the question is "which are there?" and any number of replies may come, without
    it "what of this one?" and one comes.

    Raises:
        FileNotFoundError: there is no such thing, or this kernel was built without the answer to `type`.
        OSError: the kernel refuses, or knows no netlink.
    """
    header = HEADER.pack(HEADER.size + len(request), type, NLM_F_REQUEST | flags, 1, 0)
    replies: list[bytes] = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, protocol) as kernel:
        kernel.send(header + request)
        while True:
            # The kernel fills at most 32 KiB of a datagram (net/netlink/af_netlink.c, netlink_dump).
            for kind, reply_flags, payload in messages(kernel.recv(65536)):
                if kind == NLMSG_DONE:
                    return replies
                if kind == NLMSG_ERROR:
                    raise error(payload)
                replies.append(payload)
                if not reply_flags & NLM_F_MULTI:  # the only reply; nothing marks its end
                    return replies


def error(payload: bytes) -> OSError:
    """Return what an NLMSG_ERROR says, as an exception. Its payload is a negative errno, then the request."""
    (code,) = unpack("=i", payload)
    return OSError(-code, f"{os.strerror(-code)} (the kernel's answer over netlink)")


def messages(datagram: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (type, flags, payload) of each message in a datagram.

    Raises:
        MalformedMessageError: a message is longer than what is left, or shorter than its header.
    """
    start = 0
    while start < len(datagram):
        length, type, flags, _, _ = unpack(HEADER, datagram[start:])
        _check(HEADER.size, length, len(datagram) - start)
        yield type, flags, datagram[start + HEADER.size : start + length]
        start += padded(length)


def attributes(block: bytes) -> dict[int, bytes]:
    """Return attributes as {type: value}.

    Raises:
        MalformedMessageError: an attribute is longer than what is left, or shorter than its own four bytes.
    """
    found: dict[int, bytes] = {}
    start = 0
    while start < len(block):
        length, type = unpack(ATTRIBUTE, block[start:])
        _check(ATTRIBUTE.size, length, len(block) - start)
        found[type] = block[start + ATTRIBUTE.size : start + length]
        start += padded(length)
    return found


def unpack(layout: struct.Struct | str, data: bytes) -> tuple[Any, ...]:
    """Return the fields at the start of `data`; what follows them is left alone.

    Raises:
        MalformedMessageError: there are too few bytes.
    """
    layout = struct.Struct(layout) if isinstance(layout, str) else layout
    _check(0, layout.size, len(data))
    return layout.unpack_from(data)


def padded(length: int) -> int:
    """Return the next multiple of 4: where whatever follows begins."""
    return (length + 3) & ~3


def _check(least: int, length: int, most: int) -> None:
    if not least <= length <= most:
        raise MalformedMessageError(f"a length of {length} bytes where {least} to {most} are possible")
