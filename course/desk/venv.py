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
    "No matching distribution found",
    "Connection refused",
    "Read timed out",
    "ConnectTimeoutError",
    "ProxyError",
)


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
    return subprocess.run([python, "-c", probe], capture_output=True).returncode == 0


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
        [sys.executable, "-m", "venv", "--clear", venv], capture_output=True, text=True, errors="replace"
    )
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
    """Install the locks of `purpose` and then the project itself, editable and offline."""
    pip: list[str | Path] = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    lab_is_there = installed.get("lab") == fingerprint(ROOT, "lab")
    wanted = [name for name in LOCKS[purpose] if not (lab_is_there and name in LOCKS["lab"])]
    packages = sum((ROOT / name).read_text().count("==") for name in wanted)
    print(f"Installing {packages} packages from {' and '.join(wanted)} (about half a minute)", flush=True)
    files = [option for name in wanted for option in ("-r", name)]
    # --no-deps: the locks are complete, and pip need not resolve again what is pinned.
    _run_pip([*pip, "--require-hashes", "--no-deps", *files])
    # --no-index with the backend from the lock: no network, one second.
    _run_pip([*pip, "--no-build-isolation", "--no-deps", "--no-index", "-e", "."])


def _run_pip(command: list[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
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
    raise SetupError(f"{reason}\n  What pip said last:\n{_indent(text)}")


def _speaks_tls() -> bool:
    """Return whether this Python was built with OpenSSL: a home-made one often is not."""
    try:
        import ssl
    except ImportError:
        return False
    return bool(ssl.OPENSSL_VERSION)


def _indent(text: str, lines: int = 6) -> str:
    return "\n".join("    " + line[:200] for line in text.strip().splitlines()[-lines:])


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
