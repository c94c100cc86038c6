"""Names for answers that resolve them: getaddrinfo gives addresses that answer, refuse, or cannot be tried at all.

`localhost` may have one address only, and what others have is not this machine's to say. So the addresses are real
sockets on loopback, all with one port as getaddrinfo gives them, and getaddrinfo is exchanged in the answer's process.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from course.checker.scene.addresses import SYN_WAIT

Answer = tuple[int, int, int, str, tuple[Any, ...]]  # as getaddrinfo gives them

NAME = "localhost"  # who does not ask getaddrinfo finds nobody there: the servers are at 127.0.0.2 and above
ANSWERS, OVER_IPV6 = "answers", "answers, and it is IPv6"
REFUSES, SILENT = "refuses", "keeps silent"
NO_WAY = "is unreachable"  # the broadcast address of loopback: ENETUNREACH (tcp_v4_connect, net/ipv4/tcp_ipv4.c)
NO_FAMILY = "is of a family that this kernel lacks"
LACKING = 250  # above AF_MAX (include/linux/socket.h): socket() gives EAFNOSUPPORT, as for IPv6 where there is none


@contextlib.contextmanager
def world(*kinds: str) -> Iterator[tuple[list[Answer], list[socket.socket]]]:
    """Yield the answers of getaddrinfo for addresses of these kinds, all with one port, and the sockets there."""
    while True:
        with contextlib.ExitStack() as stack:
            try:
                ends = sockets(kinds, stack)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue  # the first one's port was taken at a later host: another one is soon found
            port = ends[0].getsockname()[1]
            yield [where(kind, number, port) for number, kind in enumerate(kinds)], ends
            return


def sockets(kinds: Sequence[str], stack: contextlib.ExitStack) -> list[socket.socket]:
    """Open a socket for each kind, all with the port of the first; those that answer or keep silent listen."""
    made: list[socket.socket] = []
    for number, kind in enumerate(kinds):
        sock = stack.enter_context(socket.socket(socket.AF_INET6 if kind == OVER_IPV6 else socket.AF_INET))
        host = "::1" if kind == OVER_IPV6 else f"127.0.0.{number + 2}"
        sock.bind((host, made[0].getsockname()[1] if made else 0))
        if kind in (ANSWERS, OVER_IPV6, SILENT):
            sock.listen(0 if kind == SILENT else 16)
        if kind == SILENT:
            fill(sock, stack)
        made.append(sock)
    return made


def fill(listener: socket.socket, stack: contextlib.ExitStack) -> None:
    """Fill the listener's queue: from then on the kernel drops every SYN."""
    for _ in range(8):
        client = stack.enter_context(socket.socket())
        client.settimeout(SYN_WAIT)
        with contextlib.suppress(TimeoutError):
            client.connect(listener.getsockname())
            continue
        return


def where(kind: str, number: int, port: int) -> Answer:
    """Return what getaddrinfo says of this address."""
    if kind == OVER_IPV6:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("::1", port, 0, 0)
    host = "127.255.255.255" if kind == NO_WAY else f"127.0.0.{number + 2}"
    family = LACKING if kind == NO_FAMILY else socket.AF_INET
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port)


def nobody_called(listener: socket.socket) -> bool:
    """Whether no connection waits to be accepted."""
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def ipv6() -> tuple[str, ...]:
    """Return the kind of an IPv6 address where this machine has any."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return (OVER_IPV6,)
    return ()


class NotHere(Exception):
    """The task forbids this call."""


class Resolver:
    """Stands for getaddrinfo in the answer's process. `asked` tells whether it was called."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers, self.asked = answers, False
        self._real: Callable[..., Any] = socket.getaddrinfo

    def install(self) -> None:
        """Take the place of getaddrinfo, and forbid create_connection. For `before`: the answer's imports get these."""
        socket.getaddrinfo = self.getaddrinfo
        socket.create_connection = forbidden

    def getaddrinfo(self, host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
        """Return the answers for NAME that have the family, type and protocol asked for.

        Raises:
            socket.gaierror: there is none.
        """
        self.asked = True
        if host not in (NAME, NAME.encode()):
            return self._real(host, port, family, type, proto, flags)
        wanted = (family, type, proto)
        found = [one for each in self.answers for one in (each, datagram(each)) if fits(one, wanted)]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found


def fits(answer: Answer, wanted: tuple[int, int, int]) -> bool:
    """Whether the answer has this family, type and protocol; 0 asks for any."""
    return all(not want or want == has for want, has in zip(wanted, answer[:3], strict=True))


def datagram(stream: Answer) -> Answer:
    """Return the answer's twin for UDP, which getaddrinfo gives too unless it is asked for a type."""
    family, _, _, name, address = stream
    return family, socket.SOCK_DGRAM, socket.IPPROTO_UDP, name, address


def forbidden(*args: object, **kwargs: object) -> NoReturn:
    """Stand for a call that the task forbids."""
    raise NotHere("create_connection() does the whole task; here you write what it does")
