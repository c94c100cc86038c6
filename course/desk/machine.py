"""The ten-second check: what this machine can show of the course, and what it cannot."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from netlib.patience import patience


@dataclass(frozen=True)
class Finding:
    """One thing a lesson shows: `error` is empty if this machine allows it, else what the kernel said."""

    what: str
    lessons: str
    error: str
    found: str = ""  # what there is, where a machine has a choice

    @property
    def answer(self) -> str:
        """The last column of the table."""
        return f"no: {self.error}" if self.error else f"yes: {self.found}" if self.found else "yes"


class Report:
    """What was found, as a small table."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    def __repr__(self) -> str:
        return "\n".join(f"{one.what:36} {one.lessons:12} {one.answer}" for one in self.findings)


_SOCK_DIAG = 4  # NETLINK_SOCK_DIAG of linux/netlink.h, which Python does not name


LOOK_UP_SECONDS = 2.0  # a name server that does not answer is asked for 5 s and more (resolv.conf(5), timeout)
_LOOK_UP = """
import socket
try:
    print([address[0] for *_, address in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)])
except OSError as error:
    print(repr(error.strerror))
"""


def _opens(family: str, kind: str, protocol: int = 0, bind: tuple[str, int] | None = None) -> Callable[[], str]:
    """Return a function that opens such a socket and closes it; names are looked up late: macOS lacks some."""

    def attempt() -> str:
        with socket.socket(getattr(socket, family), getattr(socket, kind), protocol) as sock:
            if bind:
                sock.bind(bind)
        return ""

    return attempt


def localhost() -> str:
    """Return the addresses that `localhost` stands for on this machine, in the order in which they are tried.

    That is for the hosts file to say, or another source of names (nsswitch.conf(5)). One that is asked over the network
    may not answer, and getaddrinfo(3) cannot be told to stop: so a process asks, which can.

    Raises:
        OSError: it stands for nothing, or nobody has said so within `LOOK_UP_SECONDS`.
    """
    command = [sys.executable, "-I", "-S", "-c", _LOOK_UP]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience(LOOK_UP_SECONDS))
        said = ast.literal_eval(done.stdout)
    except subprocess.TimeoutExpired:
        raise OSError(None, f"no answer in {LOOK_UP_SECONDS:g} s. Write it into /etc/hosts") from None
    except (SyntaxError, ValueError):
        raise OSError(None, f"could not be asked ({done.stderr.strip().rpartition(chr(10))[2]})") from None
    if isinstance(said, str):
        raise OSError(None, f"{said}. Write it into /etc/hosts")
    return ", ".join(dict.fromkeys(said))


_CHECKS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("TCP over IPv4", "all", _opens("AF_INET", "SOCK_STREAM", bind=("127.0.0.1", 0))),
    ("UDP over IPv4", "02, 07", _opens("AF_INET", "SOCK_DGRAM", bind=("127.0.0.1", 0))),
    ("TCP over IPv6", "01", _opens("AF_INET6", "SOCK_STREAM", bind=("::1", 0))),
    ("file-name addresses, stream", "01, 02", _opens("AF_UNIX", "SOCK_STREAM")),
    ("file-name addresses, datagram", "02", _opens("AF_UNIX", "SOCK_DGRAM")),
    ("file-name addresses, seqpacket", "02, aside", _opens("AF_UNIX", "SOCK_SEQPACKET")),
    ("what the kernel knows of sockets", "03 on", _opens("AF_NETLINK", "SOCK_DGRAM", _SOCK_DIAG)),
    ("the name localhost", "01, 07", localhost),
    ("ping without privilege", "02, aside", _opens("AF_INET", "SOCK_DGRAM", socket.IPPROTO_ICMP)),
    ("raw IP packets (a privilege)", "02, aside", _opens("AF_INET", "SOCK_RAW", socket.IPPROTO_ICMP)),
)


def check() -> Report:
    """Try each kind of socket that the lessons show, and look `localhost` up; return what this machine and user may do.

    No socket sends anything. A refusal is a finding, not an error.
    """
    findings = []
    for what, lessons, attempt in _CHECKS:
        try:
            found = attempt()
        except OSError as error:
            findings.append(Finding(what, lessons, error.strerror or str(error)))
        except AttributeError as error:
            findings.append(Finding(what, lessons, f"this Python does not know it ({error})"))
        else:
            findings.append(Finding(what, lessons, "", found))
    return Report(findings)
