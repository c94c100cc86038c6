"""How far answers are boxed in depends on the machine: what is not allowed is said, and the verdicts are the same."""

import json
import shutil
import subprocess
import sys

import pytest

from course.classroom.box import Level

WRONG = "def shout(text):\n    return text.lower()\n"


OWN_PROC = "unshare --user --map-root-user --mount --pid --fork mount -t proc proc /proc"
# As containers do: a part of /proc is hidden, and so nobody may mount a whole one; unless another view of it, such as a
# chroot's, is whole (fs/namespace.c, mnt_already_visible). So it is hidden in each.
HIDE_PROC = """awk '$4 == "/" && / - proc / { print $5 }' /proc/self/mountinfo | while read -r place; do
    mount --bind /dev/null "$(printf %b "$place")/version" || exit 1
done"""
NO_MORE = "echo 0 > /proc/sys/user/max_user_namespaces"  # as some distributions do
WHY_NOT = {
    "true": "this machine does not let all be taken away",
    HIDE_PROC: "a whole view of /proc is mounted out of the test's reach",
    NO_MORE: "this machine does not let the number of namespaces be set",
}


def inside(setting, holds, why_not, command):
    """Run `command` where `setting` has been done in a namespace of its own, and `holds` then; both are shell."""
    unshare = shutil.which("unshare")
    if not unshare:
        pytest.skip("unshare (util-linux) is not there")
    apart = [unshare, "--user", "--map-root-user", "--mount"]
    if subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("this machine allows no user namespaces, so none can be set up for the test")
    made = subprocess.run([*apart, "sh", "-c", f"{setting}\n{holds}"], capture_output=True, text=True, timeout=60)
    if made.returncode:
        pytest.skip(f"{why_not}: {made.stderr.strip() or 'what was done had no effect'}")
    line = [*apart, "sh", "-c", f'{setting}\nexec "$@"', "sh"]
    return subprocess.run([*line, *command], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("setting", "holds", "said", "reason"),
    [
        ("true", OWN_PROC, "Boxed in: no network", ""),
        (HIDE_PROC, f"! {OWN_PROC}", "Boxed in by half", "mounting proc at /proc is not allowed here"),
        (NO_MORE, "! unshare --user true", "Not boxed in", "unshare is not allowed here"),
    ],
    ids=["all", "hidden-proc", "no-namespaces"],
)
def test_what_the_machine_does_not_allow_is_said_and_verdicts_are_the_same(classroom, setting, holds, said, reason):
    classroom.put("ann")
    classroom.put("bob", WRONG)
    done = inside(setting, holds, WHY_NOT[setting], classroom.command("--json"))
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
