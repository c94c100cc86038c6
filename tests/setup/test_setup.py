"""Setting up: what is declared agrees, the locks hold no address, and each failure says what to do."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from course import venv
from course.lock import pins
from course.manifest import ROOT

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


def make(*arguments, **environment):
    """Run make in the project with these variables; return its exit code and all that it printed."""
    # what `make test PYTHON=…` was given would reach this make as well, by the environment
    kept = {key: value for key, value in os.environ.items() if not re.match("MAKE|MFLAGS|PYTHON$|VENV$", key)}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


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
def test_a_python_that_the_course_does_not_know_is_named_with_those_that_it_knows(tmp_path, version):
    script = fake_python(tmp_path, version)
    code, said = make("setup-lab", f"PYTHON={script}")
    assert code != 0
    [line] = [line for line in said.splitlines() if "Python" in line]
    assert line.startswith(f"The course runs on Python 3.11 to 3.14; {script} is {version} at {script}.")
    assert "make lab PYTHON=python3.14" in line
    assert "Installing" not in said


@pytest.mark.parametrize("version", ["3.9.2", "3.15.0"])
def test_where_the_only_python_is_no_known_one_it_is_named(bare_path, version):
    fake_python(bare_path, version)
    code, said = make("setup-lab", PATH=str(bare_path))
    assert code != 0
    assert f"this machine's python3 is {version}" in said


def test_where_there_is_no_python_that_is_said(bare_path):
    code, said = make("setup-lab", PATH=str(bare_path))
    assert code != 0
    assert "this machine's python3 is missing" in said


@pytest.mark.parametrize("version", ["3.9.2", "3.15.0"])
def test_the_newest_known_python_beside_an_unknown_python3_is_taken(bare_path, version):
    fake_python(bare_path, version)
    for minor in (11, 13):
        fake_python(bare_path, f"3.{minor}.1", f"python3.{minor}", known=True)
    code, said = make("-n", "setup-lab", PATH=str(bare_path))
    assert code == 0
    assert "python3.13 -I course/venv.py lab --venv .venv" in said


def test_the_pythons_that_the_course_knows_are_those_that_ci_tries_and_the_readme_names():
    known = [one.rpartition(" ")[2] for one in PROJECT["classifiers"]]
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == known
    assert PROJECT["requires-python"] == f">={known[0]}"
    assert f"Python {known[0]} to {known[-1]}" in (ROOT / "README.md").read_text()
    for name in (".devcontainer/devcontainer.json", ".github/workflows/answers.yml"):
        assert set(re.findall(r"python(?:-version: \"|:)(3\.\d+)", (ROOT / name).read_text())) <= set(known)


def test_a_python_that_does_not_exist_is_named():
    code, said = make("setup-lab", "PYTHON=python-of-the-moon")
    assert code != 0
    assert "python-of-the-moon is not a Python that starts" in said


def set_up(tmp_path, purpose="lab", python=sys.executable, **environment):
    """Run the set-up of a fresh environment; return its exit code and what it said."""
    done = subprocess.run(
        [python, ROOT / "course" / "venv.py", purpose, "--venv", tmp_path / ".venv"],
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
    offline = {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull,
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


def test_pip_is_asked_what_it_knows_and_an_answer_is_no_matter_of_the_network(tmp_path):
    index = tmp_path / "index"  # one that answers, and holds nothing
    for name in locked("requirements.lock"):
        (index / name).mkdir(parents=True)
        (index / name / "index.html").write_text("<html></html>")
    code, said = set_up(tmp_path, PIP_INDEX_URL=index.as_uri(), PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS="",
                        PIP_EXTRA_INDEX_URL="", PIP_NO_CACHE_DIR="1")  # fmt: skip
    assert code == 2
    assert re.search(r"package index holds no \S+==\S+ for Python {}\.{}".format(*sys.version_info), said)
    assert "online" not in said
    assert "ERROR: No matching distribution found for" in said


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


# What a user may have set for other programs. Each of them once made the set-up fail, or go elsewhere.
FOREIGN_FILE = """
[global]
user = true
require-virtualenv = true
quiet = 3
constraint = /no/such/constraints.txt
[install]
no-binary = :all:
"""
FOREIGN = {
    "PIP_USER": "1", "PIP_TARGET": "elsewhere", "PIP_PREFIX": "elsewhere", "PIP_ROOT": "elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1", "PIP_CONSTRAINT": "/no/such/file", "PIP_NO_BINARY": ":all:", "PIP_QUIET": "3",
    "PIP_PYTHON": "/no/such/python", "PIP_REQUIREMENT": "/no/such/file", "PIP_DRY_RUN": "1", "PIP_ISOLATED": "1",
    "VIRTUAL_ENV": "/no/such/folder", "CONDA_PREFIX": "/no/such/folder", "PYTHONHOME": "/no/such/folder",
    "PYTHONWARNINGS": "error", "PYTHONSTARTUP": "/no/such/file", "PYTHONSAFEPATH": "1", "PYTHONINSPECT": "1",
}  # fmt: skip


def test_the_set_up_is_deaf_to_what_was_set_for_other_programs(tmp_path):
    """By way of make, to the end: a real installation of what learners have, and Jupyter starts from it."""
    packages = tmp_path / "others"
    packages.mkdir()
    for name in ("pip", "venv", "jupyterlab", "traitlets", "json"):
        (packages / f"{name}.py").write_text("raise SystemExit('a package of another program was taken')")
    (tmp_path / "pip.conf").write_text(FOREIGN_FILE)
    folder = tmp_path / "course"
    folder.mkdir()
    for path in (ROOT / "course", ROOT / "netlib", ROOT / "notebooks", ROOT / "Makefile", ROOT / "pyproject.toml",
                 *ROOT.glob("*.lock")):  # fmt: skip
        (folder / path.name).symlink_to(path)
    (folder / "course").unlink()
    shutil.copytree(ROOT / "course", folder / "course")
    python = Path(sys._base_executable)
    code, said = make(
        "-C", str(folder), "work", f"PYTHON={python}", **FOREIGN,
        PIP_CONFIG_FILE=str(tmp_path / "pip.conf"), PYTHONPATH=str(packages), HOME=str(tmp_path),
    )  # fmt: skip
    assert code == 0, said
    assert "00_start_here.ipynb: new" in said
    assert not (ROOT / "elsewhere").exists()
    assert not (folder / "elsewhere").exists()


def test_what_says_how_to_reach_an_index_is_heard(tmp_path):
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nuser = true\nquiet = 3\ncert = /a\nproxy = one\n[install]\nproxy = two\nfind-links = x\n  y\n"
    )
    code = (
        "import json, runpy, sys; m = runpy.run_path(sys.argv[1]); print(json.dumps(m['pip_settings'](sys.executable)))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [sys.executable, "-c", code, ROOT / "course" / "venv.py"], capture_output=True, text=True, check=True,
        env=kept | {"PIP_CONFIG_FILE": str(settings), "PIP_INDEX_URL": "there", "PIP_CERT": "/b", "PIP_USER": "1"},
    )  # fmt: skip
    heard = json.loads(done.stdout)
    heard["PIP_FIND_LINKS"] = heard["PIP_FIND_LINKS"].split()
    wanted = {"PIP_CERT": "/b", "PIP_PROXY": "two", "PIP_FIND_LINKS": ["x", "y"], "PIP_INDEX_URL": "there"}
    assert heard == heard | wanted
    assert "PIP_USER" not in heard
    assert "PIP_QUIET" not in heard
