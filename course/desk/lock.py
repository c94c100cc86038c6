"""Renew the two lock files from `pyproject.toml`: `make lock`.

One resolution serves every Python from 3.11 and every platform (uv calls it universal). What learners need
goes to `requirements.lock`; what the tests need besides goes to `requirements-test.lock`. Both hold names,
versions and hashes, and no address of an index: pip asks whichever index the machine is set up for.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^[A-Za-z0-9][\w.\-]*==", re.MULTILINE)


def resolve(*options: str) -> str:
    """Return the text of a hash-pinned lock for `pyproject.toml`, resolved with `options` of `uv pip compile`."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
               "--no-annotate", "--upgrade",
               "--python-version", "3.11", *options, "pyproject.toml"]  # fmt: skip
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def pins(lock: str) -> list[str]:
    """Split a lock into its pins: one string for each `name==version` line with the hashes below it."""
    starts = [match.start() for match in _PIN.finditer(lock)]
    return [lock[start:end] for start, end in zip(starts, [*starts[1:], len(lock)], strict=True)]


def main() -> None:
    """Write both lock files and say how many packages each pins."""
    everything = resolve("--extra", "test")
    # The learner's set is resolved against the full one, so that no package has two versions.
    full = ROOT / ".venv-lock" / "full.lock"
    full.write_text(everything)
    learner = pins(resolve("--constraint", str(full)))
    tests = [pin for pin in pins(everything) if pin not in learner]
    for name, chosen in (("requirements.lock", learner), ("requirements-test.lock", tests)):
        (ROOT / name).write_text("".join(chosen))
        print(f"{name}: {len(chosen)} packages")


if __name__ == "__main__":
    main()
