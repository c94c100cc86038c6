"""The workflows: they parse, call what the Makefile has, are pinned, and their table is what Markdown shows."""

import io
import json
import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from course.classroom import summary
from course.lesson.manifest import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yml"))}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
each_workflow = pytest.mark.parametrize("name", WORKFLOWS)


def triggers(workflow):
    return workflow[True]  # YAML 1.1 reads the key `on` as true


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_there_is_one_for_a_fork_and_one_for_this_repository():
    assert set(WORKFLOWS) == {"answers", "tests"}


@each_workflow
def test_every_action_is_pinned_by_a_version(name):
    used = [step["uses"] for step in steps(WORKFLOWS[name]) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+(\.\d+)*", one) for one in used), used


@each_workflow
def test_it_may_read_only_and_ends(name):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 60 for job in WORKFLOWS[name]["jobs"].values())


@each_workflow
def test_what_it_makes_is_a_target(name):
    made = re.findall(r"\bmake ([a-z-]+)", "\n".join(step.get("run", "") for step in steps(WORKFLOWS[name])))
    assert made
    assert set(made) <= TARGETS


def test_the_forks_runs_when_answers_change_and_verifies_them():
    workflow = WORKFLOWS["answers"]
    assert triggers(workflow)["push"]["paths"] == ["answers/**"]
    verify, table = (step for step in steps(workflow) if "run" in step)
    assert verify["run"] == "make check"
    assert "if" not in verify
    assert table["if"] == "always()"


def test_the_repositorys_runs_every_supported_python():
    job = WORKFLOWS["tests"]["jobs"]["test"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    supported = [one.rpartition(" ")[2] for one in project["classifiers"] if one.startswith("Programming Language")]
    assert job["strategy"]["matrix"]["python"] == supported
    assert "${{ matrix.python }}" in str(job["steps"])
    assert job["steps"][-1]["run"] == "make test"
    assert project["requires-python"] == ">=" + job["strategy"]["matrix"]["python"][0]


def test_the_repositorys_builds_condas_environment():
    conda = next(step for step in steps(WORKFLOWS["tests"]) if "miniconda" in step.get("uses", ""))["with"]
    environment = yaml.safe_load((ROOT / conda["environment-file"]).read_text())
    assert conda["activate-environment"] == environment["name"]
    last = WORKFLOWS["tests"]["jobs"]["conda"]["steps"][-1]
    assert last["shell"] == "bash -el {0}"  # without a login shell the environment is not active
    script = last["run"].split()[0]
    assert os.access(ROOT / script, os.X_OK)


def test_the_locks_that_pips_cache_goes_by_are_there():
    for workflow in WORKFLOWS.values():
        for step in steps(workflow):
            for name in step.get("with", {}).get("cache-dependency-path", "").split():
                assert (ROOT / name).is_file()


def run_table_step(folder):
    """Run the step that writes the table, as it stands, in a folder with answers; return what it wrote."""
    command = [step["run"] for step in steps(WORKFLOWS["answers"]) if "run" in step][-1]
    command = command.replace(".venv/bin/python", f"'{sys.executable}'")
    page = folder / "page.md"
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(page)}
    subprocess.run(["bash", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=120)
    return page.read_text()


def test_the_step_that_writes_the_table_writes_it(tmp_path):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "shout.py").write_text("def shout(text):\n    print(text.upper())\n")
    right = next((ROOT / "tests" / "answers" / "deliveries").glob("right_*.py"))
    (tmp_path / "answers" / "deliveries.py").write_text(right.read_text())
    lines = run_table_step(tmp_path).splitlines()
    assert lines[0] == "### 1 of 2 answers passed"
    assert lines[4].startswith("| shout | ✗ not yet | a sentence, with a space at its end | ")
    assert lines[5] == "| deliveries | ✓ passed |  |  |"


def test_without_answers_the_table_says_so(tmp_path):
    (tmp_path / "answers").mkdir()
    assert run_table_step(tmp_path).startswith("There was nothing to verify")


def test_a_name_cannot_break_the_table(monkeypatch, capsys):
    row = {"exercise": "a|b`<img src=x>\n# x", "verdict": "unknown", "case": "", "diagnosis": "unknown-exercise"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps([row])))
    assert summary.main() == 0
    assert capsys.readouterr().out.splitlines()[4] == (
        r"| a\|b\`&lt;img src=x&gt; \# x | unknown |  | unknown-exercise |"
    )
