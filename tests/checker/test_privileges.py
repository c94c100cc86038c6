"""An answer's process that has given up its privileges is denied what an ordinary user is denied."""

import os
import stat

import pytest

from course.checker import Answer, run_check
from course.checker.process.privileges import give_up

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
