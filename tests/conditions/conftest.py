"""The course under conditions that learners have: what is right stays right, and what cannot be done is said.

A *condition* is what stands before a command and what its environment holds; a *piece* of the course is run under it
as a process of its own. `condition` is each of CONDITIONS in turn; `pieces/` holds the programs that are run.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course.checker import Answer, run_check
from course.execution.kernels import AsyncPrivateKernelManager
from course.exercises.reference import reference_text
from course.exercises.registry import exercises
from netlib.patience import patience

ROOT = Path(__file__).resolve().parents[2]
PIECES = Path(__file__).with_name("pieces")
EXERCISES = exercises()
ODD = 'it\'s "a" $HOME, Übung 課程'
# Whoever is no root becomes it in a world of its own: else no user may make the other namespaces (user_namespaces(7)).
APART = ["unshare"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
HOSTS = {
    "IPv4 first": "127.0.0.1 localhost\n::1 localhost\n",
    "IPv6 first": "::1 localhost\n127.0.0.1 localhost\n",
    "IPv6 alone": "::1 localhost\n",
    "IPv4 alone": "127.0.0.1 localhost\n",
    "nobody": "127.0.1.1 elsewhere\n",
}
NETWORKS = {  # settings of sysctl(8), below net
    "no IPv6": {f"ipv6/conf/{interface}/disable_ipv6": "1" for interface in ("all", "default", "lo")},
    "buffers as before Linux 6.18": {"ipv4/tcp_rmem": "4096 131072 6291456", "ipv4/tcp_wmem": "4096 16384 4194304"},
    "buffers as since Linux 6.18": {"ipv4/tcp_rmem": "4096 131072 33554432", "ipv4/tcp_wmem": "4096 16384 4194304"},
    "ping and low ports for everybody": {"ipv4/ping_group_range": "0 0", "ipv4/ip_unprivileged_port_start": "0"},
    "short queues, as before Linux 5.4": {"core/somaxconn": "128"},
}


@dataclass(frozen=True)
class Condition:
    """What stands before a command, what its environment has and has not, and whether the machine may refuse it."""

    before: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    may_be_refused: bool = False

    def run(self, *command, folder=ROOT, **environment):
        """Run a command under it; return what became of that. Skip where the machine does not allow the condition."""
        if self.may_be_refused:
            tried = subprocess.run([*self.before, "true"], capture_output=True, text=True, cwd=ROOT)
            if tried.returncode:
                pytest.skip(f"this machine does not allow it: {tried.stderr.strip().splitlines()[-1]}")
        kept = {name: value for name, value in os.environ.items() if name not in self.without}
        return subprocess.run(
            [*self.before, *map(str, command)],
            cwd=folder, env=kept | self.environment | environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", errors="surrogateescape",
            timeout=patience(240),
        )  # fmt: skip

    def piece(self, name, *arguments, **options):
        """Run a program of `pieces/` under it; return the JSON that it printed."""
        done = self.run(sys.executable, PIECES / f"{name}.py", *arguments, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def after_shell(line, **options):
    """Return the condition that a line of shell makes."""
    return Condition(["sh", "-c", f'{line} && exec "$@"', "sh"], **options)


def after_python(lines, before=(), **options):
    """Return the condition that Python's own calls make; what they set must outlive execve(2)."""
    program = f"import os, signal, sys\n{lines}\nos.execvp(sys.argv[1], sys.argv[1:])"
    return Condition([*before, sys.executable, "-c", program], **options)


def with_hosts(tmp_path, text):
    """Return the condition of a hosts file with this text, and of no name server."""
    (tmp_path / "hosts").write_text(text)
    (tmp_path / "resolv").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    mounts = 'mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/resolv" /etc/resolv.conf && shift && exec "$@"'
    return Condition([*APART, "--mount", "sh", "-c", mounts, "sh", str(tmp_path)], may_be_refused=True)


def with_network(settings):
    """Return the condition of a network with a loopback interface alone, and with these settings of the kernel."""
    lines = f"""
from course.classroom.box import loopback_up
loopback_up()
for name, value in {settings!r}.items():
    with open("/proc/sys/net/" + name, "w") as file:
        file.write(value)"""
    return after_python(lines, [*APART, "--net"], may_be_refused=True)


def with_a_road_to_nowhere():
    """Return the condition of a private address and a default route on which nobody answers."""
    lines = """ip link set lo up && ip link add lan0 type veth peer name lan1 && ip addr add 192.168.77.5/24 dev lan0 &&
        ip link set lan0 up && ip link set lan1 up && ip route add default via 192.168.77.1"""
    made = after_shell(lines, may_be_refused=True)
    return Condition([*APART, "--net", *made.before], may_be_refused=True)


def with_temporary_folder(folder):
    folder.mkdir()
    return Condition(environment={"TMPDIR": str(folder)})


CONDITIONS = {
    **{f"hosts: {name}": lambda place, text=text: with_hosts(place, text) for name, text in HOSTS.items()},
    **{f"network: {name}": lambda _, values=values: with_network(values) for name, values in NETWORKS.items()},
    "network: a road to nowhere": lambda _: with_a_road_to_nowhere(),
    "256 descriptors": lambda _: after_shell("ulimit -n 256"),
    "umask 077": lambda _: after_shell("umask 077"),
    "no standard input": lambda _: after_shell("exec <&-"),
    "one processor": lambda _: after_python("os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"),
    "signals ignored": lambda _: after_python(
        "for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(number, signal.SIG_IGN)"
    ),
    "signals blocked": lambda _: after_python("signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())"),
    "its folder deleted": lambda place: after_shell(f"mkdir '{place}/gone' && cd '{place}/gone' && rmdir ../gone"),
    "a long TMPDIR": lambda place: with_temporary_folder(place / ("a_folder_with_a_long_name_" * 5)),
    "an odd TMPDIR": lambda place: with_temporary_folder(place / ODD),
    "plain ASCII": lambda _: Condition(environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "no HOME": lambda _: Condition(without=("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")),
    "a HOME that is not there": lambda place: Condition(environment={"HOME": str(place / "nowhere")}),
    "neither asserts nor docstrings": lambda _: Condition(environment={"PYTHONOPTIMIZE": "2"}),
    "warnings are errors": lambda _: Condition(environment={"PYTHONWARNINGS": "error"}),
    "proxies": lambda _: Condition(
        environment=dict.fromkeys(("http_proxy", "https_proxy", "ALL_PROXY"), "http" + "://127.0.0.1:9")
    ),
}

WITHOUT_ROOM = {  # for what is to be kept in the folder `condition/answers`
    "a full disk": lambda place: Condition(
        [*APART, "--mount", "sh", "-c", FULL, "sh", str(place / "answers")], may_be_refused=True
    ),
    "no file may grow beyond half a KiB": lambda _: after_shell("ulimit -f 1"),
}
FULL = """mkdir -p "$1" && mount -t tmpfs -o size=16k none "$1" && echo "# an earlier answer" >"$1/shout.py" &&
    { head -c 64k /dev/zero >"$1/filler" 2>/dev/null; shift; exec "$@"; }"""


@pytest.fixture
def under(tmp_path):
    """under(name): the condition of this name, made."""

    def made(name):
        if name == "one processor" and not hasattr(os, "sched_setaffinity"):
            pytest.skip("this system binds no process to a processor")
        if name.startswith(("hosts: ", "network: ")) and not shutil.which("unshare"):
            pytest.skip("unshare (util-linux) is not there, and so no namespaces for the test")
        place = tmp_path / "condition"
        place.mkdir()
        return (CONDITIONS | WITHOUT_ROOM)[name](place)

    return made


@pytest.fixture(scope="session")
def root():
    """The folder of the course."""
    return ROOT


@pytest.fixture
def plain():
    """No condition at all, for what is one by itself."""
    return Condition(without=("PYTHONPATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"))


@pytest.fixture(params=CONDITIONS)
def condition(request, under):
    """Each of the conditions in turn."""
    return under(request.param)


@pytest.fixture
def reference_verdict():
    """reference_verdict(name): the verdict on the reference of an exercise, here and now."""

    def verdict(name):
        exercise = EXERCISES[name]
        text = reference_text(exercise)
        return run_check(name, exercise.check, [Answer(each, text) for each in exercise.names])

    return verdict


@pytest.fixture
def elsewhere(tmp_path):
    """elsewhere(name): a copy of the course, without environment and tests, in a folder of this name."""

    def copied(name):
        made = {"tests", "benchmarks", "work", "answers", "live", "solved", "build"}
        ignored = shutil.ignore_patterns("__pycache__")
        folder = tmp_path / name
        folder.mkdir()
        for path in ROOT.iterdir():
            if path.name.startswith(".") or path.name in made or path.suffix == ".egg-info":
                continue
            if path.is_dir():
                shutil.copytree(path, folder / path.name, ignore=ignored)
            else:
                shutil.copy2(path, folder)
        return folder

    return copied


@pytest.fixture
def command():
    """command(folder, …): what `python -m course …` prints, run with the course that lies in that folder."""

    def run(folder, *arguments):
        done = Condition().run(sys.executable, "-m", "course", *arguments, folder=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def run_cells(tmp_path):
    """run_cells(source, …): the outputs of each cell, run in a kernel in `tmp_path` that keeps answers there.

    The kernel finds IPython's files in `tmp_path/ipython`, and none of whoever runs the tests.
    """

    def run(*sources, **environment):
        own = {"IPYTHONDIR": str(tmp_path / "ipython"), "COURSE_ANSWERS": str(tmp_path / "answers"), "COURSE_KEEP": "1"}
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        client = NotebookClient(
            nbformat.v4.new_notebook(cells=cells),
            kernel_manager_class=AsyncPrivateKernelManager,
            timeout=int(patience(30)),
            resources={"metadata": {"path": str(tmp_path)}},
        )
        client.execute(env=os.environ | own | environment)
        return [cell.outputs for cell in client.nb.cells]

    return run


@pytest.fixture
def made_environment():
    """What make is told so that it takes the environment that the tests run in, and installs nothing."""
    if not Path(sys.prefix, "course-stamp.json").is_file():
        pytest.skip("the environment was not made by make, and so make would make one")
    return [f"VENV={sys.prefix}", f"PYTHON={sys.executable}"]
