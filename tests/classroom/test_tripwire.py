"""Nothing that the checkers' tests do, and no answer in them, writes anywhere but to its own temporary folders."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.lesson.manifest import ROOT

SCRIPT = Path(__file__).with_name("tripwire.sh")
WRITES_NO_CACHE = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "TRIPWIRE": "set",  # this test is not run inside itself
}
APART = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def under_layers(folder, *command):
    """Run `command` where every folder of the system has a layer over it; return what it wrote there, and its output.

    Nothing that it writes reaches the files below (overlayfs: Documentation/filesystems/overlayfs.rst).
    """
    if not shutil.which("unshare"):
        pytest.skip("unshare (util-linux) is not there")
    folder.mkdir()
    probe = subprocess.run([*APART, "sh", str(SCRIPT), str(folder), "true"], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"this machine lets no layers be mounted: {probe.stderr.strip()}")
    environment = os.environ | WRITES_NO_CACHE | {"HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "temp" / "hypothesis")}
    line = [*APART, "sh", str(SCRIPT), str(folder), *command]
    done = subprocess.run(line, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=600)
    told = [text.removeprefix("tripwire: ") for text in done.stdout.splitlines() if text.startswith("tripwire: ")]
    return told, done.stdout + done.stderr


@pytest.mark.skipif("TRIPWIRE" in os.environ, reason="this is the run under layers, in which it is not begun again")
def test_the_tests_of_the_checker_and_of_the_class_write_to_their_temporary_folders_alone(tmp_path):
    tests = [f"tests/{name}" for name in ("checker", "classroom")]
    pytest_quiet = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadscope"]
    told, output = under_layers(tmp_path / "layers", *pytest_quiet, *tests)
    assert told == ["the command ended with code 0"], output


@pytest.mark.parametrize("write", ["echo harm >>README.md", "rm README.md", "mkdir -p /var/x && touch /var/x/y"])
def test_a_write_elsewhere_is_told_and_harms_nothing(tmp_path, write):
    before = (ROOT / "README.md").read_bytes()
    told, _ = under_layers(tmp_path / "layers", "sh", "-c", write)
    place = "/var/x/y" if "/var" in write else f"{ROOT}/README.md"
    assert told == ["the command ended with code 0", f"written {place}"]
    assert (ROOT / "README.md").read_bytes() == before
