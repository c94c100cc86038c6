"""docs/teaching.md: its commands are true. Those that need a network or a container are named, and not run."""

import re
import shlex
import subprocess
import sys

import pytest

from course.__main__ import main
from course.editions.catch_up import HELP
from course.editions.schedule import PLANS
from course.lesson.manifest import ROOT

PAGE = (ROOT / "docs" / "teaching.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.+?)^```\n", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
# What needs a network or a container.
NOT_RUN = ("repo2docker", "python3 -m pip download", "PIP_NO_INDEX=1")
MAKE = [command for command in COMMANDS if command.startswith("make ")]


def course_command(make_command):
    """Return the arguments of the `python -m course …` that make would run."""
    done = subprocess.run(["make", "-n", *shlex.split(make_command)[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stdout.splitlines() if "-m course " in line]
    return shlex.split(line.partition("-m course ")[2])


def test_every_command_is_run_or_known_as_one_that_is_not():
    others = [block for kind, block in BLOCKS if not kind and not block.startswith("# ")]
    assert sorted(others) == sorted(block for block in others if block.startswith(NOT_RUN))
    assert len(others) == len(NOT_RUN)
    assert len(MAKE) == len(COMMANDS) - 1


@pytest.mark.parametrize("command", MAKE)
def test_make_runs(command, tmp_path, capsys):
    arguments = course_command(command)
    if arguments[0] in ("live", "solved"):
        lessons = [argument for argument in arguments[1:] if argument.isdigit()]
        assert main([arguments[0], *lessons, "--to", str(tmp_path)]) == 0
        assert len(list(tmp_path.glob("*.ipynb"))) == len(lessons) > 0
    elif arguments[0] == "verify":
        assert arguments == ["verify", "class/"]
    else:
        assert main(arguments) == 0
        assert capsys.readouterr().out


def test_the_check_of_a_machine_prints_a_line_for_each_thing():
    [command] = [command for command in COMMANDS if not command.startswith("make ")]
    program = shlex.split(command)
    assert program[0] == ".venv/bin/python"
    done = subprocess.run([sys.executable, *program[1:]], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert re.search(r"^TCP over IPv4 +all +yes$", done.stdout, re.MULTILINE)


def test_it_names_what_there_is():
    assert {"%catch_up", "%catch_up all"} <= set(re.findall(r"`(%catch_up(?: \w+)?)`", HELP))
    for name in re.findall(r"`([a-z./_]+\.(?:yml|md))`|\]\(([\w./]+\.md)\)", PAGE):
        path = name[0] or "docs/" + name[1]
        assert (ROOT / path).is_file(), path
    for plan in re.findall(r"PLAN=(\S+)", PAGE):
        assert plan in {one.name for one in PLANS}
