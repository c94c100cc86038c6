"""Lessons print what they should, under nbval and so strictly, under conditions that their cells could notice."""

import sys

import pytest

from course.lesson.manifest import NOTEBOOKS

ALL = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
NAMES = ("localhost", "getaddrinfo", "gethostby", "127.1")
WITH_NAMES = [stem for stem in ALL if any(name in (NOTEBOOKS / f"{stem}.ipynb").read_text() for name in NAMES)]
STARTUPS = {
    "a default time-out": ("import socket\nsocket.setdefaulttimeout(3)\n", ALL),
    "prints and shadowed names": (
        "print('hello from a start-up file')\nlist = dict = open = check = look = 3\n",
        ["00_start_here", "04_client_lifecycle"],
    ),
}


def what_failed(condition, *lessons, **environment):
    """Run lessons under nbval and a condition; return what pytest said if anything failed."""
    paths = [NOTEBOOKS / f"{lesson}.ipynb" for lesson in lessons]
    quiet = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
    done = condition.run(sys.executable, *quiet, *paths, **environment)
    return done.stdout[-3000:] + done.stderr if done.returncode else ""


@pytest.mark.parametrize("hosts", ["IPv6 alone", "nobody"])
def test_whoever_localhost_is(under, hosts):
    assert len(WITH_NAMES) >= 3
    assert what_failed(under(f"hosts: {hosts}"), *WITH_NAMES) == ""


@pytest.mark.parametrize("startup", STARTUPS)
def test_whatever_a_start_up_file_of_ipython_does(plain, tmp_path, startup):
    text, lessons = STARTUPS[startup]
    folder = tmp_path / "profile_default" / "startup"
    folder.mkdir(parents=True)
    (folder / "00-mine.py").write_text(text)
    assert what_failed(plain, *lessons, IPYTHONDIR=str(tmp_path)) == ""


@pytest.mark.parametrize("name", ["neither asserts nor docstrings", "plain ASCII", "one processor", "256 descriptors"])
def test_whatever_the_process_was_started_with(under, name):
    lessons = ["06_many_clients"] if name in ("one processor", "256 descriptors") else ["00_start_here"]
    assert what_failed(under(name), *lessons) == ""
