"""The chat's client: what you type goes out while what the others say comes in."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable

from netlib.chat.room import harmless
from netlib.messages import Lines, pack_line

RECV_BYTES = 65536


def converse(
    sock: socket.socket,
    name: str,
    lines: Iterable[str],
    show: Callable[[str], object],
    at_end: Callable[[], object] = lambda: None,
) -> None:
    """Be `name` in the room at the other end of `sock`: send `lines` as they come, `show` each line that arrives.

    Returns once the server has ended the conversation: after `exit`, after the end of `lines` (this side is then
    half-closed), or of its own accord. Does not close `sock`. `show` runs in a thread beside; so does `at_end`, once,
    when nothing more will arrive: it can end a `lines` that waits for somebody to type.

    Raises:
        ValueError: the name or one of `lines` cannot be sent as one line.
        PeerError: the server does not speak in lines of UTF-8.
    """
    failures: list[Exception] = []

    def hear() -> None:
        try:
            _hear(sock, show)
        except Exception as error:  # from `show` too: it belongs to the caller
            failures.append(error)
        finally:
            at_end()

    hearing = threading.Thread(target=hear, name=f"{name} hears", daemon=True)
    hearing.start()
    try:
        _speak(sock, name, lines)
    except BaseException:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)  # wakes the other thread
        raise
    finally:
        hearing.join()
    if failures:
        raise failures[0]


def _speak(sock: socket.socket, name: str, lines: Iterable[str]) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the server has left: what it said is heard
        sock.sendall(pack_line(name))
        for line in lines:
            sock.sendall(pack_line(line))
            if line == "exit":
                return
    with contextlib.suppress(OSError):  # ENOTCONN: the connection is gone
        sock.shutdown(socket.SHUT_WR)


def _hear(sock: socket.socket, show: Callable[[str], object]) -> None:
    lines = Lines()
    while not lines.ended:
        try:
            data = sock.recv(RECV_BYTES)
        except ConnectionResetError:
            return
        for line in lines.feed(data):
            show(harmless(line))
