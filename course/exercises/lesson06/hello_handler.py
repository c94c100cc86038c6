"""Exercise: the hello conversation as a handler, for the servers of `socketserver`."""

import socket
import socketserver
import sys
from types import SimpleNamespace
from typing import Any

from course.checker import Case, Evidence, Trial, rule
from course.checker.scene.calls import Call
from course.exercises.lesson06 import (
    CONVERSATION,
    ONE_CLIENT,
    at_once,
    calls,
    collected,
    comes_back,
    goes_on,
    greeted,
    says_exit,
)

TITLE = "The hello conversation as a handler of socketserver"
NAMES = ("HelloHandler",)
HINTS = (
    "The server makes one `HelloHandler` for each client and calls its `handle()`. When that returns, the server "
    "closes the connection.",
    '`self.rfile` is what `conn.makefile("rb")` was: `for line in self.rfile:` gives whole lines, as bytes, until the '
    "client ends.",
    '`self.wfile.write(b"welcome!\\n")` sends. Decode the line, take its newline off, compare it with `exit` and '
    'return; else write `f"hello {name}\\n".encode()`.',
)


class solution(socketserver.StreamRequestHandler):
    """Welcome one client, greet it by each line, until `exit` or its end."""

    def handle(self) -> None:
        """Talk to one client."""
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            self.wfile.write(f"hello {name}\n".encode())


def check(trial: Trial) -> None:
    """The conversation under three servers; clients at once where the server allows it; resets and no text."""
    trial.explain(*RULES)
    for name, talk in ONE_CLIENT.items():
        with trial.case(f"TCPServer: {name}") as case:
            listener, answer = serves(case, "TCPServer")
            talk(case.connect(listener))
            comes_back(case, listener)
            stops(case, listener, answer)
    with trial.case("TCPServer: three clients, one after the other") as case:
        listener, answer = serves(case, "TCPServer")
        one_by_one(case, listener)
        stops(case, listener, answer)
    for kind in ("ThreadingTCPServer", "ForkingTCPServer"):
        with trial.case(f"{kind}: three clients are connected at once, and the first is silent") as case:
            listener, answer = serves(case, kind)
            at_once(case, listener)
            stops(case, listener, answer)
        with trial.case(f"{kind}: one client resets, one sends bytes that are no UTF-8, and the others go on") as case:
            listener, answer = serves(case, kind)
            goes_on(case, listener)
            stops(case, listener, answer)


def serves(case: Case, kind: str) -> tuple[socket.socket, Call]:
    """Start a server of this kind with the answer as its handler."""
    listener = case.listener()
    return listener, case.call(listener, kind, via=serve)


def stops(case: Case, listener: socket.socket, answer: Call) -> None:
    """The listener is shut down, and the server ends, with its threads and children."""
    answer.pump()
    case.expect(answer.running or answer.died, "the server goes on after each client", ENDED)
    case.shuts_down(listener)
    answer.result()


def one_by_one(case: Case, listener: socket.socket) -> None:
    """Each client calls when the one before it has left."""
    for name in ("ann", "bob", "eve"):
        client = calls(case, listener, name)
        greeted(client, name, f"{name} again")
        says_exit(client)


# ---------------------------------------------------------------------- in the answer's process
class ListenerGone(Exception):
    """The listener was shut down."""


def serve(handler: Any, listener: socket.socket, kind: str) -> None:
    """Serve with one of socketserver's classes on the checker's listener, until that is shut down."""

    class Server(getattr(socketserver, kind)):  # type: ignore[misc]
        def __init__(self) -> None:
            # Not TCPServer's own: it would make another socket, and that would stand in the learner's picture.
            socketserver.BaseServer.__init__(self, listener.getsockname(), handler)
            self.socket = listener

        def get_request(self) -> Any:
            try:
                return super().get_request()
            except OSError:
                raise ListenerGone from None

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), OSError | UnicodeDecodeError):
                raise

    server: Any = Server()
    try:
        server.serve_forever(poll_interval=0.05)
    except ListenerGone:
        pass
    finally:
        server.socket = SimpleNamespace(close=lambda: None)  # server_close() joins; the listener is the checker's
        server.server_close()


ENDED = "it has ended"


# ---------------------------------------------------------------------- diagnoses
@rule
def set_up_missing(seen: Evidence) -> bool:
    """{message} ({line}). `StreamRequestHandler` makes `self.rfile` and `self.wfile` in its `setup()`. Derive your
    class from it, and call `super().setup()` if you write a `setup` of your own."""
    message = seen.error.get("message", "")
    return seen.raised("AttributeError") and ("'rfile'" in message or "'wfile'" in message)


@rule
def closes_the_server(seen: Evidence) -> bool:
    """Your handler closed the server's listener, and no other client can come. A handler ends its own conversation; the
    server belongs to whoever made it."""
    return seen.count("close", role="listener") > 0


@rule
def waits_for_its_own_server(seen: Evidence) -> bool:
    """The conversation is over, and `handle()` does not return: it waits ({line}) for something that cannot come while
    the server waits for it, as in `self.server.shutdown()`. Return from `handle()`, and the server closes the
    connection."""
    late = seen.kind == "hung" and seen.awaited.startswith("you to close")
    return late and seen.spot is not None and not seen.spot.busy and not seen.spot.method


@rule
def ends_the_server(seen: Evidence) -> bool:
    """The server has ended, though its listener was not shut down. A handler ends its own conversation only."""
    return seen.got == ENDED or (seen.kind == "returned early" and not seen.error)


RULES = (*collected(list(globals().values())), *CONVERSATION)
