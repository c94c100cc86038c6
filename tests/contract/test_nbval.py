"""What nbval itself must reject: `make test` relies on it for every stored output."""

import subprocess
import sys

import nbformat
import pytest

from course.lesson.manifest import ROOT


def run_nbval(lesson, folder):
    """Run a lesson under nbval with the project's own settings; return whether it passed, and what was said."""
    path = folder / "spoiled.ipynb"
    nbformat.write(lesson.notebook, path)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-c", "pyproject.toml", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.returncode == 0, done.stdout


def test_the_template_passes(lesson, tmp_path):
    passed, said = run_nbval(lesson, tmp_path)
    assert passed, said


def changed_output(lesson):
    lesson.cell("print(client.recv(1024))").outputs[0].text = "b'two'\n"
    return "Cell outputs differ"


def removed_output(lesson):
    lesson.cell("print(client.recv(1024))").outputs = []
    return "Unexpected output fields"


def output_of_another_error(lesson):
    lesson.cell("with expect(").outputs[0].text = "ConnectionRefusedError: [Errno 61] Connection refused\n"
    return "Cell outputs differ"


def changed_panel(lesson):
    data = lesson.cell('check("shout"').outputs[0].data
    data["text/html"] = data["text/html"].replace("not started", "passed")
    return "Cell outputs differ"


def kernel_that_dies(lesson):
    lesson.insert_after("def echo", "import os\nos._exit(1)")
    return "the kernel died in this cell"


def error_that_nobody_expected(lesson):
    lesson.insert_after("def echo", "1 / 0")
    return "ZeroDivisionError"


@pytest.mark.parametrize("spoil", [
    changed_output, removed_output, output_of_another_error, changed_panel, kernel_that_dies,
    error_that_nobody_expected,
])  # fmt: skip
def test_a_lesson_is_rejected_with(lesson, tmp_path, spoil):
    expected = spoil(lesson)
    passed, said = run_nbval(lesson, tmp_path)
    assert not passed
    assert expected in said
