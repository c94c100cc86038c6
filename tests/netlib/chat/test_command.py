"""`python -m netlib.chat`: real processes, real signals, real terminals."""

import contextlib
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time

import pytest

from netlib.patience import patience

CHAT = [sys.executable, "-m", "netlib.chat"]


@pytest.fixture
def start():
    """start(command, …): a process of our own with its ends as pipes, killed when the test ends."""
    with contextlib.ExitStack() as processes:

        def start(*command, **options):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            process = subprocess.Popen(command, **{**pipes, "bufsize": 1, **options})
            processes.callback(process.wait)
            for pipe in (process.stdin, process.stdout, process.stderr):
                processes.callback(pipe.close if pipe else lambda: None)
            processes.callback(process.kill)
            return process

        yield start


class Room:
    """A `serve` process, with the address that it printed."""

    def __init__(self, process):
        self.process = process
        host, port = re.fullmatch(r"The room is open at (\S+) port (\d+)\.\n", process.stdout.readline()).groups()
        self.address = (host, int(port))

    def ends(self, number=None):
        """Send a signal, if one is given; what was still printed and logged, and the exit code."""
        if number:
            self.process.send_signal(number)
        printed, logged = self.process.communicate(timeout=patience(20))
        return printed, logged, self.process.returncode


@pytest.fixture
def serve(start):
    return lambda *options: Room(start(*CHAT, "serve", *options))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        user, system = stat.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------------- serve
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_room_and_everybody_is_told(serve, enter, number):
    room = serve()
    ann, bob = enter(room.address, "ann"), enter(room.address, "bob")
    room.process.send_signal(number)
    assert [peer.hears_all()[-1] for peer in (ann, bob)] == ["* the room closes"] * 2
    for peer in (ann, bob):
        peer.sock.close()
    printed, logged, code = room.ends()
    assert (printed, code) == ("The room is closed.\n", 0)
    assert [line.split(maxsplit=2)[2] for line in logged.splitlines()] == ["ann is online", "bob is online"]


def test_sigterm_under_load_closes_the_room_cleanly(serve, enter):
    room = serve()
    peers = [enter(room.address, f"p{number}") for number in range(20)]
    flood = b"to everybody\n" * 1000
    room.process.send_signal(signal.SIGTERM)
    for peer in peers:
        peer.sock.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while True:
                peer.sock.send(flood)
    for peer in peers:
        peer.sock.close()
    printed, logged, code = room.ends()
    assert (printed, code) == ("The room is closed.\n", 0)
    assert "Traceback" not in logged


def test_without_file_descriptors_it_accepts_again_when_some_are_free(serve, enter):
    room = serve()
    resource.prlimit(room.process.pid, resource.RLIMIT_NOFILE, (32, 32))
    peers = [enter(room.address) for _ in range(40)]  # the last ones wait in the kernel
    first = peers[0]
    first.says("first", "/who")
    assert first.hears() == "* online: first"
    before = cpu_seconds(room.process.pid)
    time.sleep(0.5)  # not to wait for something: to see what it costs to wait
    assert cpu_seconds(room.process.pid) - before < 0.25
    for peer in peers[1:20]:
        peer.sock.close()
    peers[-1].says("last", "/who")
    assert peers[-1].hears() == "* online: first, last"
    assert first.hears() == "* last is online"


def test_it_raises_its_own_limit_of_open_files_as_far_as_its_members_need(start, enter):
    room = Room(start("sh", "-c", 'ulimit -Sn 50; exec "$@"', "sh", *CHAT, "serve", "--max-members", "100"))
    peers = [enter(room.address, f"m{number}") for number in range(100)]
    assert peers[0].hears() == "* m1 is online"


def test_two_thousand_members_hear_one(serve, enter):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 5000:
        pytest.skip(f"2,000 members need 5,000 open files; this machine allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 5000), hard))
    room = serve("--max-members", "3000")
    peers = [enter(room.address) for _ in range(2000)]
    for number, peer in enumerate(peers):
        peer.says(f"m{number}")
    online = {room.process.stderr.readline().split()[2] for _ in peers}
    assert online == {f"m{number}" for number in range(2000)}
    peers[0].says("hello", "everybody")
    for peer in peers[1:]:
        heard = b""
        while not heard.endswith(b"everybody\n"):
            heard += peer.sock.recv(1 << 20)
        assert [line for line in heard.splitlines() if not line.startswith(b"* ")] == [b"m0: hello", b"m0: everybody"]


def test_an_address_beyond_this_machine_is_said_to_be_open_to_all(serve):
    room = serve("--host", "127.0.0.2")
    assert room.address[0] == "127.0.0.2"
    assert "Everybody" not in room.ends(signal.SIGTERM)[1]
    help_text = subprocess.run([*CHAT, "serve", "--help"], capture_output=True, text=True).stdout
    assert "Nothing is encrypted, nobody needs a password." in " ".join(help_text.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--port", "99999"], "127.0.0.1 port 99999: a port is a number from 0 to 65535"),
        (["serve", "--max-members", "0"], "--max-members must be at least 1; it is 0"),
        (["serve", "--host", "192.0.2.1"], "192.0.2.1 port 0: Cannot assign requested address"),
        (["join", "127.0.0.1", "1", "--name", "ann"], "127.0.0.1 port 1: Connection refused"),
        (["join", "127.0.0.1", "70000", "--name", "ann"], "a port is a number from 0 to 65535"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(arguments, told):
    done = subprocess.run([*CHAT, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert told in done.stderr


def test_a_port_that_is_taken_is_named(serve):
    port = str(serve().address[1])
    done = subprocess.run([*CHAT, "serve", "--port", port], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"127.0.0.1 port {port}: Address already in use" in done.stderr


# ---------------------------------------------------------------------- join, and nc
def test_join_in_a_pipe_sends_its_lines_and_prints_what_comes_until_the_end(room, enter, start):
    ann = enter(room, "ann")
    join = start(*CHAT, "join", *map(str, room), "--name", "bob")
    assert ann.hears() == "* bob is online"
    ann.says("hello bob", "\x1b[2J")
    assert [join.stdout.readline() for _ in range(2)] == ["ann: hello bob\n", "ann: ?[2J\n"]
    rest, _ = join.communicate("hello ann\nno newline", timeout=patience(10))
    assert (rest, join.returncode) == ("", 0)
    assert [ann.hears() for _ in range(3)] == ["bob: hello ann", "bob: no newline", "* bob is down"]


def test_join_in_a_pipe_ends_with_the_server_although_its_input_goes_on(serve, start):
    room = serve()
    join = start(*CHAT, "join", *map(str, room.address), "--name", "bob")
    assert room.process.stderr.readline().endswith("bob is online\n")
    room.process.send_signal(signal.SIGTERM)
    assert join.wait(patience(10)) == 0
    assert join.stdout.read() == "* the room closes\n"


@pytest.mark.skipif(not shutil.which("nc"), reason="nc is not installed: a member through netcat is not tried")
def test_nc_is_a_good_member(room, enter, start):
    ann = enter(room, "ann")
    nc = start("nc", *map(str, room))
    nc.stdin.write("bob\nhello\n")
    assert [ann.hears() for _ in range(2)] == ["* bob is online", "bob: hello"]
    ann.says("hello nc")
    assert nc.stdout.readline() == "ann: hello nc\n"
    nc.stdin.write("exit\n")
    assert ann.hears() == "* bob is down"
    nc.communicate(timeout=patience(10))


class Terminal:
    """A `join` at a pseudo-terminal: what is typed, and what stands on the screen."""

    def __init__(self, address, name):
        self.screen, inner = pty.openpty()
        self.process = subprocess.Popen(
            [*CHAT, "join", *map(str, address), "--name", name],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**os.environ, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(inner)
        self.seen = ""
        self.shows(f"{name}> ")

    def types(self, text):
        os.write(self.screen, text.encode())

    def shows(self, text):
        """Read until `text` has been written since the last call; where the terminal is asked, answer."""
        end = time.monotonic() + patience(10)
        text = "".join(text.split())  # where there is a space, a terminal may be told to move its cursor
        while text not in self.seen:
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} is not on the screen: {self.seen[-500:]!r}"
            data = os.read(self.screen, 65536).decode()
            if "\x1b[6n" in data:  # where is the cursor? (ECMA-48, DSR)
                os.write(self.screen, b"\x1b[1;1R")
            self.seen += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\s", "", data)
        self.seen = self.seen.partition(text)[2]

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


@pytest.fixture
def terminal():
    with contextlib.ExitStack() as terminals:

        def terminal(*args):
            found = Terminal(*args)
            terminals.callback(found.close)
            return found

        yield terminal


def test_at_a_terminal_a_half_typed_line_survives_what_arrives(room, enter, terminal):
    ann = enter(room, "ann")
    bob = terminal(room, "bob")
    assert ann.hears() == "* bob is online"
    bob.types("half ")
    bob.shows("half ")
    ann.says("interrupting")
    bob.shows("ann: interrupting")
    bob.shows("bob> half")
    bob.types("a line\r")
    assert ann.hears() == "bob: half a line"
    bob.types("exit\r")
    bob.shows("The conversation has ended.")
    assert bob.process.wait(patience(10)) == 0


@pytest.mark.parametrize("keys", ["\x04", "\x03"], ids=["Ctrl-D", "Ctrl-C"])
def test_at_a_terminal_both_keys_that_end_programs_leave_the_room(room, enter, terminal, keys):
    ann = enter(room, "ann")
    bob = terminal(room, "bob")
    bob.types(keys)
    bob.shows("The conversation has ended.")
    assert [ann.hears(), ann.hears()] == ["* bob is online", "* bob is down"]


def test_at_a_terminal_the_end_of_the_room_ends_the_input_line(serve, terminal):
    room = serve()
    bob = terminal(room.address, "bob")
    bob.types("half a line")
    bob.shows("half a line")
    room.process.send_signal(signal.SIGTERM)
    bob.shows("* the room closes")
    bob.shows("The conversation has ended.")
    assert bob.process.wait(patience(10)) == 0


def test_a_room_needs_no_package_beside_the_standard_library():
    code = "import sys, netlib.chat.__main__; print({'prompt_toolkit', 'psutil', 'IPython'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
