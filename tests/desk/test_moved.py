"""A folder that is moved, copied, or has a name that no shell likes."""

import os
import subprocess
import sys
from pathlib import Path

WHERE = "import netlib, course, sys; print(netlib.__file__, course.__file__, sys.prefix)"
NAMES = ["a course", 'a"quotation', "a$HOME", "it's", "Übung 課程", "a\\b", "a`date`;x&"]


def make(folder, *arguments):
    """Run make in `folder` without an index that answers; return what it printed."""
    nowhere = {"PIP_INDEX_URL": "http" + "://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PIP_", "VENV"))
    }
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder, env=kept | nowhere, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def found_by(command, folder):
    """Return the folders in which `command`, started in work/, finds the course and its environment."""
    done = subprocess.run([*command, "-c", WHERE], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def is_all_in(folder):
    return f"{folder / 'netlib/__init__.py'} {folder / 'course/__init__.py'} {folder / '.venv'}"


def state_of(folder):
    """Return what can be seen of an environment's programs and packages: not the caches that others fill meanwhile."""
    return {
        path: path.lstat().st_mtime_ns
        for place in ("bin", "lib")
        for path in (folder / place).rglob("*")
        if "__pycache__" not in path.parts and not path.is_dir()
    }


def test_a_folder_copied_and_then_moved_starts_its_own_lab_with_its_own_code(copied, started, tmp_path):
    before = state_of(Path(sys.prefix))
    folder = copied
    for _ in range(2):
        with started(folder, command=("make", "lab"), HOME=str(tmp_path)) as lab:
            assert lab.run(WHERE).strip() == is_all_in(folder)
        folder = folder.rename(tmp_path / "moved here")
    assert state_of(Path(sys.prefix)) == before, "the original was touched"


def test_under_any_name_the_environment_is_set_right_without_a_network(copied, tmp_path):
    folder = copied
    for name in NAMES:
        folder = folder.rename(tmp_path / name)
        assert found_by([folder / ".venv/bin/python"], folder / "docs") == is_all_in(folder)  # before any command
        assert "moved or copied" in make(folder, "work")
        assert "moved or copied" not in make(folder, "work")
        script = subprocess.run([folder / ".venv/bin/ipython", "-c", WHERE], cwd="/", capture_output=True, text=True)
        assert is_all_in(folder) in script.stdout, script.stderr
