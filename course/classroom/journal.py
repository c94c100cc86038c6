"""What is done already, in a file that is only ever appended to: a killed run loses nothing.

A line is a JSON object: `{"begun": key}` before an answer is run, `{"key": …, "verdict": …, …}` after it, and
`{"stopped": [keys]}` when a run ends in good order before them. The key is a digest of what the verdict depends on:
the answer, the exercise with its checker, the Python. So a changed answer is run again, and so is every answer after
the checker has changed. A line cut short by a kill is no JSON, and is passed over.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import course
from course.exercises.registry import exercises

MOST_TRIES = 3  # so often may a run end without a word while an answer is under way, before it counts as the cause


class JournalError(Exception):
    """The journal cannot be used. The text names it, and says what to do."""


class Journal:
    """The results kept at `path`. One run at a time."""

    def __init__(self, path: Path, fresh: bool = False) -> None:
        """Open the journal, and read what it holds; with `fresh` begin anew.

        Raises:
            JournalError: it cannot be written, or another run holds it.
        """
        self.path = path
        self._done: dict[str, dict[str, Any]] = {}
        self._begun: dict[str, int] = {}
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(
                f"{path} cannot be written: {error.strerror}. Results are kept there; --results FOLDER says where else."
            ) from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, however that ends (flock(2))
        except OSError:
            os.close(self._fd)
            raise JournalError(f"{path} is in use: another verification of this class is running.") from None
        if fresh:
            os.ftruncate(self._fd, 0)
        self._read()

    def known(self, key: str) -> dict[str, Any] | None:
        """Return the result kept under `key`."""
        return self._done.get(key)

    def tries(self, key: str) -> int:
        """Return how many runs have ended without a word while this answer was under way."""
        return self._begun.get(key, 0)

    def begins(self, key: str) -> None:
        """Note that an answer is about to be run."""
        self._append({"begun": key})

    def keeps(self, key: str, result: dict[str, Any]) -> None:
        """Note a result."""
        self._append({"key": key} | result)
        self._done[key] = result

    def stops(self, keys: Iterable[str]) -> None:
        """Note that the run ends, on purpose, while these answers are under way: they are not to blame."""
        self._append({"stopped": list(keys)})

    def close(self) -> None:
        """Close the file, and let another run have it."""
        os.close(self._fd)

    def _append(self, record: dict[str, Any]) -> None:
        os.write(self._fd, json.dumps(record).encode() + b"\n")  # one write: whole lines, also of a killed run

    def _read(self) -> None:
        content = self.path.read_bytes()
        for line in content.splitlines():
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                self._note(json.loads(line))
        if content and not content.endswith(b"\n"):
            os.write(self._fd, b"\n")

    def _note(self, record: dict[str, Any]) -> None:
        if "key" in record:
            key = record.pop("key")
            self._done[key] = record
            self._begun.pop(key, None)
        elif "begun" in record:
            self._begun[record["begun"]] = self._begun.get(record["begun"], 0) + 1
        else:
            for key in record["stopped"]:
                self._begun[key] = self._begun.get(key, 1) - 1


def key_of(exercise: str, content: bytes) -> str:
    """Return the digest of all that a verdict depends on."""
    return hashlib.sha256(b"\0".join([exercise.encode(), version(exercise).encode(), content])).hexdigest()[:32]


@cache
def version(exercise: str) -> str:
    """Return the digest of the exercise, of the checker with all that it builds on, and of the Python they run in."""
    found = exercises()[exercise]
    place = Path(course.__file__).parent
    files = [place / "exercises" / f"lesson{found.lesson:02}" / f"{exercise}.py", *_machinery()]
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def _machinery() -> tuple[Path, ...]:
    place = Path(course.__file__).parent
    ours = [place / "checker", place.parent / "netlib", place.parent / "sockscope"]
    found = [file for folder in ours for file in folder.rglob("*.py")]
    return tuple(sorted([*place.glob("exercises/*.py"), *found]))
