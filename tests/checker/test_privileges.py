"""Without privileges an answer is denied what an ordinary user is denied, and it cannot look into its checker."""

import ctypes
import os
import stat
import sys

import pytest

from course.checker import Answer, run_check
from course.checker.process.privileges import PR_GET_DUMPABLE, give_up, set_dumpable

READS = "def answer(path):\n    return open(path).read()\n"
ASKS = "import os\ndef answer(path):\n    return os.getuid(), os.access(path, os.R_OK)\n"


@pytest.fixture
def forbidden(tmp_path):
    path = tmp_path / "forbidden.txt"
    path.write_text("text")
    path.chmod(0)
    return path


def verdict(text, statement):
    def check(trial):
        with trial.case("a file that nobody may read") as case:
            statement(case)

    return run_check("answer", check, [Answer("answer", text)])


def test_a_forbidden_file_is_forbidden_to_root_too(forbidden):
    found = verdict(READS, lambda case: case.call(str(forbidden), before=give_up).raises(PermissionError))
    assert found.outcome == "passed", found


def test_the_user_stays_the_same_and_os_access_knows(forbidden):
    expected = (os.getuid(), False)
    found = verdict(ASKS, lambda case: case.call(str(forbidden), before=give_up).returns(expected))
    assert found.outcome == "passed", found


def test_the_kernel_that_checks_keeps_its_privileges(forbidden):
    before = os.access(forbidden, os.R_OK)
    verdict(READS, lambda case: case.call(str(forbidden), before=give_up).raises(PermissionError))
    assert os.access(forbidden, os.R_OK) == before
    assert stat.S_IMODE(forbidden.stat().st_mode) == 0


def test_modules_can_be_imported_afterwards(forbidden):
    text = "def answer():\n    import colorsys, wave, this\n    return 'imported'\n"
    found = verdict(text, lambda case: case.call(before=give_up).returns("imported"))
    assert found.outcome == "passed", found


PEEKS = """
import os
def answer():
    found, parent = [], f"/proc/{os.getppid()}/fd"
    try:
        places = os.listdir(parent)
    except PermissionError:
        places = range(30)
    for fd in places:
        try:
            os.close(os.open(f"{parent}/{fd}", os.O_RDONLY | os.O_NONBLOCK))
            found.append(fd)
        except PermissionError:
            pass
        except OSError:
            found.append(fd)
    return found
"""


LINUX = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="what processes hold is seen in Linux's /proc")


def as_an_ordinary_user(function):
    """Return the text that `function` returns in a process without privileges; root's is closed to one anyway."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if sys.platform.startswith("linux"):
                give_up()
            set_dumpable(True)
            os.write(writing, function().encode())
        except BaseException as error:
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    with open(reading) as told:
        return told.read()


def dumpable():
    return ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)


@LINUX
def test_what_the_checker_holds_cannot_be_opened_by_an_answer_of_the_same_user():
    assert as_an_ordinary_user(lambda: str(verdict(PEEKS, lambda case: case.call().returns([])).outcome)) == "passed"


@LINUX
def test_only_while_it_checks_is_the_kernel_closed_to_others():
    found = [dumpable()]

    def statement(case):
        case.call(before=give_up).returns([])
        found.append(dumpable())

    verdict(PEEKS, statement)
    assert [*found, dumpable()] == [1, 0, 1]
