"""How long a right answer takes to its verdict, in a real ipykernel: `python -m benchmarks.checker_speed [N]`.

For each exercise the reference is checked N times by `check()`, as a learner's cell does it. Shown are the median
and the 95th percentile of the whole call, all cases; and of a bare fork and wait in the same kernel, for scale.
Beside them the median of the processor time of the kernel and of the answer's processes, together: that is what can
be compared when others use the machine too.
`--profile NAME` shows instead where the time of one exercise goes, in the kernel's own process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence

from benchmarks.checker_survival import run
from course.execution.kernels import private_kernel
from course.exercises.reference import reference_text
from course.exercises.registry import exercises

MEDIAN_MS, LATE_MS = 50.0, 150.0  # what is allowed

SETUP = """
import json, os, resource, time
from course.checker import Answer, run_check
from course.exercises import check, find

def timed(action, count):
    times = []
    for _ in range(count):
        began, before = time.perf_counter(), processor()
        action()
        times.append((1000 * (time.perf_counter() - began), 1000 * (processor() - before)))
    return times

def processor():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)

def bare():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

def checked(name, *functions):
    panel = check(name, *functions)
    assert panel.verdict.outcome == "passed", panel
"""

PROFILE = """
import cProfile, pstats
watch = cProfile.Profile()
watch.runcall(timed, lambda: checked({name!r}, {given}), {count})
pstats.Stats(watch).sort_stats("tottime").print_stats(22)
"""


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(client: object, names: Sequence[str], count: int) -> bool:
    """Print one line an exercise; return whether all were fast enough."""
    good = True
    bare = json.loads(run(client, f"print(json.dumps(timed(bare, {count})))", 60))
    _show("a bare fork and wait", bare)
    for name in names:
        given = ", ".join(exercises()[name].names)
        run(client, f"{reference_text(exercises()[name])}\ntimed(lambda: checked({name!r}, {given}), 3);", 60)
        times = json.loads(run(client, f"print(json.dumps(timed(lambda: checked({name!r}, {given}), {count})))", 600))
        cases = run(client, f"print(check({name!r}, {given}).verdict.total_cases)", 60).split()[-1]
        good = _show(f"{name}, {cases} cases", times) and good
    return good


def _show(what: str, times: Sequence[tuple[float, float]]) -> bool:
    taken, used = zip(*times, strict=True)
    middle, late = statistics.median(taken), percentile(taken, 0.95)
    print(
        f"{what:28} median {middle:6.1f} ms   95 % {late:6.1f} ms   least {min(taken):6.1f} ms   "
        f"processor {statistics.median(used):6.1f} ms   load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return middle <= MEDIAN_MS and late <= LATE_MS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=100)
    parser.add_argument("--names", default=",".join(exercises()))
    parser.add_argument("--profile", default="")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as kept,
        private_kernel(env=os.environ | {"COURSE_ANSWERS": kept}) as (_, client),
    ):
        run(client, SETUP, 60)
        if options.profile:
            exercise = exercises()[options.profile]
            given = ", ".join(exercise.names)
            run(client, reference_text(exercise), 60)
            print(run(client, PROFILE.format(name=options.profile, given=given, count=options.runs), 300))
            return 0
        good = measure(client, options.names.split(","), options.runs)
    print("fast enough" if good else f"too slow: {MEDIAN_MS:.0f} and {LATE_MS:.0f} ms are allowed")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
