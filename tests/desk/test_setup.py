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
    major, minor = settings["image"].removeprefix("python:").split(".")
    assert (int(major), int(minor)) >= (3, 11)


def test_the_post_build_script_is_runnable_and_lays_out_the_copies():
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert "python -m course work" in script.read_text()


def make(*arguments, **environment):
    """Run make in the project with these variables; return its exit code and all that it printed."""
    # what `make test PYTHON=…` was given would reach this make as well, by the environment
    kept = {key: value for key, value in os.environ.items() if not re.match("MAKE|MFLAGS|PYTHON$|VENV$", key)}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def fake_python(folder, version):
    """Make a `python3` that says it is Python `version` and is too old."""
    script = folder / "python3"
    script.write_text(f'#!/bin/sh\ncase "$2" in *sys.exit*) exit 1;; *) echo "{version} at $0";; esac\n')
    script.chmod(0o755)
    return script


def test_a_python_that_is_too_old_is_named_with_what_to_do(tmp_path):
    script = fake_python(tmp_path, "3.9.2")
    code, said = make("setup-lab", f"PYTHON={script}")
    assert code != 0
    assert f"needs Python 3.11 or newer; {script} is 3.9.2 at {script}" in said
    assert "make lab PYTHON=" in said


def test_where_the_only_python_is_too_old_it_is_named(tmp_path):
    fake_python(tmp_path, "3.9.2")
    for tool in ("make", "sh", "echo", "env"):
        found = subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True, text=True).stdout.strip()
        if found.startswith("/"):
            (tmp_path / tool).symlink_to(found)
    code, said = make("setup-lab", PATH=str(tmp_path))
    assert code != 0
    assert "this machine's python3 is 3.9.2" in said


def test_a_python_that_does_not_exist_is_named():
    code, said = make("setup-lab", "PYTHON=python-of-the-moon")
    assert code != 0
    assert "python-of-the-moon is not a Python that starts" in said


def set_up(tmp_path, purpose="lab", python=sys.executable, **environment):
    """Run the set-up of a fresh environment; return its exit code and what it said."""
    done = subprocess.run(
        [python, ROOT / "course" / "desk" / "venv.py", purpose, "--venv", tmp_path / ".venv"],
        env=os.environ | environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_python_without_venv_is_told_which_package_to_install(tmp_path):
    (tmp_path / "ensurepip.py").write_text('raise ImportError("No module named ensurepip")')
    code, said = set_up(tmp_path, PYTHONPATH=str(tmp_path))
    assert code == 2
    assert "cannot make a virtual environment" in said
    assert "sudo apt install python{}.{}-venv".format(*sys.version_info) in said


def test_a_python_without_openssl_is_named_and_no_network_is_blamed(tmp_path):
    (tmp_path / "ssl.py").write_text('raise ImportError("No module named _ssl")')
    nowhere = "https" + "://127.0.0.1:9/simple"
    code, said = set_up(
        tmp_path, PYTHONPATH=str(tmp_path), PIP_INDEX_URL=nowhere, PIP_RETRIES="0", PIP_NO_CACHE_DIR="1",
        PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS=str(tmp_path), PIP_EXTRA_INDEX_URL=nowhere,
    )  # fmt: skip
    assert code == 2
    assert "built without OpenSSL" in said
    assert "make lab PYTHON=" in said
    assert "online" not in said


def test_without_a_network_the_set_up_says_so_and_can_be_repeated(tmp_path):
    nowhere = "http" + "://127.0.0.1:9/simple"
    offline = {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull,
               "PIP_FIND_LINKS": str(tmp_path), "PIP_EXTRA_INDEX_URL": nowhere}  # fmt: skip
    code, said = set_up(tmp_path, **offline)
    assert code == 2
    assert "is this machine online?" in said
    assert not (tmp_path / ".venv" / "course-stamp.json").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def read_only(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr(venv.tempfile, "TemporaryFile", read_only)
    with pytest.raises(venv.SetupError, match="Clone the course into a folder of your own") as caught:
        venv.make_venv(tmp_path / ".venv")
    assert str(caught.value).startswith(f"Cannot write in {tmp_path}: Permission denied.")


def stamped(tmp_path, **stamp):
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
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


def test_an_environment_of_another_folder_is_made_anew_and_that_is_said(tmp_path, monkeypatch, capsys):
    elsewhere = venv.fingerprint(ROOT, "lab").replace(str(ROOT), "/elsewhere/course")
    folder, done = stamped(tmp_path, lab=elsewhere), []
    monkeypatch.setattr(venv, "make_venv", lambda _: done.append("made"))
    monkeypatch.setattr(venv, "install", lambda _venv, _purpose, was: done.append(was))
    venv.prepare(folder, "lab")
    assert done == ["made", {}]
    assert "moved or copied" in capsys.readouterr().out


def test_without_pip_an_environment_that_needs_nothing_is_left_alone_and_another_is_made_anew(tmp_path, monkeypatch):
    """Debian's own Python has no pip; so its bare interpreter stands for an environment that lost it."""
    done = []
    monkeypatch.setattr(venv, "works", lambda _, probe="pass": "pip" not in probe)
    monkeypatch.setattr(venv, "make_venv", lambda _: done.append("made"))
    monkeypatch.setattr(venv, "install", lambda *_: done.append("installed"))
    folder = stamped(tmp_path, lab=venv.fingerprint(ROOT, "lab"))
    venv.prepare(folder, "lab")
    assert done == []
    (folder / "course-stamp.json").write_text(json.dumps({"lab": f"old {ROOT}"}))
    venv.prepare(folder, "lab")
    assert done == ["made", "installed"]


def test_the_locks_ci_and_the_makefile_know_the_same_pythons():
    matrix = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    known = [f"3.{minor}" for minor in range(venv.OLDEST[1], venv.NEWEST[1] + 1)]
    assert matrix["python"] == known
    assert f"{venv.OLDEST} <= sys.version_info[:2] <= {venv.NEWEST}" in (ROOT / "Makefile").read_text()
    assert PROJECT["requires-python"] == f">={known[0]}"
    assert f"Python {known[0]} to {known[-1]}" in (ROOT / "README.md").read_text()


def test_a_python_newer_than_the_locks_is_told_which_work_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 15, 0, "final", 0))
    monkeypatch.setattr(sys, "version", "3.15.0 (main)")
    with pytest.raises(venv.SetupError) as caught:
        venv.prepare(tmp_path / ".venv", "lab")
    assert "there for Python 3.11 to 3.14, and this is 3.15.0" in str(caught.value)
    assert not (tmp_path / ".venv").exists()


def test_make_takes_a_python_that_works_before_a_newer_one(tmp_path):
    for name, code in (("python3", 1), ("python3.13", 0)):
        script = tmp_path / name
        script.write_text(
            f'#!/bin/sh\ncase "$2" in *"not (3"*) exit {code};; *sys.exit*) exit 0;; esac\necho "$0 $@"\n'
        )
        script.chmod(0o755)
    code, said = make("--dry-run", "setup-lab", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert "python3.13 course/desk/venv.py lab" in said, said


PIPS_ELSEWHERE = (
    "[global]\nuser = true\nindex-url = {0}\nquiet = 2\n[install]\nuser = true\ntarget = /nowhere\nproxy = {0}\n"
)


def test_pip_is_told_how_to_reach_packages_and_nothing_else_of_the_users_settings(tmp_path, monkeypatch):
    place = "http" + "://127.0.0.1:9/simple"
    (tmp_path / "pip.conf").write_text(PIPS_ELSEWHERE.format(place) + "find-links =\n  /one\n  /two\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    others = {
        "PIP_USER": "1",
        "PIP_PREFIX": "/nowhere",
        "PIP_CERT": "/cert.pem",
        "PYTHONPATH": "/x",
        "PYTHONHOME": "/y",
    }
    for name, value in (others | {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}).items():
        monkeypatch.setenv(name, value)
    given = venv.network_settings(Path(sys.executable))
    assert given["PIP_INDEX_URL"] == given["PIP_PROXY"] == place
    assert (given["PIP_CERT"], given["PIP_FIND_LINKS"], given["PIP_CONFIG_FILE"]) == (
        "/cert.pem",
        "/one /two",
        os.devnull,
    )
    assert not {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_QUIET"} & set(given)
    assert not [name for name in venv.plain_environment() if name.startswith(("PIP_", "PYTHON"))]


def test_of_what_pip_says_the_lines_with_the_error_are_shown():
    said = "\n".join(["ERROR: Could not find a version", *(f"note {n}" for n in range(20))])
    assert venv._telling(said) == "    ERROR: Could not find a version"
    assert venv._telling("\n".join(f"note {n}" for n in range(20))).splitlines()[0] == "    note 14"
    assert "is this machine online" not in venv._reason("ERROR: No matching distribution found for numpy==9")
    assert f"for Python {sys.version.split()[0]}" in venv._reason("ERROR: No matching distribution found for numpy==9")


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path, monkeypatch):
    folder = stamped(tmp_path, lab=venv.fingerprint(ROOT, "lab"))
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to(tmp_path / "gone")
    done = []
    monkeypatch.setattr(venv, "make_venv", lambda _: done.append("made"))
    monkeypatch.setattr(venv, "install", lambda *_: done.append("installed"))
    venv.prepare(Path(folder), "lab")
    assert done == ["made", "installed"]
