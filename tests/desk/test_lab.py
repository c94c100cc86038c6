"""`make lab`: its port, its address, and the settings that keep pop-ups away."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request

import pytest

from course.desk import lab
from course.lesson.manifest import ROOT


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_named_with_who_has_it_and_another_one(taken):
    with pytest.raises(lab.LabError) as caught:
        lab.choose_port(taken)
    assert f"port {taken} is taken by" in str(caught.value)
    assert f"(process {os.getpid()})" in str(caught.value)
    assert re.search(r"make lab PORT=\d+$", str(caught.value))


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch, taken):
    monkeypatch.setattr(lab, "_FIRST_PORT", taken)
    assert taken < lab.choose_port(None) < taken + 50


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_named(port):
    with pytest.raises(lab.LabError, match=f"from 1 to 65535, not {port}"):
        lab.choose_port(port)


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


def test_the_printed_address_serves_the_first_lesson(tmp_path):
    """The real server, started as `make lab` does it, without a browser."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("BROWSER", "DISPLAY", "JUPYTER_TOKEN")
    }
    command = [sys.executable, "-m", "course", "lab"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            said = ""
            while "token=" not in said:
                line = server.stdout.readline()
                assert line, f"it ended: {said}"
                said += line
            address, token = re.search(r"(http\S+?)/lab/tree/work/00_start_here.ipynb\?token=(\w+)", said).groups()
            content = fetch(server, f"{address}/api/contents/work/00_start_here.ipynb?token={token}")
            assert json.loads(content)["content"]["cells"][0]["source"].startswith("# 0 · Start here")
        finally:
            server.terminate()
            server.stdout.read()


def fetch(server, address, tries=300):
    """Ask until the server is up: it opens its port some seconds after it has printed the address."""
    for _ in range(tries):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except urllib.error.URLError:
            with pytest.raises(subprocess.TimeoutExpired):  # it is still running: look again in a moment
                server.wait(0.1)
    raise AssertionError("the server did not come up")
