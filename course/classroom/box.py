"""What is taken away from a process before it may run an answer, and needs no privilege to take.

On Linux a process may make namespaces of its own (user_namespaces(7)): a network with nothing but loopback, a view of
the files in which all is read-only but one folder in memory, and a world of processes in which it cannot name, and so
not kill, any other; when the first process of that world ends, the kernel ends all of it (pid_namespaces(7)). Where
a machine does not allow this, what is left are the limits of setrlimit(2), and `Level` says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from course.checker.process.prctl import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl
from course.checker.process.privileges import give_up
from course.checker.process.survivors import die_with_the_kernel

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000  # linux/sched.h
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000  # linux/mount.h
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 0x1  # Linux 5.12
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # netdevice(7)
SCRATCH_MEGABYTES, SHARED_MEGABYTES = 64, 16


class Level(IntEnum):
    """How far a process is boxed in: not at all, without a network, or closed (files and processes too)."""

    OPEN = 0
    OFFLINE = 1
    CLOSED = 2


NOTES = {
    Level.CLOSED: "Boxed in: no network but loopback, no file to write but its own scratch, no other process in reach.",
    Level.OFFLINE: "Boxed in by half: no network but loopback. It can write your files and kill your processes.",
    Level.OPEN: "Not boxed in: an answer can use the network, write your files and kill your processes.",
}


def enter(level: Level, scratch: str, hidden: Sequence[str] = ()) -> None:
    """Box this process in. At `CLOSED` it goes on as a child of the caller: its parent waits for it and ends as it did.

    `scratch` is a folder that it may write to; in `hidden` folders it finds nothing.

    Raises:
        OSError: this machine does not allow it; the text names the step. The process is of no use then.
    """
    if level is not Level.OPEN:
        _unshare(level, scratch, hidden)
    if sys.platform.startswith("linux"):
        give_up()
        prctl(PR_SET_NO_NEW_PRIVS, 1)


def _unshare(level: Level, scratch: str, hidden: Sequence[str]) -> None:
    """Make the namespaces of `level`, and furnish them."""
    prctl(PR_SET_DUMPABLE, 1)  # else the files of /proc/self belong to root
    user, group = os.getuid(), os.getgid()
    own = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    _step("unshare", _libc().unshare(own | (CLONE_NEWNS | CLONE_NEWPID if level is Level.CLOSED else 0)))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _no_more_namespaces()
    loopback_up()
    if level is Level.CLOSED:
        _become_first_process()
        _close_files(scratch, hidden)


def _no_more_namespaces() -> None:
    """Let nobody in here make another user namespace: in that, an answer would have all privileges."""
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")


def best_level(scratch: str, most: Level) -> tuple[Level, str]:
    """Return the highest level that this machine allows, and what stood in the way of a higher one."""
    reason = ""
    for level in sorted((level for level in Level if level <= most), reverse=True):
        trouble = _tried(level, scratch)
        if not trouble:
            return level, reason
        reason = reason or trouble
    return Level.OPEN, reason


def keep_from_children(fd: int) -> None:
    """Keep `fd`, on which this process reports, from the processes that it forks from now on.

    They do not inherit it, and this process does not show it to them.
    """

    def in_child() -> None:
        with contextlib.suppress(OSError):
            os.close(fd)

    os.register_at_fork(after_in_child=in_child)
    hide()


def hide() -> None:
    """Let no process without privilege look into this one, or open what it holds (proc(5), ptrace(2))."""
    prctl(PR_SET_DUMPABLE, 0)


def loopback_up() -> None:
    """Switch the loopback interface of this network on: in a new one it is off (network_namespaces(7)).

    Raises:
        OSError: not allowed.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        import fcntl

        request = struct.pack("16sH14s", b"lo", 0, b"")
        _, flags, _ = struct.unpack("16sH14s", fcntl.ioctl(sock, SIOCGIFFLAGS, request))
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | IFF_UP, b""))


def _become_first_process() -> None:
    """Go on as process 1 of the new world. Who was called waits, and ends with the same code (128 + signal)."""
    first = os.fork()
    if first:
        os.closerange(3, 1024)  # the report's end among them: it is the first process's alone
        _, status = os.waitpid(first, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    die_with_the_kernel()


def _close_files(scratch: str, hidden: Sequence[str]) -> None:
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    # The kernel allows this only where nothing hides a part of the /proc that is there: in most containers it does.
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    _no_more_namespaces()  # again: containers make /proc/sys read-only, and this one is new
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY, 0, 0, 0)  # mount_setattr(2)
    _step(
        "mount_setattr",
        _libc().syscall(
            ctypes.c_long(SYS_MOUNT_SETATTR),
            ctypes.c_long(AT_FDCWD),
            b"/",
            ctypes.c_long(AT_RECURSIVE),
            attributes,
            ctypes.c_long(len(attributes)),
        ),
    )
    _mount("none", scratch, "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_MEGABYTES}m,nr_inodes=10000,mode=0700")
    for folder in hidden:
        _mount("none", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,nr_inodes=2,mode=0000")
    if os.path.isdir("/dev/shm"):  # semaphores of multiprocessing (shm_overview(7))
        _mount("none", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, f"size={SHARED_MEGABYTES}m,nr_inodes=1000,mode=0700")


def _tried(level: Level, scratch: str) -> str:
    """Return what went wrong when a process of ours entered `level`; "" if nothing did."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            enter(level, scratch)
            os.write(writing, b"entered")
        except OSError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as told:
        said = told.read().decode()
    os.waitpid(pid, 0)
    return "" if said == "entered" else said or "the process ended"


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    done = _libc().mount(source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _step(f"mounting {kind or 'anew'} at {target}", done)


def _step(name: str, result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{name} is not allowed here ({os.strerror(number)})")


def _libc() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError("only Linux has namespaces")
    return ctypes.CDLL(None, use_errno=True)
