"""How far answers are boxed in depends on the machine: what is not allowed is said, and the verdicts are the same."""

import json
import shutil
import subprocess
import sys

import pytest

from course.classroom.box import Level

WRONG = "def shout(text):\n    return text.lower()\n"


def inside(setting, command):
    """Run `command` where `setting`, a line of shell, has been done in namespaces of their own."""
    unshare = shutil.which("unshare")
    if not unshare:
        pytest.skip("unshare (util-linux) is not there")
    apart = [unshare, "--user", "--map-root-user", "--mount"]
    if subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("this machine allows no user namespaces, so none can be set up for the test")
    made = subprocess.run([*apart, "sh", "-c", setting], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"this machine does not let the test arrange what it is about: {made.stderr.strip()}")
    line = [*apart, "sh", "-c", f'{setting} && exec "$@"', "sh"]
    return subprocess.run([*line, *command], capture_output=True, text=True, timeout=60)


# As containers do it: a part of each view of /proc is hidden, and so nobody may mount a whole one.
# Each, because the whole /proc of a chroot elsewhere on the machine would do.
HIDE = """while read -r _ place kind _; do
    if [ "$kind" = proc ]; then mount --bind /dev/null "$(printf %b "$place")/version" || exit 1; fi
done </proc/mounts"""


@pytest.mark.parametrize(
    ("setting", "said", "reason"),
    [
        ("true", "Boxed in: no network", ""),
        (HIDE, "Boxed in by half", "mounting proc at /proc is not allowed here"),
        # as some distributions do
        ("echo 0 > /proc/sys/user/max_user_namespaces", "Not boxed in", "unshare is not allowed here"),
    ],
    ids=["all", "hidden-proc", "no-namespaces"],
)
def test_what_the_machine_does_not_allow_is_said_and_verdicts_are_the_same(classroom, best, setting, said, reason):
    if best is not Level.CLOSED:
        pytest.skip(f"this machine boxes answers in less than these settings do ({best.name.lower()})")
    classroom.put("ann")
    classroom.put("bob", WRONG)
    done = inside(setting, classroom.command("--json"))
    assert said in done.stderr
    assert reason in done.stderr
    assert ("verifying_a_class" in done.stderr) == bool(reason)
    assert [(row["verdict"], row["diagnosis"]) for row in json.loads(done.stdout)] == [
        ("passed", ""),
        ("not yet", "lower-case"),
    ]


def test_a_lower_level_can_be_asked_for(classroom, best):
    classroom.put("ann")
    for level in Level:
        said = classroom.run("--fresh", "--box", level.name.lower()).stderr
        assert said.startswith({0: "Not boxed in", 1: "Boxed in by half", 2: "Boxed in: "}[min(level, best)])


def test_it_needs_nothing_but_python(classroom):
    """So that a bare container can run it: no package, no site-packages."""
    classroom.put("ann")
    done = subprocess.run(
        [sys.executable, "-S", "-m", "course.classroom.verify", str(classroom.folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
