"""Lint, format and types, of the notebooks too: the same tools that an editor would run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.lesson.manifest import ROOT


def run(*command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=280)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", [
    ("ruff", "check", "--no-cache", "."),
    ("ruff", "format", "--no-cache", "--check", "."),
    ("mypy",),
], ids=["lint", "format", "types"])  # fmt: skip
def test_the_code_keeps_to(command):
    code, said = run(*command)
    assert code == 0, said


def test_kernels_of_the_tests_leave_the_history_of_whoever_runs_them_alone():
    assert Path(os.environ["IPYTHONDIR"]).resolve() != (Path.home() / ".ipython").resolve()


def test_importing_netlib_and_sockscope_is_light():
    heavy = ["ipywidgets", "matplotlib", "psutil", "IPython", "asyncio"]
    program = f"import sys, netlib, sockscope; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_names_that_have_moved_say_where_to_a_copy_that_still_asks_for_them():
    from_old_copy = "from netlib import expect, look"
    done = subprocess.run([sys.executable, "-c", from_old_copy], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "ImportError: netlib.look has moved: write `from sockscope import look`"


def test_netlib_has_few_public_names():
    import netlib

    assert len(netlib.__all__) <= 15


def test_no_file_names_an_index_or_a_machines_path():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile("py" + r"pi\.org|python" + r"hosted|index" + r"-url|/(?:work|root|home)/[a-z]+/")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix not in {".png"} and path.is_file() and forbidden.search(path.read_text(errors="replace")):
            found.append(name)
    assert found == []
