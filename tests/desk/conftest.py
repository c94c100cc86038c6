"""The real JupyterLab as `make lab` starts it, and a copy of the course with its environment."""

import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

import pytest
import websocket

from course.lesson.manifest import ROOT
from netlib.patience import patience


class Lab:
    """A JupyterLab that is starting; its address is read from what it prints when it is first asked for."""

    def __init__(self, process):
        self._process = process
        self.rest = ""  # what it printed after the address, to its end

    @functools.cached_property
    def _address(self):
        said = ""
        while "token=" not in said:
            line = self._process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line
        return re.search(r"(http\S+?)/lab/tree/work/00_start_here.ipynb\?token=(\w+)", said).groups()

    @property
    def base(self):
        return self._address[0]

    @property
    def token(self):
        return self._address[1]

    def ask(self, path, /, **given):
        """Return the answer to GET, or to POST if something is `given`. It listens: there is nothing to wait for."""
        request = urllib.request.Request(
            f"{self.base}/{path}?token={self.token}", data=json.dumps(given).encode() if given else None
        )
        with urllib.request.urlopen(request, timeout=patience(60)) as answer:
            return json.load(answer)

    def run(self, code):
        """Return what `code` prints in a fresh kernel whose folder is work/, where the learner's notebooks are."""
        kernel = self.ask("api/kernels", name="python3", path="work")["id"]
        address = f"{self.base.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={self.token}"
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "tests",
                  "version": "5.3"}  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        said = ""
        with contextlib.closing(websocket.create_connection(address, timeout=patience(60))) as channel:
            channel.send(json.dumps(message))
            while True:
                answer = json.loads(channel.recv())
                if answer["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                if answer["msg_type"] == "stream":
                    said += answer["content"]["text"]
                elif answer["msg_type"] == "error":
                    said += "\n".join(answer["content"]["traceback"])
                elif answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                    return said


def plain_environment(**variables):
    """Return the variables of a learner who has set nothing, with these besides."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match(
            "JUPYTER|COURSE_|MAKE|MFLAGS|VENV$|PYTHON$|PYTEST|VIRTUAL_ENV|BROWSER$|DISPLAY$|WAYLAND_DISPLAY$", name
        )
    }
    return kept | variables


@contextlib.contextmanager
def start_lab(folder, command=(sys.executable, "-m", "course", "lab"), **variables):
    """Start JupyterLab in `folder`, as `make lab` does it, without a browser, and end it after the block."""
    with subprocess.Popen(
        command, cwd=folder, env=plain_environment(**variables),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        lab = Lab(process)
        try:
            yield lab
        finally:
            process.terminate()
            lab.rest = process.stdout.read()


@pytest.fixture
def started():
    return start_lab


@pytest.fixture
def copied(tmp_path):
    """Give a copy of the course, environment and all, as `cp -a` of the folder makes it."""
    if not Path(sys.prefix, "course-stamp.json").is_file():
        pytest.skip("the environment was not made by make: conda's does not move with the folder")
    folder = tmp_path / "first"
    folder.mkdir()
    for name in ("course", "netlib", "sockscope", "notebooks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "Makefile", ROOT / "pyproject.toml", *ROOT.glob("*.lock")):
        shutil.copy2(path, folder)
    without = shutil.ignore_patterns("playwright", "mypy", "mypyc", "ruff", "hypothesis", "matplotlib")  # half of it
    shutil.copytree(sys.prefix, folder / ".venv", symlinks=True, ignore=without)
    return folder


def run_make(*arguments, **environment):
    """Run make in the project with these variables; return its exit code and all that it printed."""
    # what `make test PYTHON=…` was given would reach this make as well, by the environment
    kept = {key: value for key, value in os.environ.items() if not re.match("MAKE|MFLAGS|PYTHON$|VENV$", key)}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def run_set_up(tmp_path, purpose="lab", python=sys.executable, **environment):
    """Run the set-up of a fresh environment; return its exit code and what it said."""
    done = subprocess.run(
        [python, ROOT / "course" / "desk" / "venv.py", purpose, "--venv", tmp_path / ".venv"],
        env=os.environ | environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def make():
    return run_make


@pytest.fixture
def set_up():
    return run_set_up
