"""The exercise that CONTRIBUTING.md shows is whole: under forty lines, and it works."""

import re
import types

import pytest

from course.checker import Answer, run_check
from course.lesson.manifest import ROOT


@pytest.fixture(scope="module")
def shown():
    blocks = re.findall(r"^```python\n(.+?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
    [text] = [block for block in blocks if "def check(trial" in block]
    module = types.ModuleType("upper_once")
    exec(text, vars(module))
    module.text = text
    return module


RIGHT = """
def upper_once(listener):
    conn, _ = listener.accept()
    with conn, conn.makefile("rwb") as stream:
        stream.write(stream.read().upper())
"""
TOO_EARLY = """
def upper_once(listener):
    conn, _ = listener.accept()
    with conn:
        conn.sendall(conn.recv(1024).upper())
"""
STUB = """
def upper_once(listener):
    ...
"""


def verdict(shown, text):
    return run_check("upper_once", shown.check, [Answer("upper_once", text, {})])


def test_it_has_fewer_than_forty_lines(shown):
    assert len(shown.text.splitlines()) < 40


def test_it_tells_right_from_wrong_and_from_not_started(shown):
    assert verdict(shown, RIGHT).outcome == "passed"
    assert verdict(shown, STUB).outcome == "not started"
    assert verdict(shown, TOO_EARLY).diagnosis.name == "answered-too-early"
