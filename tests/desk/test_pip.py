"""What the set-up hears of pip's and Python's own settings, and what it says when pip fails."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.desk.lock import pins
from course.lesson.manifest import ROOT


def test_a_python_without_openssl_is_named_and_no_network_is_blamed(set_up, tmp_path):
    (tmp_path / "ssl.py").write_text('raise ImportError("No module named _ssl")')
    nowhere = "https" + "://127.0.0.1:9/simple"
    code, said = set_up(
        tmp_path, PYTHONPATH=str(tmp_path), PIP_INDEX_URL=nowhere, PIP_RETRIES="0", PIP_NO_CACHE_DIR="1",
        PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS=str(tmp_path), PIP_EXTRA_INDEX_URL=nowhere,
    )  # fmt: skip
    assert code == 2
    assert "built without OpenSSL" in said
    assert "make lab PYTHON=" in said
    assert "online" not in said


def test_without_a_network_the_set_up_says_so_and_can_be_repeated(set_up, tmp_path):
    nowhere = "http" + "://127.0.0.1:9/simple"
    offline = {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull,
               "PIP_FIND_LINKS": str(tmp_path), "PIP_EXTRA_INDEX_URL": nowhere}  # fmt: skip
    code, said = set_up(tmp_path, **offline)
    assert code == 2
    assert "is this machine online?" in said
    assert not (tmp_path / ".venv" / "course-stamp.json").exists()


def test_pip_is_asked_what_it_knows_and_an_answer_is_no_matter_of_the_network(set_up, tmp_path):
    index = tmp_path / "index"  # one that answers, and holds nothing
    for name in (pin.partition("==")[0] for pin in pins((ROOT / "requirements.lock").read_text())):
        (index / name).mkdir(parents=True, exist_ok=True)
        (index / name / "index.html").write_text("<html></html>")
    code, said = set_up(tmp_path, PIP_INDEX_URL=index.as_uri(), PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS="",
                        PIP_EXTRA_INDEX_URL="", PIP_NO_CACHE_DIR="1")  # fmt: skip
    assert code == 2
    assert re.search(r"package index holds no \S+==\S+ for Python {}\.{}".format(*sys.version_info), said)
    assert "online" not in said
    assert "ERROR: No matching distribution found for" in said


# What a user may have set for other programs. Each of them once made the set-up fail, or go elsewhere.
FOREIGN_FILE = """
[global]
user = true
require-virtualenv = true
quiet = 3
constraint = /no/such/constraints.txt
[install]
no-binary = :all:
"""
FOREIGN = {
    "PIP_USER": "1", "PIP_TARGET": "elsewhere", "PIP_PREFIX": "elsewhere", "PIP_ROOT": "elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1", "PIP_CONSTRAINT": "/no/such/file", "PIP_NO_BINARY": ":all:", "PIP_QUIET": "3",
    "PIP_PYTHON": "/no/such/python", "PIP_REQUIREMENT": "/no/such/file", "PIP_DRY_RUN": "1", "PIP_ISOLATED": "1",
    "VIRTUAL_ENV": "/no/such/folder", "CONDA_PREFIX": "/no/such/folder", "PYTHONHOME": "/no/such/folder",
    "PYTHONWARNINGS": "error", "PYTHONSTARTUP": "/no/such/file", "PYTHONSAFEPATH": "1", "PYTHONINSPECT": "1",
}  # fmt: skip


@pytest.fixture
def online(tmp_path):
    """Skip where pip reaches no package index from here: then no set-up can be seen to succeed."""
    command = [sys.executable, "-I", "-m", "pip", "download", "--no-deps", "--quiet", "--retries", "0"]
    pin = pins((ROOT / "requirements.lock").read_text())[0].split()[0]
    done = subprocess.run([*command, "--timeout", "10", "-d", tmp_path / "tried", pin], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"pip reaches no package index from here: {done.stderr.strip().splitlines()[-1]}")


@pytest.mark.usefixtures("online")
def test_the_set_up_is_deaf_to_what_was_set_for_other_programs(make, tmp_path):
    """By way of make, to the end: a real installation of what learners have, and Jupyter starts from it."""
    packages = tmp_path / "others"
    packages.mkdir()
    for name in ("pip", "venv", "jupyterlab", "traitlets", "json"):
        (packages / f"{name}.py").write_text("raise SystemExit('a package of another program was taken')")
    (tmp_path / "pip.conf").write_text(FOREIGN_FILE)
    folder = tmp_path / "course"
    folder.mkdir()
    names = ("course", "netlib", "sockscope", "notebooks", "Makefile", "pyproject.toml")
    for path in (*(ROOT / name for name in names), *ROOT.glob("*.lock")):
        (folder / path.name).symlink_to(path)
    (folder / "course").unlink()
    shutil.copytree(ROOT / "course", folder / "course")
    python = Path(sys._base_executable)
    code, said = make(
        "-C", str(folder), "work", f"PYTHON={python}", **FOREIGN,
        PIP_CONFIG_FILE=str(tmp_path / "pip.conf"), PYTHONPATH=str(packages), HOME=str(tmp_path),
    )  # fmt: skip
    assert code == 0, said
    assert "00_start_here.ipynb: new" in said
    assert not (ROOT / "elsewhere").exists()
    assert not (folder / "elsewhere").exists()


def test_what_says_how_to_reach_an_index_is_heard(tmp_path):
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nuser = true\nquiet = 3\ncert = /a\nproxy = one\n[install]\nproxy = two\nfind-links = x\n  y\n"
    )
    code = (
        "import json, runpy, sys; m = runpy.run_path(sys.argv[1]); print(json.dumps(m['pip_settings'](sys.executable)))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [sys.executable, "-c", code, ROOT / "course" / "desk" / "venv.py"], capture_output=True, text=True, check=True,
        env=kept | {"PIP_CONFIG_FILE": str(settings), "PIP_INDEX_URL": "there", "PIP_CERT": "/b", "PIP_USER": "1"},
    )  # fmt: skip
    heard = json.loads(done.stdout)
    heard["PIP_FIND_LINKS"] = heard["PIP_FIND_LINKS"].split()
    wanted = {"PIP_CERT": "/b", "PIP_PROXY": "two", "PIP_FIND_LINKS": ["x", "y"], "PIP_INDEX_URL": "there"}
    assert heard == heard | wanted
    assert "PIP_USER" not in heard
    assert "PIP_QUIET" not in heard
