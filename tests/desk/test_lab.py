"""`make lab`: its port, its address, and the settings that keep pop-ups away."""

import json
import os
import re
import socket
import subprocess
import sys

import psutil
import pytest

from course.desk import lab
from course.lesson.manifest import ROOT


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_named_with_who_has_it_and_another_one(taken):
    with pytest.raises(lab.LabError) as caught:
        lab.listen(taken)
    assert f"port {taken} is taken by" in str(caught.value)
    assert f"(process {os.getpid()})" in str(caught.value)
    assert re.search(r"make lab PORT=\d+$", str(caught.value))


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch, taken):
    monkeypatch.setattr(lab, "_FIRST_PORT", taken)
    with lab.listen(None) as listener:
        assert taken < listener.getsockname()[1] < taken + 50


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_named(port):
    with pytest.raises(lab.LabError, match=f"from 1 to 65535, not {port}"):
        lab.listen(port)


def test_settings_that_others_wrote_are_kept(tmp_path):
    path = tmp_path / "share/jupyter/lab/settings/overrides.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"@theirs": {"dark": true}}')
    lab.quiet(tmp_path)
    settings = json.loads(path.read_text())
    assert settings["@theirs"] == {"dark": True}
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_without_a_screen_there_is_no_browser(monkeypatch):
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not lab.has_browser()


def test_the_command_line_names_the_port_that_is_taken(taken):
    command = [sys.executable, "-m", "course", "lab", "--port", str(taken)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"port {taken} is taken" in done.stderr


# What may stand in a learner's ~/.jupyter: for another server, on which it is right.
THEIR_CONFIGURATION = """
c.ServerApp.base_url = "/mine/"
c.ServerApp.port = 9
c.ServerApp.root_dir = "/"
c.ServerApp.certfile = "/no/such/certificate.pem"
c.ServerApp.contents_manager_class = "a_module_that_is_not_installed.Manager"
c.ServerApp.jpserver_extensions = {"an_extension_that_is_not_installed": True}
c.IdentityProvider.token = "theirs"
c.PasswordIdentityProvider.hashed_password = "argon2:never"
c.KernelSpecManager.allowed_kernelspecs = {"another"}
"""


@pytest.fixture
def home(tmp_path):
    """A home folder with a configuration of Jupyter's, and a kernel that is called python3 too."""
    for name in ("jupyter_server_config.py", "jupyter_config.py", "jupyter_lab_config.py"):
        write(tmp_path / ".jupyter" / name, THEIR_CONFIGURATION)
    kernel = {"argv": ["/bin/false", "{connection_file}"], "display_name": "Theirs", "language": "python"}
    for folder in (".local/share/jupyter", "Library/Jupyter", "more"):
        write(tmp_path / folder / "kernels/python3/kernel.json", json.dumps(kernel))
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_printed_address_serves_the_first_lesson(started, tmp_path):
    """The real server, started as `make lab` does it, without a browser."""
    with started(ROOT, HOME=str(tmp_path)) as lab:
        content = lab.ask("api/contents/work/00_start_here.ipynb")
        assert content["content"]["cells"][0]["source"].startswith("# 0 · Start here")


@pytest.mark.parametrize("where", ["home", "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH"])
def test_what_stands_in_the_learners_jupyter_folder_makes_no_printed_address_a_wrong_one(started, home, where):
    named = {} if where == "home" else {where: str(home / ".jupyter"), "JUPYTER_PATH": str(home / "more")}
    with started(ROOT, HOME=str(home), **named) as lab:
        assert lab.ask("api/contents/work/00_start_here.ipynb")["name"] == "00_start_here.ipynb"
        assert lab.ask("api/kernelspecs")["kernelspecs"]["python3"]["spec"]["argv"][0] != "/bin/false"
        assert lab.ask("api/terminals") == []  # an extension that is enabled by the environment's own configuration


def test_the_looks_that_the_learner_has_chosen_are_kept(started, home):
    theme = "lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    write(home / ".jupyter" / theme, '{"theme": "JupyterLab Dark"}')
    with started(ROOT, HOME=str(home)) as lab:
        assert lab.ask("lab/api/settings/@jupyterlab/apputils-extension:themes")["settings"]["theme"].endswith("Dark")


def test_jupyter_tells_the_browser_and_other_programs_the_printed_address(started, tmp_path):
    """The file is what `jupyter server list` reads; the address that it opens in a browser is made of the same."""
    with started(ROOT, HOME=str(tmp_path), JUPYTER_RUNTIME_DIR=str(tmp_path)) as lab:
        lab.ask("api/status")
        [told] = map(json.loads, (path.read_text() for path in tmp_path.glob("jpserver-*.json")))
        assert (told["url"], told["token"]) == (f"{lab.base}/", lab.token)


def test_two_that_start_at_once_have_each_an_address_of_its_own(started, tmp_path):
    with started(ROOT, HOME=str(tmp_path)) as one, started(ROOT, HOME=str(tmp_path)) as other:
        assert one.base != other.base
        assert one.ask("api/status")["kernels"] == other.ask("api/status")["kernels"] == 0


def test_the_token_is_on_no_command_line(started, tmp_path):
    with started(ROOT, HOME=str(tmp_path)) as lab:
        lab.ask("api/status")
        assert not [
            each for each in psutil.process_iter(["cmdline"]) if lab.token in " ".join(each.info["cmdline"] or [])
        ]


def test_a_kernel_starts_without_a_word_in_the_learners_terminal(started, tmp_path):
    with started(ROOT, HOME=str(tmp_path)) as lab:
        assert lab.run("print(6 * 7)") == "42\n"
    assert "Kernel" not in lab.rest
    assert "encryption" not in lab.rest
