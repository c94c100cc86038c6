"""Where this machine has no IPv6, the lessons run all the same, and print the same."""

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course.classroom.box import CLONE_NEWNET, CLONE_NEWUSER, loopback_up
from course.lesson.manifest import NOTEBOOKS, ROOT

SIGNS = ("INET6", "::1", "localhost")
LESSONS = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if any(sign in path.read_text() for sign in SIGNS)]


def in_a_network_without_ipv6():
    """Give this process a network of its own: a loopback interface, and IPv4 only (network_namespaces(7))."""
    user, group = os.getuid(), os.getgid()
    wanted = CLONE_NEWNET if user == 0 else CLONE_NEWUSER | CLONE_NEWNET  # root needs no world of its own for it
    if ctypes.CDLL(None, use_errno=True).unshare(wanted):
        raise OSError(ctypes.get_errno(), "unshare")
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    for interface in ("all", "default", "lo"):
        Path(f"/proc/sys/net/ipv6/conf/{interface}/disable_ipv6").write_text("1")
    loopback_up()


def run(*command):
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, preexec_fn=in_a_network_without_ipv6, capture_output=True, text=True
    )


@pytest.fixture(scope="module", autouse=True)
def allowed():
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has network namespaces")
    try:
        run("-c", "")
    except subprocess.SubprocessError:
        pytest.skip("this machine does not let its users make network namespaces")


def test_there_is_none_in_such_a_network():
    tried = "import socket; socket.socket(socket.AF_INET6).bind(('::1', 0))"
    assert "Cannot assign requested address" in run("-c", tried).stderr


def test_some_lessons_speak_of_it():
    assert len(LESSONS) >= 4
    assert socket.has_ipv6


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_nothing_changes_in(path):
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(path))
    assert done.returncode == 0, done.stdout[-4000:]
