"""The labs are for the cells that call them: nothing else imports them, and they cost nothing before a call."""

import ast
import subprocess
import sys

import pytest

from course.lesson.manifest import ROOT

FILES = [
    path
    for folder in ("course", "netlib", "sockscope")
    for path in (ROOT / folder).rglob("*.py")
    if "labs" not in path.parent.parts
]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_but_its_callers_imports_a_lab():
    assert not [path.name for path in FILES for name in imported(path) if f"{name}.".startswith("course.labs.")]


@pytest.mark.parametrize("model", ["backlog_model", "states_model", "lossy_road_model"])
def test_the_logic_of_a_lab_needs_no_widgets(model):
    code = f"import course.labs, course.labs.{model}, sys; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
