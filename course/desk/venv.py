"""Make the virtual environment that `make lab` and `make test` run in.

Run as a file by the Makefile, before anything is installed: it imports the standard library alone.
A second run finds its stamp and does nothing. The stamp is written last, so that an installation
which was interrupted is taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"lab": ("requirements.lock",), "test": ("requirements.lock", "requirements-test.lock")}
_NETWORK_WORDS = (
    "Failed to establish a new connection",
    "NewConnectionError",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Connection refused",
    "Read timed out",
    "ConnectTimeoutError",
    "ProxyError",
)
# Of pip's own settings, those that say how its index is reached and by which way. All others are decided here: an
# installation for the user or into another folder, a constraint, or wheels forbidden would be another environment.
_PIP_SETTINGS = (
    "index_url", "pypi_url", "extra_index_url", "no_index", "find_links", "trusted_host", "cert", "client_cert",
    "proxy", "timeout", "default_timeout", "retries", "resume_retries", "cache_dir", "no_cache_dir", "no_input",
    "keyring_provider", "use_feature", "use_deprecated",
)  # fmt: skip
# Prints what pip's files and the environment say; newer ones give it file by file.
_ASK_PIP = """
import json
from pip._internal.configuration import Configuration
settings = Configuration(isolated=False)
settings.load()
found = {}
for key, value in settings.items():
    found.update(value if isinstance(value, dict) else {key: value})
print(json.dumps(found))
"""


class SetupError(Exception):
    """The environment could not be made. The text says what was seen and what to do."""


def fingerprint(root: Path, purpose: str) -> str:
    """Return a digest of everything that the installation for `purpose` is made from."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", *LOCKS[purpose]):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest() + " " + str(root)


def read_stamp(venv: Path) -> dict[str, str]:
    """Return what is installed in `venv`: purpose to fingerprint. Empty if there is no usable stamp."""
    try:
        stamp = json.loads((venv / "course-stamp.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def works(python: Path) -> bool:
    """Tell whether `python` starts, is new enough and has pip: a system upgrade can break a `.venv`."""
    if not python.exists():
        return False
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-I", "-c", probe], capture_output=True).returncode == 0
    except OSError:  # copied by way of a stick or an archive that keeps no permissions
        return False


def make_venv(venv: Path) -> None:
    """Create `venv` anew with this Python.

    Raises:
        SetupError: no venv or ensurepip module, a folder that cannot be written, or any other failure.
    """
    check_writable(venv.parent)
    try:
        import ensurepip  # noqa: F401  # Debian ships venv without it, and venv then fails half-way
        import venv as _  # noqa: F401
    except ImportError as error:
        version = "{}.{}".format(*sys.version_info)
        raise SetupError(
            f"This Python cannot make a virtual environment: {error}.\n"
            f"  Python: {sys.executable}\n"
            f"  On Debian or Ubuntu: sudo apt install python{version}-venv\n"
            f"  Elsewhere: install Python from its own installer, or name another one: make lab PYTHON=…"
        ) from None
    print(f"Making {venv.name} with Python {sys.version.split()[0]}", flush=True)
    made = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", venv],
        env=_environment(), capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    if made.returncode:
        raise SetupError(f"`python -m venv {venv}` failed:\n{_indent(made.stdout + made.stderr)}")


def check_writable(folder: Path) -> None:
    """Raise SetupError if no file can be made in `folder`."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(
            f"Cannot write in {folder}: {error.strerror}.\n"
            f"  Clone the course into a folder of your own, with room on its disk, and run make there."
        ) from None


def install(venv: Path, purpose: str, installed: dict[str, str]) -> None:
    """Install the locks of `purpose`, unless they are there, and let the environment find the course itself."""
    python = venv / "bin" / "python"
    lab_is_there = installed.get("lab") == fingerprint(ROOT, "lab")
    all_is_there = installed.get(purpose) == fingerprint(ROOT, purpose)
    wanted = [name for name in LOCKS[purpose] if not (all_is_there or (lab_is_there and name in LOCKS["lab"]))]
    if wanted:
        packages = sum((ROOT / name).read_text().count("==") for name in wanted)
        print(f"Installing {packages} packages from {' and '.join(wanted)} (about half a minute)", flush=True)
        files = [option for name in wanted for option in ("-r", name)]
        # --no-deps: the locks are complete, and pip need not resolve again what is pinned.
        _run_pip(python, "--require-hashes", "--no-deps", *files)
    point_to_course(venv)
    point_scripts(venv)


def point_to_course(venv: Path) -> None:
    """Let `import netlib` and `import course` find this folder, from wherever the environment's Python is started.

    A path file (https://docs.python.org/3/library/site.html) instead of pip's editable installation: that one keeps
    the folder's path of the day, so a moved folder has no course and a copied one has the original's. It also fails
    where the path holds a `$`, which setuptools takes for a variable of its own.
    """
    for packages in venv.glob("lib/python*/site-packages"):
        for left in packages.glob("__editable__*sockets_cell_by_cell*"):
            left.unlink()  # earlier versions of the course were installed so
        inside = venv.parent.resolve() == ROOT
        line = os.path.relpath(venv.parent, packages) if inside else ROOT
        (packages / "course.pth").write_bytes(os.fsencode(line) + b"\n")


def point_scripts(venv: Path) -> None:
    """Let every Python script in `venv` start this environment's Python, whatever the path of the folder holds.

    The first line that pip writes keeps the path of the day, breaks at a quotation mark or `$`, and, in a copied
    folder, starts the original's Python. The form is distlib's own for long paths: for the shell it is a command,
    for Python a string.
    """
    python = shlex.quote(str(venv / "bin" / "python"))
    head = os.fsencode(f"#!/bin/sh\n'''exec' {python} \"$0\" \"$@\"\n' '''\n")
    for script in (venv / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        text = script.read_bytes()
        found = re.match(rb"#!/bin/sh\n'''exec' .*\n' '''\n|#!.*python[\d.]*\n", text)
        if found and found[0] != head:
            fresh = script.with_name(script.name + ".new")
            fresh.write_bytes(head + text[found.end() :])
            fresh.chmod(script.stat().st_mode)
            os.replace(fresh, script)


def move_in(venv: Path) -> None:
    """Set right what a moved or copied `venv` still holds of its old path, without a network: the shell's scripts."""
    print(f"The folder was moved or copied: setting {venv.name} right", flush=True)
    command: list[str | Path] = [venv / "bin" / "python", "-I", "-m", "venv", "--without-pip", venv]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise SetupError(f"`python -m venv {venv}` failed:\n{_indent(done.stdout + done.stderr)}")


def _environment() -> dict[str, str]:
    """Return the variables for what a Python under -I starts in turn: without those that make another Python of it."""
    foreign = re.compile("PYTHON|PIP_|__PYVENV_LAUNCHER__$")
    return {name: value for name, value in os.environ.items() if not foreign.match(name)}


def pip_settings(python: Path) -> dict[str, str]:
    """Return, as variables for pip, what the user's files and environment say about reaching an index.

    A file's [install] wins over its [global], and the environment over both
    (https://pip.pypa.io/en/stable/topics/configuration/). `pip config list` would be deaf itself: to the files where
    one of them says `user = true`, and silent where one says `quiet`.
    """
    asked = subprocess.run([python, "-I", "-c", _ASK_PIP], capture_output=True, text=True, errors="replace")
    if asked.returncode:  # a file that pip cannot read: it says so itself
        return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    told, heard = json.loads(asked.stdout), {"PIP_CONFIG_FILE": os.devnull}
    for section in ("global", "install", ":env:"):
        for key in _PIP_SETTINGS:
            full = f"{section}.{key.replace('_', '-')}"
            if full in told:
                heard[f"PIP_{key.upper()}"] = told[full]
    return heard


def _run_pip(python: Path, *options: str) -> None:
    """Let the pip of `python` install what `options` say."""
    settings = pip_settings(python)
    if settings.get("PIP_RETRIES") == "0":
        settings["PIP_RETRIES"] = "1"  # only when it tries again does pip say that an index did not answer
    done = subprocess.run(
        [python, "-I", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *options],
        cwd=ROOT, env=_environment() | settings, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode == 0:
        return
    text = done.stdout + done.stderr
    reason = "pip could not install the packages."
    if "No space left on device" in text:
        reason = "The disk is full: the course needs about 400 MB."
    elif not _speaks_tls():
        reason = (
            f"pip cannot reach its package index: this Python ({sys.executable}) was built without OpenSSL.\n"
            "  Name another one: make lab PYTHON=/path/to/python3.12"
        )
    elif any(word in text for word in _NETWORK_WORDS):
        reason = (
            "pip could not reach its package index: is this machine online?\n"
            "  The first `make lab` or `make test` needs the network once. Behind a proxy, set HTTPS_PROXY."
        )
    elif missing := re.search(r"No matching distribution found for (\S+)", text):
        reason = (
            f"pip's package index holds no {missing[1]} for Python {platform.python_version()} on this machine "
            f"({sys.platform}, {platform.machine()}).\n"
            "  Look at the index that pip is set to (`pip config list`), or name another Python: make lab PYTHON=…"
        )
    raise SetupError(f"{reason}\n  What pip said:\n{_indent(text)}")


def _speaks_tls() -> bool:
    """Return whether this Python was built with OpenSSL: a home-made one often is not."""
    try:
        import ssl
    except ImportError:
        return False
    return bool(ssl.OPENSSL_VERSION)


def _indent(text: str, lines: int = 6) -> str:
    """Return the lines of `text` that name an error, or else its last ones; at most `lines` of them."""
    said = text.strip().splitlines()
    named = [line for line in said if re.search(r"\berror\b|Error\b", line, re.IGNORECASE)]
    return "\n".join("    " + line[:200] for line in (list(dict.fromkeys(named)) or said)[-lines:])


def prepare(venv: Path, purpose: str) -> None:
    """Bring `venv` to what `purpose` ("lab" or "test") needs. Does nothing when it is there already."""
    wanted = fingerprint(ROOT, purpose)
    usable = works(venv / "bin" / "python")
    installed = read_stamp(venv) if usable else {}
    if installed.get(purpose) == wanted:
        return
    if not usable:
        make_venv(venv)
    check_writable(venv)
    if any(not stamp.endswith(f" {ROOT}") for stamp in installed.values()):
        move_in(venv)
        installed = {name: f"{stamp.split(' ')[0]} {ROOT}" for name, stamp in installed.items()}
    install(venv, purpose, installed)
    stamp = {name: fingerprint(ROOT, name) for name in ("lab", purpose)}
    if purpose == "lab" and "test" in installed:
        stamp["test"] = installed["test"]  # stays as it was; its own fingerprint tells whether it is current
    temporary = venv / "course-stamp.json.new"
    temporary.write_text(json.dumps(stamp))
    os.replace(temporary, venv / "course-stamp.json")


def main() -> int:
    """Command line: `venv.py lab|test --venv FOLDER`. Returns 0, or 2 with the reason on stderr."""
    parser = argparse.ArgumentParser(description="Make the virtual environment of the course.")
    parser.add_argument("purpose", choices=sorted(LOCKS))
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    options = parser.parse_args()
    try:
        prepare(options.venv.absolute(), options.purpose)
    except SetupError as error:
        print(f"\nThe course could not be set up.\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. Run make again: it goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
