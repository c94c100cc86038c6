"""What a start-up file of IPython sets for the whole kernel is put back where a lesson begins, and is said there."""

import subprocess
import sys

import pytest

from course.lesson.manifest import ROOT

SETS = {
    "a default time-out": ("import socket\nsocket.setdefaulttimeout(3)\n", "socket.getdefaulttimeout()", "None"),
    "the default action of SIGPIPE": (
        "import signal\nsignal.signal(signal.SIGPIPE, signal.SIG_DFL)\n",
        "signal.getsignal(signal.SIGPIPE).name",
        "SIG_IGN",
    ),
    "children that nobody asks for": (
        "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n",
        "signal.getsignal(signal.SIGCHLD).name",
        "SIG_DFL",
    ),
}


def ipython(environment, code):
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("what", SETS)
def test_what_is_put_back_is(what, started):
    text, asked, expected = SETS[what]
    said = ipython(started(text), f"import signal, socket\nimport course.exercises\nprint({asked})").splitlines()
    assert said[-1] == expected
    assert len(said) == 2


def test_a_default_time_out_is_named_with_its_seconds(started):
    said = ipython(started("import socket\nsocket.setdefaulttimeout(2.5)\n"), "import course.exercises")
    assert said.startswith("socket.setdefaulttimeout(2.5) was set in this kernel")


def test_a_socket_that_is_not_pythons_is_named(started):
    text = "import socket\nclass Mine(socket.socket): pass\nsocket.socket = Mine\n"
    assert "socket.socket is __main__.Mine" in ipython(started(text), "import course.exercises")


def test_where_nothing_is_set_nothing_is_said(started):
    assert ipython(started(""), "import course.exercises") == ""


def test_where_nobody_sits_it_is_put_back_in_silence(started):
    environment = started(SETS["a default time-out"][0], COURSE_NOTICES="0")
    code = "import socket\nimport course.exercises\nprint(socket.getdefaulttimeout())"
    assert ipython(environment, code) == "None\n"


def test_what_a_later_cell_sets_stays(started):
    code = "import socket\nimport course.exercises\nsocket.setdefaulttimeout(1)\nfrom course.exercises import check\n"
    assert ipython(started(""), code + "print(socket.getdefaulttimeout())") == "1.0\n"


def test_outside_a_notebook_nothing_is_touched():
    code = "import socket\nsocket.setdefaulttimeout(3)\nimport course.exercises\nprint(socket.getdefaulttimeout())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("3.0\n", "")


@pytest.mark.parametrize("lesson", ["02_types", "07_udp"])  # most of what a default time-out changes is in these
def test_a_default_time_out_changes_nothing_in(lesson, started, nbval):
    nbval(lesson, started(SETS["a default time-out"][0]))
