"""`python overlaid.py HOME FOLDER COMMAND…`: runs a command, keeps in memory what it writes, and says what that was.

To be started in a mount namespace of its own (unshare(1)). Over all folders with files of anybody's lies an overlay
(kernel.org, filesystems/overlayfs.rst) whose upper layer is a tmpfs, so that the command sees an ordinary machine that
it can write to. FOLDER is for its temporary files, and /dev/shm is a fresh one: what is written there is its own.
HOME is an empty folder, on which all this is built. Exit code 0, and JSON on the last line of stdout: the command's
own exit code, and every path that it made, changed or removed. Exit code 3: not possible here; stderr says why.

Not noted is what goes to the kernel itself: /proc, /sys, and the devices in /dev.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 0x1, 0x20, 0x1000, 0x4000, 0x40000, 2  # linux/mount.h
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
KERNELS_OWN = ("/proc", "/sys", "/dev")  # no files of anybody's
AS_ROOT = "0 0 4294967295" in " ".join(Path("/proc/self/uid_map").read_text().split())  # of the machine
TEMPORARY = ("TMPDIR", "HYPOTHESIS_STORAGE_DIRECTORY")
libc = ctypes.CDLL(None, use_errno=True)


class NotHere(Exception):
    """This machine does not allow it."""


def done(result: int, what: str) -> None:
    if result:
        raise NotHere(f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    names = (os.fsencode(source), os.fsencode(target), kind.encode())
    done(libc.mount(*names, ctypes.c_ulong(flags), os.fsencode(options)), f"mounting {kind or source} at {target}")


def mount_points() -> list[str]:
    """Return every mount point, the outermost first (proc(5), mountinfo)."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return sorted({line.split()[4].encode("latin-1").decode("unicode_escape") for line in lines})


def is_below(place: str, *above: str) -> bool:
    return any(f"{place}/".startswith(f"{one.rstrip('/')}/") for one in above)


class View:
    """A view of all files, built at `home`/root; what is written below a folder lands in `home`/layers/NUMBER/upper."""

    def __init__(self, home: str) -> None:
        self.home, self.root, self.places = home, f"{home}/root", mount_points()

    def build(self, folder: str) -> None:
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        mount("none", self.home, "tmpfs", options="mode=0755")
        os.makedirs(f"{self.home}/layers")
        os.mkdir(self.root)
        for place in self.places:
            if is_below(place, *KERNELS_OWN):
                continue
            if os.path.isdir(place):
                with contextlib.suppress(PermissionError):
                    self.cover(place)
            elif os.path.exists(place):
                shown_only(place, self.root + place)
        for place in KERNELS_OWN:
            mount(place, self.root + place, flags=MS_BIND | MS_REC)
        for place, mode in (("/dev/shm", "1777"), (folder, "0700")):
            if os.path.isdir(place):
                mount("none", self.root + place, "tmpfs", options=f"mode={mode}")

    def cover(self, place: str) -> None:
        """Show `place`, and not what is mounted below it: by an overlay, or else each of its folders by one."""
        try:
            self.overlay(place)
        except NotHere:
            if any(is_below(other, place) for other in self.places if other != place):
                self.cover_each(place)  # an ordinary user may lay none over a folder in which something is mounted
            else:
                shown_only(place, self.root + place)

    def overlay(self, place: str) -> None:
        layer = f"{self.home}/layers/{len(os.listdir(f'{self.home}/layers'))}"
        upper, work = f"{layer}/upper", f"{layer}/work"
        os.makedirs(upper)
        os.mkdir(work)
        Path(f"{layer}/place").write_text(place)
        status = os.stat(place)
        with contextlib.suppress(OSError):  # one that this namespace has no number for
            os.chown(upper, status.st_uid, status.st_gid)
        os.chmod(upper, stat.S_IMODE(status.st_mode))
        own = "" if AS_ROOT else ",userxattr"
        options = f"lowerdir={escaped(place)},upperdir={upper},workdir={work}{own}"
        mount("overlay", self.root + place.rstrip("/"), "overlay", options=options)

    def cover_each(self, place: str) -> None:
        target = self.root + place.rstrip("/")
        mount("none", target, "tmpfs", options="mode=0755")
        for entry in os.scandir(place):
            into = f"{target}/{entry.name}"
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), into)
            elif entry.is_dir():
                os.mkdir(into)
                if entry.path not in self.places and entry.path not in KERNELS_OWN:
                    self.cover(entry.path)
            elif entry.is_file():
                Path(into).touch()
                if entry.path not in self.places:
                    shown_only(entry.path, into)
        mount("none", target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY)


def shown_only(place: str, target: str) -> None:
    """Show what can be shown in no other way so that it cannot be written; a cgroup file system, for one."""
    with contextlib.suppress(NotHere):
        mount(place, target, flags=MS_BIND)
        mount("none", target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY | kept_flags(place))


def kept_flags(place: str) -> int:
    """Return the flags of a mount that nobody may take away in a user namespace (mount_namespaces(7))."""
    flags = os.statvfs(place).f_flag
    return flags & (os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME)


def escaped(place: str) -> str:
    return place.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")


def enter(root: str) -> None:
    """Make `root` the root of this namespace. Not chroot(2): who is in one may make no user namespace."""
    here = os.getcwd()
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise NotHere(f"the number of pivot_root(2) on {os.uname().machine} is not known here")
    os.chdir(root)
    done(libc.syscall(ctypes.c_long(number), b".", b"."), "pivot_root")
    done(libc.umount2(b".", MNT_DETACH), "umount of the old root")
    os.chdir(here)


def written(layers: int) -> list[str]:
    """Return every path in the upper layers: what was made or changed, and what is gone, which stands there as 0/0."""
    found = []
    for number in os.listdir(layers):
        layer = os.open(number, os.O_RDONLY, dir_fd=layers)
        with open(os.open("place", os.O_RDONLY, dir_fd=layer)) as file:
            place = file.read().rstrip("/")
        for folder, folders, files, fd in os.fwalk("upper", dir_fd=layer):
            below = folder.removeprefix("upper")
            for name in files:
                status = os.stat(name, dir_fd=fd, follow_symlinks=False)
                gone = stat.S_ISCHR(status.st_mode) and status.st_rdev == 0
                found.append(f"{place}{below}/{name}{' (removed)' if gone else ''}")
            if below and not folders and not files:  # in it something was made and removed again, or it is new
                found.append(f"{place}{below}/")
    return sorted(found)


def main() -> None:
    home, folder, *command = sys.argv[1:]
    try:
        view = View(home)
        view.build(folder)
        layers = os.open(f"{home}/layers", os.O_RDONLY)
        enter(view.root)
    except (NotHere, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    code = subprocess.run(
        command, env=os.environ | {name: folder for name in TEMPORARY}, stdin=subprocess.DEVNULL
    ).returncode
    print("\n" + json.dumps({"code": code, "written": written(layers)}))


if __name__ == "__main__":
    main()
