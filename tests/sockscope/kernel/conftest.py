"""Scenes on loopback for the kernel's views; every socket in them is closed at the end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def keep() -> Iterator[Callable[[socket.socket], socket.socket]]:
    """`keep(sock)` returns the socket and closes it after the test."""
    with contextlib.ExitStack() as open_sockets:
        yield open_sockets.enter_context


@pytest.fixture
def connected(keep):
    """Return a function that makes (listener, client, conn) for an address such as ("127.0.0.1", 0)."""

    def make(address=("127.0.0.1", 0), **options):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        listener = keep(socket.create_server(address, family=family, **options))
        client = keep(socket.create_connection(listener.getsockname()[:2]))
        return listener, client, keep(listener.accept()[0])

    return make
