"""What CI runs, it runs with an ordinary hosts file where it may, and with this machine's own where it may not."""

import shutil
import subprocess

import pytest

TOOLS = ("bash", "env", "dirname", "grep", "id", "uname", "cat", "chmod", "mount", "umount")


@pytest.fixture
def run_ci(tmp_path, root):
    """run_ci(tools): the lines that .ci/run prints with a `make` that shows the hosts file, and these tools besides."""
    script = root / ".ci" / "run"
    if not script.is_file():
        pytest.skip("this copy of the course has no .ci/run")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tmp_path / ".ci").mkdir()
    shutil.copy2(script, tmp_path / ".ci")

    def run(*more):
        for name in (*TOOLS, *more):
            (tools / name).symlink_to(shutil.which(name) or pytest.skip(f"{name} is not there"))
        for name, does in {
            "make": 'echo "make $*" && cat /etc/hosts',
            "dpkg-query": "echo install ok installed",
        }.items():
            (tools / name).write_text(f"#!/bin/sh\n{does}\n")
            (tools / name).chmod(0o755)
        done = subprocess.run([tmp_path / ".ci" / "run"], env={"PATH": str(tools)}, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert [path.name for path in (tmp_path / ".ci").iterdir()] == ["run"]
        return done.stdout.splitlines()

    return run


def test_localhost_is_there_twice_where_a_mount_namespace_can_be_made(run_ci):
    said, made, *hosts = run_ci("unshare")
    assert made == "make test"
    if "this machine's own" in said:
        pytest.skip(said)
    assert [line.split()[:2] for line in hosts if "localhost" in line] == [
        ["127.0.0.1", "localhost"],
        ["::1", "localhost"],
    ]


def test_the_tests_run_all_the_same_where_none_can_be_made(run_ci):
    with open("/etc/hosts") as file:
        own = file.read().splitlines()
    said, made, *hosts = run_ci()
    assert said.startswith("Hosts file: this machine's own, since ")
    assert (made, hosts) == ("make test", own)
