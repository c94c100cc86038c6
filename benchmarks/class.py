"""What it costs to verify a class, and is each verdict the right one?

    python -m benchmarks.class [LEARNERS]     # 200 without a number

Makes a class from the course's own right and wrong answers (tests/answers), all exercises for each learner; to these
come 5 learners whose every answer hangs and 5 whose every answer crashes, each in a way of its own. One command
verifies it. Every verdict and diagnosis is compared with the one that is known.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from course.checker.process.survivors import descendants
from course.exercises.registry import Exercise, exercises

ANSWERS = Path(__file__).resolve().parents[1] / "tests" / "answers"
RIGHT_SHARE, NONE_SHARE = 0.6, 0.05
SAMPLE_SECONDS = 0.5
ANY = "some diagnosis"

HANGING = (
    "while True:\n        pass",
    "time.sleep(3600)",
    "socket.create_server(('127.0.0.1', 0)).accept()",
    "threading.Lock().acquire() or [lock.acquire() for lock in [threading.Lock()] * 2]",
    "[signal.signal(n, signal.SIG_IGN) for n in (2, 10, 12, 15)]\n    while True:\n        time.sleep(1)",
)
CRASHING = (
    "os._exit(0)",
    "ctypes.string_at(0)",
    "os.kill(os.getppid(), signal.SIGKILL)\n    os.kill(os.getpid(), signal.SIGKILL)",
    "os.closerange(3, 1000)\n    os.abort()",
    "[os.write(fd, b'{\"event\": \"returned\"}\\n') for fd in range(3, 100) if os.path.exists(f'/proc/self/fd/{fd}') "
    "and os.readlink(f'/proc/self/fd/{fd}').startswith('pipe')]\n    os._exit(7)",
)
HEAD = "import ctypes, os, signal, socket, threading, time\n"


@dataclass(frozen=True)
class Expected:
    """The verdict that an answer must get, and its diagnosis ("" for none, ANY for one that is not foretold)."""

    verdict: str
    diagnosis: str = ""


def make(folder: Path, learners: int) -> dict[str, Expected]:
    """Write the class; return what each file must get, by its path."""
    chance, expected = random.Random(1), {}
    for number in range(learners):
        for exercise in exercises().values():
            draw = chance.random()
            if draw < NONE_SHARE:
                continue
            kind = "right" if draw < NONE_SHARE + RIGHT_SHARE else "wrong"
            source = chance.choice(sorted((ANSWERS / exercise.name).glob(f"{kind}_*.py")))
            text = source.read_text()
            wanted = re.match(r"# diagnosis: ([a-z0-9-]+)\n", text)
            path = _put(folder / f"learner {number:03}", exercise, text.rstrip("\n") + f"\n# learner {number}\n")
            expected[path] = Expected("not yet", wanted[1]) if wanted else Expected("passed")
    for name, bodies in (("hangs", HANGING), ("crashes", CRASHING)):
        for number, body in enumerate(bodies):
            for exercise in exercises().values():
                text = HEAD + "".join(f"\n\ndef {one}(*given):\n    {body}\n" for one in exercise.names)
                expected[_put(folder / f"{name} {number}", exercise, text)] = Expected("not yet", ANY)
    return expected


def _put(learner: Path, exercise: Exercise, text: str) -> str:
    learner.mkdir(exist_ok=True)
    path = learner / f"{exercise.name}.py"
    path.write_text(text)
    return str(path)


class Memory(threading.Thread):
    """Adds up, twice a second, the memory of a process and of all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(map(_proportional, [self.pid, *descendants(self.pid)])))


def _proportional(pid: int) -> int:
    """Return a process's bytes of memory, of shared pages its share (proc(5), smaps_rollup)."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        return int(found[1]) * 1024 if found else 0
    return 0


def main() -> int:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "class")
        folder.mkdir()
        expected = make(folder, learners)
        print(f"{learners} + 10 learners, {len(exercises())} exercises, {len(expected)} answers", flush=True)
        began = time.monotonic()
        command = subprocess.Popen(
            [sys.executable, "-m", "course", "verify", "--json", str(folder)], stdout=subprocess.PIPE, text=True
        )
        memory = Memory(command.pid)
        memory.start()
        said, _ = command.communicate()
        seconds = time.monotonic() - began
        memory.over.set()
        rows = json.loads(said)
    busy = sum(row["seconds"] for row in rows)
    print(f"{seconds:.0f} s in all, {1000 * busy / len(rows):.0f} ms an answer, {memory.peak >> 20} MB at most")
    print(Counter(row["verdict"] for row in rows))
    for kind in ("hangs", "crashes"):
        print(kind, Counter(row["diagnosis"] for row in rows if f"/{kind} " in row["path"]).most_common())
    others = [row for row in rows if not _as_expected(row, expected[row["path"]])]
    for row in others:
        print(f"{Path(row['path']).relative_to(folder)}: {row['verdict']} {row['diagnosis']}, {expected[row['path']]}")
    print(f"{len(rows) - len(others)} of {len(expected)} verdicts as expected")
    return 1 if others or len(rows) != len(expected) else 0


def _as_expected(row: dict[str, str], wanted: Expected) -> bool:
    diagnosis = row["diagnosis"] != "" if wanted.diagnosis == ANY else row["diagnosis"] == wanted.diagnosis
    return row["verdict"] == wanted.verdict and diagnosis


if __name__ == "__main__":
    sys.exit(main())
