"""The command line of the chat: `python -m netlib.chat serve` and `python -m netlib.chat join`."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import logging
import signal
import socket
import sys

from netlib.chat.room import MAX_MEMBERS
from netlib.chat.server import serve
from netlib.chat.terminal import join

BACKLOG = 4096  # the kernel takes the smaller of this and net.core.somaxconn (listen(2))
SPARE_FILES = 64  # standard streams, the selector, the listener, and farewells

WIDE = (
    """Everybody who can reach this address can read and speak here. Nothing is encrypted, nobody needs a password."""
)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    wanted = _parser().parse_args(arguments)
    try:
        if not 0 <= wanted.port <= 65535:  # getaddrinfo(3) would take it modulo 65536
            raise ValueError("a port is a number from 0 to 65535")
        if wanted.command == "serve":
            _serve(wanted.host, wanted.port, wanted.max_members)
        else:
            join((wanted.host, wanted.port), wanted.name)
    except KeyboardInterrupt:
        return 130
    except (OSError, ValueError) as error:
        where = f"{wanted.host} port {wanted.port}"
        print(f"chat {wanted.command}: {where}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m netlib.chat", description="A chat room over TCP.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    server = commands.add_parser("serve", help="open a room; Ctrl-C or SIGTERM closes it")
    server.add_argument("--host", default="127.0.0.1", help=f"where to listen (default: this machine only). {WIDE}")
    server.add_argument("--port", type=int, default=0, help="0, the default: a free one, which is printed")
    server.add_argument("--max-members", type=int, default=MAX_MEMBERS, metavar="N", help=f"default: {MAX_MEMBERS}")
    client = commands.add_parser("join", help="take part in a room; `exit` or Ctrl-D leaves it")
    client.add_argument("host", metavar="HOST")
    client.add_argument("port", metavar="PORT", type=int)
    client.add_argument("--name", required=True, help="what the others call you")
    return parser


def _serve(host: str, port: int, max_members: int) -> None:
    if max_members < 1:
        raise ValueError(f"--max-members must be at least 1; it is {max_members}")
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    _allow_files(max_members + SPARE_FILES)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as listener:

        def stop(*_: object) -> None:
            with contextlib.suppress(OSError):  # a second Ctrl-C
                listener.shutdown(socket.SHUT_RDWR)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        bound, bound_port = listener.getsockname()[:2]
        if not ipaddress.ip_address(bound).is_loopback:
            print(WIDE, file=sys.stderr)
        print(f"The room is open at {bound} port {bound_port}.", flush=True)
        serve(listener, max_members)
    print("The room is closed.", flush=True)


def _allow_files(count: int) -> None:
    """Raise this process's own limit of open files to `count`, as far as it may (getrlimit(2)); POSIX only."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    sys.exit(main())
