"""Which Python make takes, and what it says of one that the locks hold no packages for."""

import re
import shutil
import tomllib

import pytest
import yaml

from course.lesson.manifest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def fake_python(folder, version, name="python3", known=False):
    """Make a program that says it is Python `version`, and whether it is one that the course knows."""
    script = folder / name
    script.write_text(f'#!/bin/sh\ncase "$*" in *sys.exit*) exit {int(not known)};; *) echo "{version} at $0";; esac\n')
    script.chmod(0o755)
    return script


@pytest.fixture
def bare_path(tmp_path):
    """A folder for PATH that has what make needs, and no Python."""
    for tool in ("make", "sh", "echo", "env", "sed", "sort"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    return tmp_path


@pytest.mark.parametrize("version", ["3.9.2", "3.10.14", "3.15.0"])
def test_a_python_that_the_course_does_not_know_is_named_with_those_that_it_knows(make, tmp_path, version):
    script = fake_python(tmp_path, version)
    code, said = make("setup-lab", f"PYTHON={script}")
    assert code != 0
    [line] = [line for line in said.splitlines() if "Python" in line]
    assert line.startswith(f"The course runs on Python 3.11 to 3.14; {script} is {version} at {script}.")
    assert "make lab PYTHON=python3.14" in line
    assert "Installing" not in said


@pytest.mark.parametrize("version", ["3.9.2", "3.15.0"])
def test_where_the_only_python_is_no_known_one_it_is_named(make, bare_path, version):
    fake_python(bare_path, version)
    code, said = make("setup-lab", PATH=str(bare_path))
    assert code != 0
    assert f"this machine's python3 is {version}" in said


def test_where_there_is_no_python_that_is_said(make, bare_path):
    code, said = make("setup-lab", PATH=str(bare_path))
    assert code != 0
    assert "this machine's python3 is missing" in said


@pytest.mark.parametrize("version", ["3.9.2", "3.15.0"])
def test_the_newest_known_python_beside_an_unknown_python3_is_taken(make, bare_path, version):
    fake_python(bare_path, version)
    for minor in (11, 13):
        fake_python(bare_path, f"3.{minor}.1", f"python3.{minor}", known=True)
    code, said = make("-n", "setup-lab", PATH=str(bare_path))
    assert code == 0
    assert "python3.13 -I course/desk/venv.py lab --venv .venv" in said


def test_the_pythons_that_the_course_knows_are_those_that_ci_tries_and_the_readme_names():
    known = [one.rpartition(" ")[2] for one in PROJECT["classifiers"]]
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == known
    assert PROJECT["requires-python"] == f">={known[0]}"
    assert f"Python {known[0]} to {known[-1]}" in (ROOT / "README.md").read_text()
    for name in (".devcontainer/devcontainer.json", ".github/workflows/answers.yml"):
        assert set(re.findall(r"python(?:-version: \"|:)(3\.\d+)", (ROOT / name).read_text())) <= set(known)


def test_a_python_that_does_not_exist_is_named(make):
    code, said = make("setup-lab", "PYTHON=python-of-the-moon")
    assert code != 0
    assert "python-of-the-moon is not a Python that starts" in said
