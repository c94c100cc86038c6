"""Exercise: say why a stream connection to a file name does not come about, or that somebody listens there."""

import contextlib
import errno
import os
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from course.checker import Evidence, Rule, Trial, rule
from course.checker.process.privileges import give_up

TITLE = "Say why nobody answers at a file name"
HINTS = (
    "Let the kernel tell: make an AF_UNIX stream socket and `connect`. Each answer that it can give is an exception of "
    "its own kind. Which one means what stood in the lesson.",
    "A plain file refuses as a stale socket does. So first ask what kind of file it is: "
    "`stat.S_ISSOCK(os.stat(path).st_mode)`. `os.stat` raises FileNotFoundError and PermissionError just as `connect` "
    "does.",
    "A full queue makes a plain `connect` wait. Set a time-out before it: then BlockingIOError comes at once.",
    "One `try` around both steps, `with socket.socket(socket.AF_UNIX) as client:` inside it, and one `except` for each "
    "of the answers; `except OSError` last, because it takes all that is left: refused, or of another type.",
)


def solution(path: str) -> str:
    """Return what stands between a client and the server at `path`, or "listening"."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return "not a socket"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(0.2)
            client.connect(path)
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    except (BlockingIOError, TimeoutError):
        return "listening"  # and so busy that its queue is full
    except OSError:
        return "nobody is listening"
    return "listening"


def check(trial: Trial) -> None:
    """One scene each for all that can stand at a file name."""
    trial.explain(*RULES)
    for scene, expected in SCENES.items():
        # What stands there outlives the case: at its end a function that hangs is asked where, and must still hang.
        with contextlib.ExitStack() as things, trial.case(scene) as case:
            file = {FOLDER: "run", LINKED: LINK}.get(scene, APP)
            case.clock.log(f"{file}: {scene}")
            case.clock.called = f"why_unreachable({file!r})"
            folder = arranged(scene, things)
            before = files(folder)
            # Only where it matters, because it is for good: without it a case can be replayed in the learner's kernel.
            bare = give_up if expected == DENIED and lets_us_in(folder) else None
            answer = case.call(str(folder), file, via=inside, before=bare)
            answer.returns(expected)
            answer.leaves_nothing()
            case.expect(files(folder) == before, "the files are as they were", "files were made, removed or changed")


def lets_us_in(folder: Path) -> bool:
    """Whether a client of this very process can connect: root and its like pass by every permission."""
    with socket.socket(socket.AF_UNIX) as client, working_in(folder):
        return client.connect_ex(APP) == 0


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work in `folder`, where a short name is enough.

    The folder before may be gone by now, so it is held open, not asked for its name as by `contextlib.chdir`; O_PATH,
    where there is one, needs no permission to read it (open(2)).
    """
    before = os.open(".", getattr(os, "O_PATH", os.O_RDONLY))
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def inside(function: Callable[[str], Any], folder: str, file: str) -> Any:
    """Call the function in `folder`: a short name there is the same on each run, and never too long for a socket."""
    with contextlib.chdir(folder):
        return function(file)


def arranged(scene: str, things: contextlib.ExitStack) -> Path:
    """Return a new folder in which stands what `scene` says; it is gone when `things` ends."""
    folder = Path(things.enter_context(tempfile.TemporaryDirectory(dir=short_folder())))
    app = folder / APP
    app.parent.mkdir()
    things.callback(app.parent.chmod, 0o700)
    if scene == PLAIN:
        app.write_text("no socket\n")
    elif scene == DANGLING:
        app.symlink_to("gone.sock")
    elif scene not in (MISSING, FOLDER):
        with working_in(folder):
            # The whole path where it fits: an answer may look for it among those that the kernel knows.
            serve(scene, app if fits(app) else Path(APP), things)
    return folder


def fits(path: str | Path) -> bool:
    """Whether a socket's address has room for the path."""
    return len(os.fsencode(path)) <= LONGEST


def short_folder() -> str:
    """Return where to make a folder for sockets: where temporary ones are, if that leaves room for their names.

    TMPDIR may name a folder deep in somebody's home. In a class's box nothing else may be written to.
    """
    usual = tempfile.gettempdir()
    return usual if fits(f"{usual}/tmp-random/{APP}") or not os.access(SHORT, os.W_OK) else SHORT


def serve(scene: str, app: Path, things: contextlib.ExitStack) -> None:
    """Put a server at `app`, a name that is short enough for a socket, and do to it what `scene` says."""
    kind = socket.SOCK_DGRAM if scene == DATAGRAMS else socket.SOCK_STREAM
    server = things.enter_context(socket.socket(socket.AF_UNIX, kind))
    server.bind(str(app))
    if scene != DATAGRAMS:
        server.listen(0 if scene == FULL else 16)
    if scene == STALE:
        server.close()
    elif scene == LINKED:
        app.with_name(Path(LINK).name).symlink_to(app.name)
    elif scene == READ_ONLY:
        app.chmod(0o444)
    elif scene == CLOSED_FOLDER:
        app.parent.chmod(0)
    elif scene == FULL:
        refused = 0
        while not refused:  # backlog 0 holds one connection
            client = things.enter_context(socket.socket(socket.AF_UNIX))
            client.setblocking(False)
            refused = client.connect_ex(str(app))


def files(folder: Path) -> list[tuple[str, int, int]]:
    """Return what is in the folder: names, modes, inodes. Of a closed one inside it, only that it is there."""
    found = [path for root, _, names in os.walk(folder) for path in (Path(root), *(Path(root) / n for n in names))]
    return sorted((str(path), path.lstat().st_mode, path.lstat().st_ino) for path in found)


APP, LINK = "run/app.sock", "run/link.sock"
SHORT = "/tmp"  # on every POSIX system
LONGEST = 103  # bytes of a path in an address: 107 on Linux (unix(7)), 103 on macOS and the BSDs
NO_FILE, NOT_SOCKET, NOBODY = "no such file", "not a socket", "nobody is listening"
DENIED, LISTENING = "permission denied", "listening"
LISTENS, MISSING, STALE = "a server listens", "there is no file", "the server has ended, and its file is still there"
PLAIN, FOLDER, DATAGRAMS = "a plain file", "a folder", "a socket of datagrams"
LINKED, DANGLING = "a link to a server that listens", "a link to a file that is gone"
CLOSED_FOLDER = "a server listens, in a folder that is closed to you"
READ_ONLY = "a server listens, and you may not write to its file"
FULL = "a server listens, and its queue is full"
SCENES = {
    LISTENS: LISTENING,
    MISSING: NO_FILE,
    STALE: NOBODY,
    PLAIN: NOT_SOCKET,
    FOLDER: NOT_SOCKET,
    DATAGRAMS: NOBODY,
    LINKED: LISTENING,
    DANGLING: NO_FILE,
    CLOSED_FOLDER: DENIED,
    READ_ONLY: DENIED,
    # Elsewhere a full queue refuses, and nobody can tell it from no listener.
    **({FULL: LISTENING} if sys.platform.startswith("linux") else {}),
}


# ---------------------------------------------------------------------- diagnoses
def at(seen: Evidence, *scenes: str) -> bool:
    """Whether the case was one of these scenes."""
    return bool(seen.wire) and seen.wire[0].partition(": ")[2] in scenes


def said(seen: Evidence, *words: str) -> bool:
    """Whether the function returned one of these, which was not the right one."""
    return seen.kind == "wrong value" and seen.value in words


@rule
def internet_socket(seen: Evidence) -> bool:
    """`connect` wants a tuple: yours is a socket of the internet ({line}). A file name is an address of another family.
    Make the socket with `socket.socket(socket.AF_UNIX)`."""
    return seen.raised("TypeError") and "must be tuple" in seen.error["message"]


@rule
def path_as_host_and_port(seen: Evidence) -> bool:
    """The file name was taken apart into a host and a port ({line}). `create_connection` does so too: it is for the
    internet alone. For a file name, make the socket yourself, `socket.socket(socket.AF_UNIX)`, and `connect` it."""
    return seen.raised("ValueError") and "unpack" in seen.error["message"]


@rule
def datagram_client(seen: Evidence) -> bool:
    """Your own socket is of type datagram: it cannot connect to a server of streams. Make it `SOCK_STREAM`, which is
    also the default."""
    return any(sock["datagram"] for sock in seen.sockets)


@rule
def binds(seen: Evidence) -> bool:
    """You called `bind`. That is what a server does: it makes a file, or fails if there is one. A client calls
    `connect`, and leaves no trace."""
    return seen.count("bind", error=None) > 0


@rule
def opens_the_file(seen: Evidence) -> bool:
    """You opened the file ({line}: {message}). A socket's file cannot be opened; it stands only for an address. Ask
    `os.stat` what kind of file it is, and `connect` whether somebody listens."""
    return seen.error.get("errno") in (errno.ENXIO, errno.EISDIR)


@rule
def changes_the_files(seen: Evidence) -> bool:
    """Your function made, removed or changed files. It is to say what is there, and no more: another program may be
    about to use that socket."""
    return seen.kind == "broken"


@rule
def socket_left_open(seen: Evidence) -> bool:
    """Your function returned and left its socket open. Close it on every path, also when `connect` raises: `with` does
    that."""
    return seen.kind == "left" and seen.left[0].endswith("socket")


@rule
def waits_in_a_full_queue(seen: Evidence) -> bool:
    """Your function waits in `{call}` ({line}): the server's queue is full, and a `connect` without a time-out waits
    there for a place. Set a time-out before you connect."""
    return at(seen, FULL) and seen.waits_in("connect", "connect_ex")


@rule
def full_queue_raised(seen: Evidence) -> bool:
    """`connect` raised {error} ({line}): the server's queue is full. Somebody listens there, even if busy: return
    "listening"."""
    return at(seen, FULL) and seen.raised("BlockingIOError", "TimeoutError")


@rule
def full_queue_as_another(seen: Evidence) -> bool:
    """The server's queue is full, which proves that somebody listens. `connect` says so with an error of its own,
    BlockingIOError (EAGAIN): catch it before the other errors."""
    return at(seen, FULL) and seen.kind == "wrong value"


@rule
def error_not_caught(seen: Evidence) -> bool:
    """Your function raised {error} ({line}, in `{at}`). That error *is* the answer: catch it and say in words what it
    means."""
    return seen.raised("FileNotFoundError", "PermissionError", "ConnectionRefusedError")


@rule
def another_type_not_caught(seen: Evidence) -> bool:
    """`connect` raised {error}: {message} ({line}). The socket there is of another type, so nobody listens for streams.
    This error has no class of its own: it is a plain OSError."""
    return at(seen, DATAGRAMS) and seen.raised("OSError")


@rule
def existence_is_enough(seen: Evidence) -> bool:
    """A file is there, and that was taken for a server. The file stays when its server has ended: only `connect` shows
    whether somebody listens."""
    return said(seen, LISTENING) and not seen.count("connect", "connect_ex", error=None)


@rule
def result_not_read(seen: Evidence) -> bool:
    """`connect_ex` failed, and your function did not take notice. It raises nothing: it *returns* the number of the
    error, and 0 when the connection is made."""
    return seen.count("connect_ex", error=None) > 0 and said(seen, LISTENING)


@rule
def file_refused(seen: Evidence) -> bool:
    """`connect` to a plain file or a folder is refused just as to a socket that nobody listens at. The error alone
    cannot tell them apart: ask `os.stat` what kind of file it is."""
    return at(seen, PLAIN) and said(seen, NOBODY)


@rule
def folder_forgotten(seen: Evidence) -> bool:
    """A folder is no socket either. Do not ask whether it is a plain file: ask whether it is a socket,
    `stat.S_ISSOCK(…)`."""
    return at(seen, FOLDER) and said(seen, NOBODY)


@rule
def link_not_followed(seen: Evidence) -> bool:
    """This is a link, and you looked at the link itself. Follow it, as `connect` does: `os.stat`, not `os.lstat`."""
    return at(seen, LINKED, DANGLING) and seen.kind == "wrong value"


@rule
def closed_taken_for_missing(seen: Evidence) -> bool:
    """You were not let into the folder, and took that for a file that is not there, or is none. `os.path.exists`
    and its like answer False for both. `os.stat` and `connect` tell them apart: PermissionError."""
    return at(seen, CLOSED_FOLDER) and said(seen, NO_FILE, NOT_SOCKET)


@rule
def denied_taken_for_nobody(seen: Evidence) -> bool:
    """You were not allowed to connect, and took that for a server that is not there. PermissionError is an OSError too:
    catch it before you catch OSError."""
    return at(seen, CLOSED_FOLDER, READ_ONLY) and said(seen, NOBODY, NO_FILE)


@rule
def stale_taken_for_missing(seen: Evidence) -> bool:
    """The file is there, and its server is not: "nobody is listening". ConnectionRefusedError means just that; a
    missing file is FileNotFoundError."""
    return at(seen, STALE) and said(seen, NO_FILE)


@rule
def every_error_alike(seen: Evidence) -> bool:
    """There is no such file, and your function gave the answer for another case. Each error of `connect` is an OSError:
    look at which one it is."""
    return at(seen, MISSING) and said(seen, NOBODY, NOT_SOCKET, DENIED)


@rule
def another_type_is_a_socket(seen: Evidence) -> bool:
    """It is a socket, of another type. Nobody listens there for streams: "nobody is listening"."""
    return at(seen, DATAGRAMS) and said(seen, NOT_SOCKET, NO_FILE, DENIED)


@rule
def listener_not_found(seen: Evidence) -> bool:
    """A server listens here, and your function did not find it. Try to connect: when `connect` returns, somebody
    listens."""
    return at(seen, LISTENS) and said(seen, NOBODY, NO_FILE, NOT_SOCKET, DENIED)


@rule
def the_kernels_words(seen: Evidence) -> bool:
    """You returned the error's own words. The five answers have fixed words of their own, so that a program can compare
    them: see the statement."""
    return isinstance(seen.value, str) and seen.value.startswith(("[Errno", *map(os.strerror, ERRORS)))


@rule
def other_words(seen: Evidence) -> bool:
    """The answer is none of the five. Compare the two lines above, letter by letter."""
    return seen.kind == "wrong value" and seen.value is not None and seen.value not in WORDS


WORDS = (NO_FILE, NOT_SOCKET, NOBODY, DENIED, LISTENING)
ERRORS = (errno.ENOENT, errno.ECONNREFUSED, errno.EACCES, errno.EPROTOTYPE)
RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
