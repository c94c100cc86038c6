"""Setting up: what is declared agrees, the locks hold no address, and each failure says what to do."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from course.desk import venv
from course.desk.lock import pins
from course.lesson.manifest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def name_of(requirement):
    return re.split(r"[<>=!~ \[;]", requirement)[0].lower()


def locked(name):
    return {name_of(pin) for pin in pins((ROOT / name).read_text())}


def test_conda_installs_what_the_project_declares():
    declared = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = {name_of(one): one for one in declared if isinstance(one, str)}
    assert conda.pop("python") == "python" + PROJECT["requires-python"]
    assert conda.pop("pip") == "pip"
    assert conda == {name_of(one): one for one in PROJECT["dependencies"]}
    assert declared[-1] == {"pip": ["-e ."]}


def test_the_locks_pin_what_the_project_declares():
    assert {name_of(one) for one in PROJECT["dependencies"]} <= locked("requirements.lock")
    assert {name_of(one) for one in PROJECT["optional-dependencies"]["test"]} <= locked("requirements-test.lock")
    assert not locked("requirements.lock") & locked("requirements-test.lock")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_holds_names_versions_and_hashes_and_nothing_else(name):
    for pin in pins((ROOT / name).read_text()):
        first, *hashes = pin.replace("\\\n", "\n").split("\n")
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)? *$", first), first
        assert any(hashes), first
        assert all(re.fullmatch(r" *(--hash=sha256:[0-9a-f]{64})? *", line) for line in hashes), first


def test_every_dependency_says_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    for requirement in wanted:
        [line] = [line for line in lines if line.strip().startswith(f'"{requirement}"')]
        assert re.search(r"# \w+", line), line


def test_the_devcontainer_uses_the_readmes_commands():
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for command in (settings["postCreateCommand"], settings["postAttachCommand"]):
        assert command.removeprefix("make ") in targets


def test_the_post_build_script_is_runnable_and_lays_out_the_copies():
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert "python -m course work" in script.read_text()


def test_a_python_without_venv_is_told_which_package_to_install(set_up, tmp_path):
    (tmp_path / "ensurepip.py").write_text('raise ImportError("No module named ensurepip")')
    code, said = set_up(tmp_path, PYTHONPATH=str(tmp_path))
    assert code == 2
    assert "cannot make a virtual environment" in said
    assert "sudo apt install python{}.{}-venv".format(*sys.version_info) in said


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def read_only(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr(venv.tempfile, "TemporaryFile", read_only)
    with pytest.raises(venv.SetupError, match="Clone the course into a folder of your own") as caught:
        venv.make_venv(tmp_path / ".venv")
    assert str(caught.value).startswith(f"Cannot write in {tmp_path}: Permission denied.")


def stamped(tmp_path, **stamp):
    folder = tmp_path / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)  # Debian's own has none to give
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "pip.py").touch()
    (folder / "course-stamp.json").write_text(json.dumps(stamp))
    return folder


def test_a_second_run_installs_nothing(tmp_path, monkeypatch):
    folder = stamped(tmp_path, lab=venv.fingerprint(ROOT, "lab"))
    monkeypatch.setattr(venv, "install", lambda *_: pytest.fail("installed again"))
    venv.prepare(folder, "lab")


def test_a_changed_lock_is_installed(tmp_path, monkeypatch):
    folder = stamped(tmp_path, lab="another fingerprint")
    installed = []
    monkeypatch.setattr(venv, "install", lambda _venv, purpose, _was: installed.append(purpose))
    venv.prepare(folder, "lab")
    assert installed == ["lab"]
    assert venv.read_stamp(folder)["lab"] == venv.fingerprint(ROOT, "lab")


def test_an_interrupted_installation_leaves_no_stamp(tmp_path, monkeypatch):
    folder = stamped(tmp_path)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(venv, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        venv.prepare(folder, "lab")
    assert venv.read_stamp(folder) == {}


@pytest.mark.parametrize("left", ["a link to nothing", "a file that may not be executed"])
def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path, monkeypatch, left):
    folder = stamped(tmp_path, lab=venv.fingerprint(ROOT, "lab"))
    python = folder / "bin" / "python"
    python.unlink()
    if left == "a link to nothing":
        python.symlink_to(tmp_path / "gone")
    else:
        python.write_text("#!/bin/sh\n")
    done = []
    monkeypatch.setattr(venv, "make_venv", lambda _: done.append("made"))
    monkeypatch.setattr(venv, "install", lambda *_: done.append("installed"))
    venv.prepare(Path(folder), "lab")
    assert done == ["made", "installed"]
