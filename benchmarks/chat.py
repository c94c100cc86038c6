"""The chat room against four other designs: `python -m benchmarks.chat`.

For 10, 100 and 1,000 members, idle and talking: memory for each idle member; lines delivered for each second of the
server's processor time, with one message in flight and with a hundred; latency at a fixed rate. Server and members run
in processes of their own, on a core each where the system allows it. Each design is measured in turn with netlib.chat,
and what is printed and plotted is the median of the ratios of such pairs. All on loopback, bounded in count and time.

    python -m benchmarks.chat --sizes 10,100 --rounds 3 --seconds 1 --plot chat.png
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.chat_load import crowd
from course.lesson.manifest import ROOT

OURS = "netlib.chat"
DESIGNS = {
    OURS: ["netlib.chat", "serve", "--max-members", "5000"],
    "threads": ["benchmarks.rooms.threads"],
    "socketserver": ["benchmarks.rooms.socketserver_threads"],
    "asyncio streams": ["benchmarks.rooms.streams"],
    "asyncio Protocol": ["benchmarks.rooms.protocol"],
}
DELIVERIES_PER_SECOND = 10_000  # at the fixed rate: far from what any design can do


@dataclass
class Figures:
    """What one run showed: bytes for each idle member; lines for each CPU second; microseconds."""

    memory: float
    one: float
    hundred: float
    median_latency: float
    late_latency: float  # 99 of 100 lines come sooner

    def __iter__(self) -> Iterator[float]:
        yield from (self.memory, self.one, self.hundred, self.median_latency, self.late_latency)


HEADS = ("bytes/idle", "lines/CPU s, 1", "lines/CPU s, 100", "median us", "99 % us")


def pin(process: int, core: int) -> None:
    """Keep a process on one core, where there are two and the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(os.getppid()))
        if len(cores) > 1:
            os.sched_setaffinity(process, {cores[core]})


@contextmanager
def server(design: str) -> Iterator[tuple[psutil.Process, int]]:
    """Run a design in a process of its own; yield the process and its port."""
    command = [sys.executable, "-m", *DESIGNS[design]]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
    ) as running:
        try:
            pin(running.pid, 0)
            assert running.stdout is not None
            yield psutil.Process(running.pid), int(running.stdout.readline().rstrip(".\n").split()[-1])
        finally:
            running.kill()


def cpu(process: psutil.Process) -> float:
    """Return the seconds of processor time that the process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(design: str, members: int, seconds: float) -> Figures:
    """Run one design with so many members, each phase for so many seconds."""
    with server(design) as (process, port):
        empty = process.memory_info().rss
        with crowd(port, members) as people:
            memory = (process.memory_info().rss - empty) / members
            rates = []
            for in_flight in (1, 100):
                before = cpu(process)
                delivered = people.pipeline(seconds, in_flight)
                rates.append(delivered / max(0.01, cpu(process) - before))
            latencies = sorted(people.at_rate(seconds, DELIVERIES_PER_SECOND / (members - 1)))
    return Figures(memory, *rates, statistics.median(latencies), latencies[len(latencies) * 99 // 100])


def pairs(design: str, members: int, rounds: int, seconds: float) -> tuple[Figures, Figures]:
    """Return the medians of a design, and the medians of its ratios to netlib.chat in the same round."""
    others, ratios = [], []
    for _ in range(rounds):
        ours, other = measure(OURS, members, seconds), measure(design, members, seconds)
        others.append(tuple(other))
        ratios.append(tuple(b / a for a, b in zip(ours, other, strict=True)))
    return tuple(
        Figures(*(statistics.median(column) for column in zip(*rows, strict=True))) for rows in (others, ratios)
    )  # type: ignore[return-value]


def plot(path: str, sizes: list[int], ratios: dict[str, dict[int, Figures]]) -> None:
    """Draw the ratios of lines for each CPU second, against the number of members."""
    from course.lesson.figures import axes

    drawn = axes("Lines for each CPU second, netlib.chat = 1", "members", "ratio, a hundred in flight")
    for design, by_size in ratios.items():
        drawn.plot(list(by_size), [figures.hundred for figures in by_size.values()], marker="o", label=design)
    drawn.set_xscale("log")
    drawn.set_xticks(sizes, [str(size) for size in sizes], minor=False)
    drawn.minorticks_off()
    drawn.set_ylim(bottom=0)
    drawn.legend()
    drawn.figure.savefig(path)
    print(f"plotted: {path}")


def main() -> None:
    """Measure, print a table, plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m benchmarks.chat"
    )
    parser.add_argument("--sizes", default="10,100,1000", help="numbers of members, at least 10 (default 10,100,1000)")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of each kind (default 3)")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each phase of a run (default 1)")
    parser.add_argument("--plot", metavar="FILE", help="where to draw the ratios (.png or .svg)")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if min(sizes) < 10:
        parser.error(f"ten members talk, so there are at least 10; --sizes has {min(sizes)}")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pin(os.getpid(), 1)
    ratios: dict[str, dict[int, Figures]] = {}
    print(f"{'design':17} members " + "".join(f"{head:>24}" for head in HEADS) + "   (in brackets: netlib.chat = 1)")
    for size in sizes:
        for design in DESIGNS:
            if design == OURS:
                continue
            figures, ratio = pairs(design, size, options.rounds, options.seconds)
            ratios.setdefault(design, {})[size] = ratio
            cells = "".join(f"{a:>16,.0f} ({b:5.2f})" for a, b in zip(figures, ratio, strict=True))
            print(f"{design:17} {size:7} {cells}", flush=True)
        ours = measure(OURS, size, options.seconds)
        print(f"{OURS:17} {size:7} " + "".join(f"{figure:>16,.0f}        " for figure in ours), flush=True)
    if options.plot:
        plot(options.plot, sizes, ratios)


if __name__ == "__main__":
    main()
