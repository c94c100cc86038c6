"""Places to connect to that behave in one exact way."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

SYN_WAIT = 0.05  # a second connection that has not completed by then will not: loopback answers in microseconds


def tcp_pair(
    sndbuf: int | None = None, rcvbuf: int | None = None, host: str = "127.0.0.1"
) -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a TCP connection: (the checker's, the answer's).

    `sndbuf` fixes the answer's send buffer, `rcvbuf` the checker's receive buffer, before the handshake, when
    the window is still open to change (tcp(7)); the kernel doubles both (socket(7)).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener, contextlib.ExitStack() as undo:
        if sndbuf is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, sndbuf)
        ours = undo.enter_context(socket.socket(family))
        if rcvbuf is not None:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        ours.connect(listener.getsockname())
        theirs, _ = listener.accept()
        undo.pop_all()
        return ours, theirs


@contextlib.contextmanager
def silent(own: Callable[[socket.socket], socket.socket]) -> Iterator[tuple[str, int]]:
    """Yield the address of a listener whose accept queue is full: the kernel drops every further SYN.

    `own` takes each socket made here into the case's care.
    """
    listener = own(socket.create_server(("127.0.0.1", 0), backlog=0))
    address: tuple[str, int] = listener.getsockname()
    for _ in range(8):  # backlog 0 holds one connection; a kernel that holds more gets more
        knock = own(socket.socket())
        knock.settimeout(SYN_WAIT)
        try:
            knock.connect(address)
        except TimeoutError:
            break
    yield address
