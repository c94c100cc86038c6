"""What verifying all lessons costs: `make bench`.

Three figures are measured in turn, several times, and their medians compared:

- the wall time of nbval over all lessons, two at a time, as `make test` runs it;
- the time inside the cells (executed one notebook after the other), half of which the two workers wait for;
- bare kernel starts, as many as there are notebooks, two at a time: the least that any harness must pay.

The harness's own share is the first minus half of the second. It is compared with the third.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
from jupyter_client.manager import start_new_kernel

from course.editions import without_outputs
from course.manifest import ROOT, lessons, read_notebook
from course.outputs import CELL_SECONDS, quiet_environment

AT_A_TIME = 2


def harness(paths: list[Path]) -> float:
    """Return the wall time in seconds of nbval over `paths`, two at a time."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        str(AT_A_TIME),
        "--dist",
        "loadscope",
    ]
    began = time.perf_counter()
    subprocess.run([*command, *map(str, paths)], cwd=ROOT, check=True, capture_output=True, env=quiet_environment())
    return time.perf_counter() - began


def empty_harness() -> float:
    """Return the wall time in seconds of pytest with two workers and nothing to execute: paid once, not per lesson."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(AT_A_TIME), "--co"]
    began = time.perf_counter()
    subprocess.run([*command, "notebooks"], cwd=ROOT, check=True, capture_output=True, env=quiet_environment())
    return time.perf_counter() - began


def bare_starts(count: int) -> float:
    """Return the wall time in seconds of `count` kernels started, found ready and ended, two at a time."""

    def start(_: int) -> None:
        manager, client = start_new_kernel(kernel_name="python3", env=quiet_environment())
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(start, range(count)))
    return time.perf_counter() - began


def cell_times(path: Path) -> list[tuple[float, str]]:
    """Return for each code cell of a lesson the seconds it took in the kernel, with its place and first line."""
    notebook = without_outputs(read_notebook(path))
    client = nbclient.NotebookClient(
        notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=quiet_environment())
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        timing = cell.metadata.get("execution", {})
        if cell.cell_type == "code" and "shell.execute_reply" in timing:
            ended = datetime.datetime.fromisoformat(timing["shell.execute_reply"])
            began = datetime.datetime.fromisoformat(timing["iopub.execute_input"])
            first = cell.source.strip().splitlines()[0]
            found.append(((ended - began).total_seconds(), f"{path.stem} cell {number}: {first[:60]}"))
    return found


def main() -> None:
    """Measure, and print the medians and the slowest cells."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5, help="how often each figure is measured (default 5)")
    rounds = parser.parse_args().rounds
    paths = [lesson.path for lesson in lessons()]
    inside = [cell for path in paths for cell in cell_times(path)]
    runs = [(harness(paths), empty_harness(), bare_starts(len(paths))) for _ in range(rounds)]
    wall, empty, bare = (statistics.median(column) for column in zip(*runs, strict=True))
    cells = sum(seconds for seconds, _ in inside)
    share = wall - cells / min(AT_A_TIME, len(paths))
    print(
        f"{len(paths)} lessons, {len(inside)} code cells, two at a time, {os.cpu_count()} cores; "
        f"medians of {rounds} rounds"
    )
    print(f"  nbval over all lessons        {wall:6.2f} s")
    print(f"  inside the cells              {cells:6.2f} s")
    print(f"  the harness's own share       {share:6.2f} s   of which pytest with nothing to do {empty:.2f} s")
    print(f"  as many bare kernel starts    {bare:6.2f} s")
    print(f"  ratio share : bare starts     {share / bare:6.2f}")
    print(f"  the same without pytest's own {(share - empty) / bare:6.2f}")
    print("the slowest cells:")
    for seconds, name in sorted(inside, reverse=True)[:8]:
        print(f"  {seconds:6.2f} s  {name}")


if __name__ == "__main__":
    main()
