"""Workers that are killed: nobody else is blamed for it, nothing of theirs is left, and no box becomes a worse one."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course.classroom.box import Level
from course.classroom.pool import MOST_FAILED_STARTS, Job, Pool, PoolError
from course.classroom.rows import CRASHED
from course.classroom.scratch import HELD, PREFIX, remove, scratch

RIGHT = b"def shout(text):\n    return text.upper()\n"
ENDS_ITS_WORKER = b"""
import os, signal
def shout(text):
    open("big", "wb").write(bytes(1000))
    os.mkdir("shut")
    os.mkdir("shut/inner")
    os.chmod("shut", 0)
    with open(f"/proc/{os.getppid()}/stat") as file:
        worker = int(file.read().rpartition(")")[2].split()[1])
    with open(f"/proc/{worker}/cmdline") as file:
        assert "course.classroom.worker" in file.read()
    os.kill(worker, signal.SIGKILL)
"""

killing = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="without pidfd the wrong process might be killed")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, empty."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def inside(pool):
    return sorted(os.listdir(pool._folder))


@killing
def test_who_comes_after_one_that_killed_the_workers_is_not_blamed_for_it(temporary):
    """Killed a moment later than its own: the next answer would be handed to a dead worker, alone, and be blamed."""
    jobs = [Job("killer", "shout", ENDS_ITS_WORKER, alone=True), Job("next", "shout", RIGHT, alone=True)]
    verdicts, victims = {}, []
    with Pool(3, Level.OPEN) as pool:
        while not all(hand.ready for hand in pool._hands):
            pool._look()
        for event, job, row in pool.run(jobs):
            if (event, job.key) == ("begun", "killer"):
                victims = [os.pidfd_open(hand.process.pid) for hand in pool._hands if hand.job is None]
            if event == "done":
                verdicts[job.key] = row["verdict"], row["diagnosis"]
                for victim in victims:
                    with contextlib.suppress(ProcessLookupError):
                        signal.pidfd_send_signal(victim, signal.SIGKILL)
    for victim in victims:
        os.close(victim)
    assert verdicts == {"killer": ("not yet", CRASHED), "next": ("passed", "")}


@killing
def test_workers_killed_while_they_start_are_started_again_as_long_as_an_answer_runs(temporary, tmp_path, monkeypatch):
    monkeypatch.setenv("NETLIB_PATIENCE", "10")
    waits = f"import os, time\ndef shout(text):\n    while not os.path.exists({str(tmp_path / 'go')!r}):\n"
    waits += "        time.sleep(0.01)\n    return text.upper()\n"
    with Pool(2, Level.OPEN) as pool:
        killed, done = set(), {}
        for event, job, row in pool.run([Job("waits", "shout", waits.encode())]):
            for hand in pool._hands:
                if event != "done" and hand.job is None and len(killed) < MOST_FAILED_STARTS:
                    os.kill(hand.process.pid, signal.SIGKILL)  # our own child, and not reaped
                    killed |= set() if hand.ready else {hand.process.pid}  # one that was faster does not count
            if len(killed) == MOST_FAILED_STARTS:
                (tmp_path / "go").touch()
            if event == "done":
                done[job.key] = row["verdict"]
    assert len(killed) == MOST_FAILED_STARTS
    assert done == {"waits": "passed"}


@killing
def test_the_scratch_of_a_killed_worker_goes_with_it(temporary):
    with Pool(2, Level.OPEN) as pool:
        before = len(inside(pool))
        jobs = [Job(str(number), "shout", ENDS_ITS_WORKER + b"#%d" % number, alone=True) for number in range(3)]
        rows = [row for event, _, row in pool.run(jobs) if event == "done"]
        assert [row["diagnosis"] for row in rows] == [CRASHED] * 3
        assert len(inside(pool)) == before
        assert sorted(os.listdir(temporary)) == [Path(pool._folder).name]
    assert os.listdir(temporary) == []


def test_a_worker_that_can_box_answers_in_less_than_was_said_gets_none(temporary):
    with Pool(1, Level.OPEN) as pool:
        pool.level = Level.OFFLINE  # as was said; and what is started from now on cannot
        pool._command = lambda: [sys.executable, "-m", "course.classroom.worker", "0"]
        pool._replace(pool._hands[0])
        with pytest.raises(PoolError, match="a box as before, offline, is not possible any more"):
            list(pool.run([Job("right", "shout", RIGHT)]))


OWNER = """
import os, signal
from course.classroom.scratch import scratch
with scratch() as folder:
    open(folder + "/left", "w").close()
    print(folder, flush=True)
    input()
"""


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_is_in_use_is_not(temporary, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(temporary))
    owners = [
        subprocess.Popen([sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    folders = [Path(owner.stdout.readline().strip()) for owner in owners]
    owners[0].kill()
    owners[0].communicate()
    other = temporary / f"{PREFIX}of-somebody-else"
    other.mkdir()
    with scratch() as mine:
        assert sorted(temporary.iterdir()) == sorted([folders[1], other, Path(mine)])
        assert sorted(os.listdir(folders[1])) == [HELD, "left"]
    owners[1].communicate("\n")
    assert owners[1].returncode == 0
    assert list(temporary.iterdir()) == [other]


def test_a_link_in_its_place_is_not_followed(temporary, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    precious.chmod(0o755)
    (precious / HELD).touch()
    (temporary / f"{PREFIX}link").symlink_to(precious)
    with scratch() as mine:
        (Path(mine) / "link").symlink_to(precious)
    assert stat.S_IMODE(precious.stat().st_mode) == 0o755
    assert (precious / HELD).exists()


def test_a_folder_without_permissions_is_removed_too(tmp_path):
    inner = tmp_path / "folder" / "shut" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    inner.chmod(0)
    inner.parent.chmod(0)
    remove(str(tmp_path / "folder"))
    assert os.listdir(tmp_path) == []
