"""What trace() adds to a call: `python -m benchmarks.trace_cost` (median of the same calls, traced and not).

Rounds with and without a trace alternate, so that a machine that slows down slows both.
"""

from __future__ import annotations

import socket
import statistics
import sys
from collections.abc import Callable
from time import perf_counter

from sockscope.trace import trace

ROUNDS, CALLS = 40, 250
ALLOWED = 10e-6


def timed(action: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(CALLS):
        begin = perf_counter()
        action()
        times.append(perf_counter() - begin)
    return times


def measure(action: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of one action, untraced and traced."""
    plain: list[float] = []
    traced: list[float] = []
    for _ in range(ROUNDS):
        plain += timed(action)
        with trace():
            traced += timed(action)
    return statistics.median(plain), statistics.median(traced)


def main() -> int:
    a, b = socket.socketpair()
    one, two = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
    two.bind(("127.0.0.1", 0))
    address, buffer = two.getsockname(), bytearray(100)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        conn, _ = listener.accept()
    # each action makes two calls: one sends, one receives
    actions: dict[str, Callable[[], object]] = {
        "TCP sendall + recv": lambda: (client.sendall(b"x" * 50), conn.recv(100)),
        "TCP send + recv_into": lambda: (client.send(b"x" * 50), conn.recv_into(buffer)),
        "UNIX sendall + recv": lambda: (a.sendall(b"x" * 50), b.recv(100)),
        "UNIX 60 KB": lambda: (a.sendall(b"x" * 60_000), b.recv(60_000)),
        "UDP sendto + recvfrom": lambda: (one.sendto(b"x" * 50, address), two.recvfrom(100)),
    }
    worst = 0.0
    for name, action in actions.items():
        plain, traced = measure(action)
        added = (traced - plain) / 2
        worst = max(worst, added)
        print(f"{name:22} {plain / 2 * 1e6:6.2f} µs a call, traced {traced / 2 * 1e6:6.2f}: {added * 1e6:+.2f} µs")
    print(f"worst {worst * 1e6:.2f} µs a call, allowed {ALLOWED * 1e6:.0f}")
    for s in (a, b, one, two, client, conn):
        s.close()
    return worst > ALLOWED


if __name__ == "__main__":
    sys.exit(main())
