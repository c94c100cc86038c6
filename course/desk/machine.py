"""The ten-second check: what this machine can show of the course, and what it cannot."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing a lesson shows: `error` is empty if this machine allows it, else what the kernel said."""

    what: str
    lessons: str
    error: str


class Report:
    """What was found, as a small table."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    def __repr__(self) -> str:
        rows = [(one.what, one.lessons, "yes" if not one.error else f"no: {one.error}") for one in self.findings]
        return "\n".join(f"{what:36} {lessons:12} {answer}" for what, lessons, answer in rows)


_SOCK_DIAG = 4  # NETLINK_SOCK_DIAG of linux/netlink.h, which Python does not name


def _opens(family: str, kind: str, protocol: int = 0, bind: tuple[str, int] | None = None) -> Callable[[], None]:
    """Return a function that opens such a socket and closes it; names are looked up late: macOS lacks some."""

    def attempt() -> None:
        with socket.socket(getattr(socket, family), getattr(socket, kind), protocol) as sock:
            if bind:
                sock.bind(bind)

    return attempt


_CHECKS: tuple[tuple[str, str, Callable[[], None]], ...] = (
    ("TCP over IPv4", "all", _opens("AF_INET", "SOCK_STREAM", bind=("127.0.0.1", 0))),
    ("UDP over IPv4", "02, 07", _opens("AF_INET", "SOCK_DGRAM", bind=("127.0.0.1", 0))),
    ("TCP over IPv6", "01", _opens("AF_INET6", "SOCK_STREAM", bind=("::1", 0))),
    ("file-name addresses, stream", "01, 02", _opens("AF_UNIX", "SOCK_STREAM")),
    ("file-name addresses, datagram", "02", _opens("AF_UNIX", "SOCK_DGRAM")),
    ("file-name addresses, seqpacket", "02, aside", _opens("AF_UNIX", "SOCK_SEQPACKET")),
    ("what the kernel knows of sockets", "03 on", _opens("AF_NETLINK", "SOCK_DGRAM", _SOCK_DIAG)),
    ("ping without privilege", "02, aside", _opens("AF_INET", "SOCK_DGRAM", socket.IPPROTO_ICMP)),
    ("raw IP packets (a privilege)", "02, aside", _opens("AF_INET", "SOCK_RAW", socket.IPPROTO_ICMP)),
)


def check() -> Report:
    """Try each kind of socket that the lessons show; return what this machine and user may do.

    Nothing is sent. A refusal is a finding, not an error.
    """
    findings = []
    for what, lessons, attempt in _CHECKS:
        try:
            attempt()
        except OSError as error:
            findings.append(Finding(what, lessons, error.strerror or str(error)))
        except AttributeError as error:
            findings.append(Finding(what, lessons, f"this Python does not know it ({error})"))
        else:
            findings.append(Finding(what, lessons, ""))
    return Report(findings)
