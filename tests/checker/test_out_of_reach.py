"""Who checks is out of the answer's reach: nothing that it holds can be opened by way of /proc. On Linux."""

import contextlib
import json
import subprocess
import sys

import pytest

from course.checker.process.prctl import PR_GET_DUMPABLE, prctl
from course.checker.process.survivors import checking

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc")

REACHES = """
import os, stat

def tried(path):
    yield lambda: os.readlink(path)
    yield lambda: os.close(os.open(path, os.O_PATH))
    with contextlib.suppress(OSError):
        if stat.S_ISFIFO(os.stat(path).st_mode):  # nothing else: it could be a file of the machine's
            for flags in (os.O_RDONLY, os.O_WRONLY):
                yield lambda: os.close(os.open(path, flags | os.O_NONBLOCK))

def answer(pid):
    reached = []
    for fd in range(100):
        for open_it in tried(f"/proc/{pid}/fd/{fd}"):
            with contextlib.suppress(OSError):
                open_it()
                reached.append(fd)
    return reached
"""

# Capabilities are given up: with them root opens everything, dumpable or not.
PROGRAM = f"""
import json, os, sys
from course.checker import Answer, run_check
from course.checker.process.privileges import give_up

give_up()
pipe = os.pipe()
text = "import contextlib" + {REACHES!r}
found = []

def check(trial):
    with trial.case("it looks at the process that checks it") as case:
        found.append(case.call(os.getpid()).result())

def plain_fork():
    exec(text, names := {{}})
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, json.dumps(names["answer"](os.getppid())).encode())
        os._exit(0)
    os.wait()
    told = json.loads(os.read(reading, 65536))
    os.close(reading)
    os.close(writing)
    return told

before = plain_fork()
assert run_check("answer", check, [Answer("answer", text)]).outcome == "passed"
print(json.dumps([before, found[0], plain_fork()]))
"""


def test_an_answer_opens_nothing_that_its_checker_holds_and_afterwards_all_is_as_before():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    before, reached, after = json.loads(done.stdout)
    assert reached == []
    # The others come and go: a library opens one of its own (libffi does), and to list them opens one too.
    assert set(before) >= {0, 1, 2}
    assert set(after) >= {0, 1, 2}


def test_of_checks_that_overlap_the_last_one_sets_it_back():
    before = prctl(PR_GET_DUMPABLE)
    with contextlib.ExitStack() as first, contextlib.ExitStack() as second:
        first.enter_context(checking())
        second.enter_context(checking())
        first.close()
        assert prctl(PR_GET_DUMPABLE) == 0
    assert prctl(PR_GET_DUMPABLE) == before
