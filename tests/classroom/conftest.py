"""A class of few learners, made for a test, and the command run on it as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.classroom.box import Level
from course.classroom.command import Options, verify_class
from course.classroom.rows import Row

RIGHT = "def shout(text):\n    return text.upper()\n"
HEAD = """import contextlib, ctypes, os, signal, socket, stat, subprocess, sys, threading, time


def wires(process):
    with contextlib.suppress(OSError):
        for fd in sorted(map(int, os.listdir(f"/proc/{process}/fd"))):
            with contextlib.suppress(OSError):
                mode = os.stat(f"/proc/{process}/fd/{fd}").st_mode
                if fd > 2 and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
                    yield fd


def above(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def kill(pid, number=signal.SIGKILL):
    with open(f"/proc/{pid}/cmdline") as file:
        assert "course.classroom.worker" in file.read()
    os.kill(pid, number)


def closed():
    return os.getppid() == 1 and bool(os.statvfs("/").f_flag & os.ST_RDONLY)
"""


class Classroom:
    """A folder of learners' folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def put(self, learner: str, text: str = RIGHT, exercise: str = "shout") -> Path:
        path = self.folder / learner / f"{exercise}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def hostile(self, learner: str, body: str) -> Path:
        """Put an answer that does `body` when it is called, and then is wrong.

        What it can reach it may reach as root, in a home full of files. So it has `wires(process)`, the descriptors
        that are pipes or sockets: what a process holds besides may be a file of the machine's (libffi 3.5 keeps its
        own library open). `kill(pid)` kills nobody but who checks answers. What nothing bounds asks `closed()` first:
        a worker that could not make its box a moment ago is at a lower level than the test has asked for.
        """
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return self.put(learner, f"{HEAD}\n\ndef shout(text):\n{lines}    return 'wrong'\n")

    def rows(self, **options) -> dict[str, Row]:
        """Verify the class in this process; return one row for each learner, by name."""
        _, rows = verify_class(self.folder, Options(**options))
        return {Path(row.path).relative_to(self.folder).parts[0]: row for row in rows}

    def command(self, *argv: str) -> list[str]:
        return [sys.executable, "-m", "course", "verify", *argv, str(self.folder)]

    def run(self, *argv: str, **environment: str) -> subprocess.CompletedProcess:
        """Run the command on the class, in a pipe."""
        settings = os.environ | environment
        return subprocess.run(self.command(*argv), capture_output=True, text=True, env=settings, timeout=120)


@pytest.fixture
def classroom(tmp_path) -> Classroom:
    return Classroom(tmp_path / "class")


@pytest.fixture(scope="session")
def best() -> Level:
    """How far this machine lets answers be boxed in."""
    command = [sys.executable, "-m", "course.classroom.worker", str(int(Level.CLOSED))]
    return Level(json.loads(subprocess.run(command, input=b"", capture_output=True).stdout)["ready"])


@pytest.fixture(autouse=True)
def machine_allows(request, best):
    """Skip a test for a `level` that this machine does not allow: at a lower one, some answers would do real harm."""
    level = getattr(request.node, "callspec", None) and request.node.callspec.params.get("level")
    if isinstance(level, Level) and level > best:
        pytest.skip(f"this machine does not let answers be boxed in so far ({level.name.lower()})")
