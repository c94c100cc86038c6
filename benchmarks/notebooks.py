"""What verifying all lessons costs: `make bench`.

Three figures are measured in turn, several times, and their medians compared:

- the wall time of nbval over all lessons, two at a time, as `make test` runs it;
- the time inside the cells in that same run, as the kernels tell it; the two workers share it;
- bare kernel starts, as many as there are notebooks: the least that any harness must pay. Two at a time, and one
  after the other.

The harness's own share is the first minus half of the second. It is compared with the third.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient

from course.execution.kernels import AsyncPrivateKernelManager, private_kernel
from course.execution.outputs import CELL_SECONDS, quiet_environment
from course.lesson.manifest import ROOT, lessons
from course.lesson.notebook import read_notebook, without_outputs

AT_A_TIME = 2


def harness(paths: list[Path]) -> tuple[float, float]:
    """Return the wall time in seconds of nbval over `paths`, two at a time, and the seconds inside the cells."""
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
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "seconds")
        environment = {**quiet_environment(), "COURSE_CELL_SECONDS": str(notes)}
        began = time.perf_counter()
        done = subprocess.run(
            [*command, *map(str, paths)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        )
        wall = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"the lessons do not pass, so there is nothing to measure:\n{done.stdout.decode()[-4000:]}")
        return wall, sum(map(float, notes.read_text().split()))


def empty_harness() -> float:
    """Return the wall time in seconds of pytest with two workers and nothing to execute: paid once, not per lesson."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(AT_A_TIME), "--co"]
    began = time.perf_counter()
    subprocess.run([*command, "notebooks"], cwd=ROOT, check=True, capture_output=True, env=quiet_environment())
    return time.perf_counter() - began


def bare_starts(count: int, at_a_time: int) -> float:
    """Return the wall time in seconds of `count` kernels started, found ready and ended, so many at a time."""

    def start(_: int) -> None:
        with private_kernel(env=quiet_environment()):
            pass

    began = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(start, range(count)))
    return time.perf_counter() - began


def cell_times(path: Path) -> list[tuple[float, str]]:
    """Return for each code cell of a lesson the seconds it took in the kernel, with its place and first line."""
    notebook = without_outputs(read_notebook(path))
    client = nbclient.NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        kernel_manager_class=AsyncPrivateKernelManager,
        resources={"metadata": {"path": str(path.parent)}},
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
    count = len(paths)
    runs = [
        (*harness(paths), empty_harness(), bare_starts(count, AT_A_TIME), bare_starts(count, 1)) for _ in range(rounds)
    ]
    wall, cells, empty, bare, serial = (statistics.median(column) for column in zip(*runs, strict=True))
    share = wall - cells / min(AT_A_TIME, count)
    print(
        f"{count} lessons, {len(inside)} code cells, two at a time, {os.cpu_count()} cores; medians of {rounds} rounds"
    )
    print(f"  nbval over all lessons        {wall:6.2f} s")
    print(
        f"  inside the cells              {cells:6.2f} s   ({sum(seconds for seconds, _ in inside):.2f} s one by one)"
    )
    print(f"  the harness's own share       {share:6.2f} s   of which pytest with nothing to do {empty:.2f} s")
    print(f"  bare kernel starts, {count}         {bare:6.2f} s   two at a time; {serial:.2f} s one after the other")
    print(f"  share : bare starts           {share / bare:6.2f}     {share / serial:.2f}")
    print(f"  the same without pytest's own {(share - empty) / bare:6.2f}     {(share - empty) / serial:.2f}")
    print("the slowest cells:")
    for seconds, name in sorted(inside, reverse=True)[:8]:
        print(f"  {seconds:6.2f} s  {name}")


if __name__ == "__main__":
    main()
