"""Make the virtual environment that `make lab` and `make test` run in.

Run as a file by the Makefile, before anything is installed: it imports the standard library alone.
A second run finds its stamp and does nothing. The stamp is written last, so that an installation
which was interrupted is taken up again.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 14)  # what the locks hold wheels for, and CI tests (a test holds the two together)
LOCKS = {"lab": ("requirements.lock",), "test": ("requirements.lock", "requirements-test.lock")}
# Options of pip that say how packages are reached (`pip install --help`: package index options, general options).
NETWORK_SETTINGS = {
    "index-url", "extra-index-url", "no-index", "find-links", "proxy", "cert", "client-cert", "trusted-host", "retries",
    "timeout", "default-timeout", "cache-dir", "no-cache-dir", "keyring-provider", "use-feature", "use-deprecated",
}  # fmt: skip
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


def works(python: Path, probe: str = "pass") -> bool:
    """Tell whether `python` starts, is new enough and runs `probe`: a system upgrade can break a `.venv`."""
    if not python.exists():
        return False
    test = f"import sys; {probe}; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([python, "-I", "-c", test], capture_output=True).returncode == 0


def belongs_here(installed: dict[str, str]) -> bool:
    """Tell whether an environment was made for this folder: in one that was moved or copied paths lead to the old."""
    return all(made_from.endswith(f" {ROOT}") for made_from in installed.values())


def check_version() -> None:
    """Raise SetupError for a Python that the locks hold no packages for: they would have to be compiled."""
    if sys.version_info[:2] > NEWEST:
        known = "{}.{} to {}.{}".format(*OLDEST, *NEWEST)
        raise SetupError(
            f"The course's packages are there for Python {known}, and this is {sys.version.split()[0]}.\n"
            "  Name one of those: make lab PYTHON=python{}.{}".format(*NEWEST)
        )


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
        capture_output=True,
        text=True,
        errors="replace",
        env=plain_environment(),
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
    pip: list[str | Path] = [venv / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
    lab_is_there = installed.get("lab") == fingerprint(ROOT, "lab")
    wanted = [name for name in LOCKS[purpose] if not (lab_is_there and name in LOCKS["lab"])]
    packages = sum((ROOT / name).read_text().count("==") for name in wanted)
    print(f"Installing {packages} packages from {' and '.join(wanted)} (about half a minute)", flush=True)
    files = [option for name in wanted for option in ("-r", name)]
    settings = plain_environment() | network_settings(venv / "bin" / "python")
    # --no-deps: the locks are complete, and pip need not resolve again what is pinned.
    _run_pip([*pip, "--require-hashes", "--no-deps", *files], settings)
    # --no-index with the backend from the lock: no network, one second.
    _run_pip([*pip, "--no-build-isolation", "--no-deps", "--no-index", "-e", "."], settings)


def plain_environment() -> dict[str, str]:
    """Return the environment without what steers pip and Python: `PIP_USER` or `PYTHONPATH` set for other work."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}


def network_settings(python: Path) -> dict[str, str]:
    """Return the user's own settings of pip that say how packages are reached, and no others, as its environment.

    All are read by pip itself, from its files and its environment: an index, a proxy, certificates. Where packages go
    (`user`, `target`, `prefix`), or that some are refused (`constraint`), is not the user's affair in this environment.
    """
    command = [str(python), "-I", "-m", "pip", "-vv", "config", "list"]  # -vv: also where the user's settings say quiet
    # `user = true` would be taken for the option of `config list` that lists the user's own file alone.
    every_file = os.environ | dict.fromkeys(("PIP_USER", "PIP_GLOBAL", "PIP_SITE"), "0")
    listed = subprocess.run(command, capture_output=True, text=True, errors="replace", env=every_file).stdout
    lines = re.findall(r"^(global|install|:env:)\.([\w-]+)=(['\"].*)$", listed, re.MULTILINE)
    found = {}
    for _, name, value in sorted(lines, key=lambda line: ("global", "install", ":env:").index(line[0])):
        if name in NETWORK_SETTINGS:
            # Several values stand on lines of their own in a file, and between blanks in the environment.
            found["PIP_" + name.upper().replace("-", "_")] = " ".join(str(ast.literal_eval(value)).split())
    return found | {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _run_pip(command: list[str | Path], settings: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", env=settings)
    if done.returncode:
        text = done.stdout + done.stderr
        raise SetupError(f"{_reason(text)}\n  What pip said:\n{_telling(text)}")


def _reason(text: str) -> str:
    """Return in the course's words why pip failed, as far as its own tell."""
    if "No space left on device" in text:
        return "The disk is full: the course needs about 400 MB."
    if not _speaks_tls():
        return (
            f"pip cannot reach its package index: this Python ({sys.executable}) was built without OpenSSL.\n"
            "  Name another one: make lab PYTHON=/path/to/python3.12"
        )
    if any(word in text for word in _NETWORK_WORDS):
        return (
            "pip could not reach its package index: is this machine online?\n"
            "  The first `make lab` or `make test` needs the network once. Behind a proxy, set HTTPS_PROXY."
        )
    if "No matching distribution found" in text:
        return (
            f"The package index that pip is set up for has no such package for Python {sys.version.split()[0]} on\n"
            f"  {sysconfig.get_platform()}. Try another Python: make lab PYTHON=/path/to/python3.12"
        )
    return "pip could not install the packages."


def _speaks_tls() -> bool:
    """Return whether this Python was built with OpenSSL: a home-made one often is not."""
    try:
        import ssl
    except ImportError:
        return False
    return bool(ssl.OPENSSL_VERSION)


def _telling(text: str, most: int = 6) -> str:
    """Return the lines of pip's that name an error, else its last ones."""
    lines = text.strip().splitlines()
    errors = [line for line in lines if re.match(r"\s*(ERROR|error|fatal)\b", line)]
    return _indent("\n".join(errors[:most] or lines[-most:]))


def _indent(text: str) -> str:
    return "\n".join("    " + line[:200] for line in text.strip().splitlines())


def prepare(venv: Path, purpose: str) -> None:
    """Bring `venv` to what `purpose` ("lab" or "test") needs. Does nothing when it is there already."""
    check_version()
    installed, python = read_stamp(venv), venv / "bin" / "python"
    usable = works(python) and belongs_here(installed)
    if usable and installed.get(purpose) == fingerprint(ROOT, purpose):
        return
    if installed and not belongs_here(installed):
        print("This folder was moved or copied, and the paths in its environment lead to where it was.", flush=True)
    if not (usable and works(python, "import pip")):
        make_venv(venv)
        installed = {}
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
