"""Lessons print what they should under hosts files, start-up files, temporary folders and settings as learners have."""

import os
import shutil
import subprocess
import sys

import pytest

from course.lesson.manifest import NOTEBOOKS, ROOT

ALL = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
NAMES = ("localhost", "getaddrinfo", "gethostby", "127.1")
WITH_NAMES = [stem for stem in ALL if any(name in (NOTEBOOKS / f"{stem}.ipynb").read_text() for name in NAMES)]
HOSTS = {
    "IPv6 alone": "::1 localhost\n",
    "nobody": "127.0.1.1 elsewhere\n",
}
STARTUPS = {
    "a default time-out": "import socket\nsocket.setdefaulttimeout(3)\n",
    "prints and shadowed names": "print('hello from a start-up file')\nlist = dict = open = check = look = 3\n",
    "autoreload": "run = get_ipython().run_line_magic\nrun('load_ext', 'autoreload')\nrun('autoreload', '2')\n",
}
APART = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def nbval(*lessons, before=(), **environment):
    """Run lessons under nbval, strictly; return what failed."""
    paths = [str(NOTEBOOKS / f"{lesson}.ipynb") for lesson in lessons]
    quiet = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
    done = subprocess.run(
        [*before, sys.executable, *quiet, *paths],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout[-3000:] + done.stderr if done.returncode else ""


@pytest.fixture
def hosts(tmp_path):
    """hosts(text): what stands before a command that is to find this hosts file, and no name server."""
    if not shutil.which("unshare") or subprocess.run([*APART, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets no mount namespace be made, so /etc/hosts cannot be another one")

    def before(text):
        (tmp_path / "hosts").write_text(text)
        (tmp_path / "resolv").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        mounts = f'mount --bind "{tmp_path}/hosts" /etc/hosts && mount --bind "{tmp_path}/resolv" /etc/resolv.conf'
        return [*APART, "sh", "-c", f'{mounts} && exec "$@"', "sh"]

    return before


@pytest.mark.parametrize("known", HOSTS)
def test_whoever_localhost_is(hosts, known):
    assert len(WITH_NAMES) >= 3
    assert nbval(*WITH_NAMES, before=hosts(HOSTS[known])) == ""


@pytest.mark.parametrize("startup", STARTUPS)
def test_whatever_a_start_up_file_of_ipython_does(tmp_path, startup):
    folder = tmp_path / "profile_default" / "startup"
    folder.mkdir(parents=True)
    (folder / "00-mine.py").write_text(STARTUPS[startup])
    lessons = ALL if startup == "a default time-out" else ["00_start_here", "04_client_lifecycle"]
    assert nbval(*lessons, IPYTHONDIR=str(tmp_path)) == ""


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONOPTIMIZE": "2"},
        {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "all_proxy": "socks5://127.0.0.1:9"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["without asserts and docstrings", "proxies", "plain ASCII"],
)
def test_settings_of_the_environment(settings):
    assert nbval("00_start_here", "03_server_lifecycle", **settings) == ""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to a processor")
def test_one_processor():
    one = f"os.sched_setaffinity(0, [{min(os.sched_getaffinity(0))}])" if hasattr(os, "sched_getaffinity") else ""
    start = f"import os, sys; {one}; os.execv(sys.argv[1], sys.argv[1:])"
    assert nbval("06_many_clients", before=[sys.executable, "-c", start]) == ""
