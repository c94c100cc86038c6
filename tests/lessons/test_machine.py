"""Lesson 0's check of the machine: what it says of the name `localhost` under one hosts file and another."""

import subprocess
import sys

import pytest

from course.desk import machine
from course.lesson.manifest import ROOT

IN_A_WORLD_OF_ITS_OWN = ["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-ec"]
WITH_THESE_FILES = 'mount --bind "$1" /etc/hosts; mount --bind "$2" /etc/resolv.conf; shift 2; exec "$@"'
# Its name server hears every question and answers none.
SAYS = """
import socket
from course.desk import machine
from course.classroom.box import loopback_up
loopback_up()
with socket.socket(type=socket.SOCK_DGRAM) as name_server:
    name_server.bind(("127.0.0.1", 53))
    try:
        print("yes:", machine.localhost())
    except OSError as error:
        print("no:", error.strerror)
"""


@pytest.fixture
def said(tmp_path):
    """Return a function that gives what is said under a hosts file; skip where no such world can be made."""

    def run(hosts):
        (tmp_path / "hosts").write_text(hosts)
        (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        files = [str(tmp_path / "hosts"), str(tmp_path / "resolv.conf")]
        begin = [*IN_A_WORLD_OF_ITS_OWN, WITH_THESE_FILES, "sh", *files]
        try:
            if subprocess.run([*begin, "true"], capture_output=True).returncode:
                pytest.skip("this machine does not let its users make mount namespaces")
        except FileNotFoundError:
            pytest.skip("there is no command unshare here")
        done = subprocess.run([*begin, sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True)
        assert not done.stderr
        return done.stdout.strip()

    return run


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("127.0.0.1 localhost\n", {"127.0.0.1"}),
        ("::1 localhost\n", {"::1"}),
        ("127.0.0.1 localhost\n::1 localhost\n", {"127.0.0.1", "::1"}),
        ("::1 localhost\n127.0.0.1 localhost\n", {"127.0.0.1", "::1"}),
    ],
)
def test_what_localhost_stands_for_is_told(hosts, expected, said):
    answer, addresses = said(hosts).split(": ")
    assert (answer, set(addresses.split(", "))) == ("yes", expected)


def test_a_name_server_that_does_not_answer_is_not_waited_for(said):
    assert said("127.0.0.1 somebody\n") == "no: no answer in 2 s. Write it into /etc/hosts"


def test_a_name_that_nobody_knows_is_told(monkeypatch):
    monkeypatch.setattr(machine, "_LOOK_UP", machine._LOOK_UP.replace("localhost", "no-such-name.invalid"))
    with pytest.raises(OSError, match=r"\. Write it into /etc/hosts|no answer in 2 s") as refused:
        machine.localhost()
    assert refused.value.strerror


def test_a_python_that_cannot_ask_is_told(monkeypatch):
    monkeypatch.setattr(machine, "_LOOK_UP", "raise SystemExit('no sockets here')")
    with pytest.raises(OSError, match=r"could not be asked \(no sockets here\)"):
        machine.localhost()


def test_the_check_of_the_machine_has_a_line_for_it():
    [line] = [line for line in repr(machine.check()).splitlines() if line.startswith("the name localhost")]
    assert " yes: " in line or " no: " in line
