"""The chat in a terminal: an input line that survives what arrives, and pipes."""

from __future__ import annotations

import os
import select
import socket
import sys
from collections.abc import Iterator

from netlib.chat.client import converse
from netlib.messages import Lines

READ_BYTES = 65536


def join(address: tuple[str, int], name: str) -> None:
    """Take part in the room at `address` until the conversation ends.

    Raises:
        OSError: nobody listens there, or it cannot be reached.
        ValueError: what is typed or piped in cannot be sent.
    """
    with socket.create_connection(address, timeout=None) as sock:  # not the default: a member may be silent
        if sys.stdin.isatty() and sys.stdout.isatty():
            _with_input_line(sock, name)
        else:
            _with_pipe(sock, name)


def _with_input_line(sock: socket.socket, name: str) -> None:
    """Keep one line at the bottom to type in; what arrives is printed above it."""
    from prompt_toolkit import PromptSession  # only here: a server and a pipe do without
    from prompt_toolkit.patch_stdout import patch_stdout

    session: PromptSession[str] = PromptSession(f"{name}> ")
    ended = False

    def leave() -> None:
        if ended and session.app.future and not session.app.future.done():
            session.app.exit(exception=EOFError)

    def at_end() -> None:
        nonlocal ended
        ended = True
        if session.app.loop:
            session.app.loop.call_soon_threadsafe(leave)

    def typed() -> Iterator[str]:
        while not ended:
            try:
                yield session.prompt(pre_run=leave)  # the server may end between two prompts
            except (EOFError, KeyboardInterrupt):
                return

    with patch_stdout():
        converse(sock, name, typed(), print, at_end)
    print("The conversation has ended.")


def _with_pipe(sock: socket.socket, name: str) -> None:
    """Send the lines of standard input, print what arrives; neither waits for the other."""
    awake, wake = os.pipe()  # its end tells that the server has ended: nobody need type another line to notice

    def piped() -> Iterator[str]:
        lines = Lines()
        while not lines.ended:
            ready, _, _ = select.select([sys.stdin, awake], [], [])
            if awake in ready:
                return
            yield from lines.feed(os.read(sys.stdin.fileno(), READ_BYTES))

    try:
        converse(sock, name, piped(), lambda line: print(line, flush=True), lambda: os.close(wake))
    finally:
        os.close(awake)
