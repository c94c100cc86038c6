"""Lessons as another machine or another learner's settings would run them."""

import os
import subprocess
import sys

import pytest

from course.lesson.manifest import NOTEBOOKS, ROOT


@pytest.fixture
def started(tmp_path):
    """Return a function that gives the environment of an IPython with this start-up file."""

    def environment(text, **more):
        folder = tmp_path / "profile_default" / "startup"
        folder.mkdir(parents=True)
        (folder / "00.py").write_text(text)
        return os.environ | {"IPYTHONDIR": str(tmp_path), "COURSE_NOTICES": "1"} | more

    return environment


@pytest.fixture
def nbval():
    """Return a function that verifies a lesson in a process of its own, and fails with what nbval said."""

    def verify(lesson, environment=None, **how):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        path = str(NOTEBOOKS / f"{lesson}.ipynb")
        done = subprocess.run([*command, path], cwd=ROOT, env=environment, capture_output=True, text=True, **how)
        assert done.returncode == 0, done.stdout[-4000:]

    return verify
