"""A trip-wire: the tests that run hostile answers write nowhere but to their own temporary folders.

They run once more, in a namespace where every write lands in memory (`overlaid.py`), and that memory is looked at.
Only those whose answers do what they can: the rest of the two folders holds answers that are right, wrong or endless,
and would take another minute. `COURSE_TRIPWIRE=all` runs it too.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
HOSTILE = [
    "classroom/test_hostile.py",
    "classroom/test_pool.py",
    "checker/test_out_of_reach.py",
    "checker/test_processes.py",
    "checker/test_verdicts.py",
]
ALL = ["classroom", "checker"]
NOT_POSSIBLE = 3  # overlaid.py


@pytest.fixture
def overlaid(tmp_path):
    """overlaid(command) runs it where nothing that it writes stays; gives its code, what it printed, and the paths."""
    # The paths are short ones: the address of a Unix socket has room for 108 bytes (unix(7)).
    with tempfile.TemporaryDirectory(prefix="t-") as folder:

        def run(*command, seconds=600):
            home = tmp_path / "home"
            home.mkdir()
            line = [
                *_apart(),
                sys.executable,
                str(Path(__file__).with_name("overlaid.py")),
                str(home),
                folder,
                *command,
            ]
            with subprocess.Popen(
                line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=_quiet()
            ) as process:
                try:
                    said, complained = process.communicate(timeout=seconds)
                finally:
                    if process.poll() is None:
                        os.killpg(process.pid, signal.SIGKILL)
            if process.returncode == NOT_POSSIBLE:
                pytest.skip(f"this machine allows no view of all files in which writing is noted: {complained.strip()}")
            assert process.returncode == 0, complained
            *printed, last = said.splitlines()
            found = json.loads(last)
            return found["code"], "\n".join(printed), found["written"]

        yield run


def _apart():
    unshare = shutil.which("unshare")
    if not unshare:
        pytest.skip("unshare (util-linux) is not there")
    for apart in ([unshare, "--mount"], [unshare, "--user", "--map-root-user", "--mount"]):
        if subprocess.run([*apart, "true"], capture_output=True).returncode == 0:
            return apart
    pytest.skip("this machine allows no mount namespace of one's own")


def _quiet():
    """An environment in which Python keeps no compiled modules, which it may write anywhere."""
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}


def test_tests_with_hostile_answers_write_nowhere_but_to_their_temporary_folders(overlaid):
    chosen = ALL if os.environ.get("COURSE_TRIPWIRE") == "all" else HOSTILE
    places = [str(TESTS / place) for place in chosen]
    options = ["-q", "-n", "2", "-p", "no:cacheprovider", "--ignore", __file__]
    _, said, written = overlaid(sys.executable, "-m", "pytest", *options, *places)
    assert written == []
    # Whether they pass is told where they stand. Here they have to have run; one may fail in a crowd of tests.
    passed, failed = (sum(map(int, re.findall(rf"(\d+) {how}", said))) for how in ("passed", "failed"))
    assert passed > 20 * failed, said


BREAKS = """
import os, sys
held = open(sys.argv[1], "rb")
open(f"/proc/{os.getpid()}/fd/{held.fileno()}", "wb").close()
os.mkdir(sys.argv[2])
os.unlink(sys.argv[3])
"""


def test_the_wire_notes_what_is_changed_made_and_removed_and_nothing_of_it_stays(overlaid, tmp_path):
    kept, made, gone = (tmp_path / name for name in ("kept", "made", "gone"))
    kept.write_text("a library")
    gone.write_text("another")
    code, _, written = overlaid(sys.executable, "-c", BREAKS, *map(str, (kept, made, gone)))
    assert code == 0
    assert written == [f"{gone} (removed)", str(kept), f"{made}/"]
    assert (kept.read_text(), gone.read_text(), made.exists()) == ("a library", "another", False)
