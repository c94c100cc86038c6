"""Kept answers: `answers/<exercise>.py` at the project's root, and earlier versions in `answers/.history/`.

A kept file is the answer's text under a header of comments, which changes nothing of how it runs. The header
holds the last verdict with a digest of the text, so that a file edited by hand does not pass for a checked one.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from course.checker.told.verdict import Outcome

# Enough to find last week's attempt; the newest that passed stays beyond it.
KEPT_VERSIONS = 50
_HEADER = re.compile(r"\A# .*\n# Last checked: (passed|not yet) \(text ([0-9a-f]{12})\)\n\n", re.ASCII)
_VERSION = re.compile(r"(\d{4,})-(passed|not-yet|unchecked)-([0-9a-f]{12})\.py")


@dataclass(frozen=True)
class Kept:
    """A kept answer: its text without the header, and its verdict ("" when it was edited since it was checked)."""

    text: str
    outcome: str


def folder() -> Path:
    """Return where answers are kept: COURSE_ANSWERS, else `answers` at the project's root."""
    chosen = os.environ.get("COURSE_ANSWERS")
    if chosen:
        return Path(chosen)
    package = Path(__file__).resolve().parent.parent.parent
    try:
        here = Path.cwd().resolve()
    except FileNotFoundError:  # the folder that one worked in was deleted meanwhile
        here = package
    for place in (here, *here.parents, package):
        if (place / "course" / "exercises").is_dir() and (place / "pyproject.toml").is_file():
            return place / "answers"
    return here / "answers"  # the course is installed apart from any checkout


def keeping() -> bool:
    """Tell whether answers are kept: COURSE_KEEP=0 says no, for the solved editions that CI runs."""
    return os.environ.get("COURSE_KEEP", "1") != "0"


def digest(text: str) -> str:
    """Return the short digest that a header and a version's name carry."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def read(exercise: str) -> Kept | None:
    """Return the kept answer of `exercise`, or None."""
    return _read(folder() / f"{exercise}.py")


def _read(path: Path) -> Kept | None:
    try:
        content = path.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return None
    header = _HEADER.match(content)
    if header is None:
        return Kept(content, "")
    text = content[header.end() :]
    return Kept(text, header[1] if header[2] == digest(text) else "")


def has_passed(exercise: str) -> bool:
    """Tell whether the kept answer or any earlier version of it passed."""
    kept = read(exercise)
    if kept and kept.outcome == "passed":
        return True
    return any(match[2] == "passed" for match, _ in _versions(folder() / ".history" / exercise))


def keep(exercise: str, text: str, outcome: Outcome) -> None:
    """Write the answer; what the file held before goes to the history. An untouched stub is never written.

    Raises:
        OSError: the file could not be written; what was kept before is still there.
    """
    if outcome in ("not started", "not checked") or not keeping():
        return
    path = folder() / f"{exercise}.py"
    before = _read(path)
    if before == Kept(text, outcome):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if before and before.text != text:
        _remember(path.parent / ".history" / exercise, before)
    header = (
        f'# An answer to the exercise "{exercise}", kept by check(). To check it again: make check\n'
        f"# Last checked: {outcome} (text {digest(text)})\n\n"
    )
    _write(path, header + text)


def _remember(history: Path, kept: Kept) -> None:
    history.mkdir(parents=True, exist_ok=True)
    versions = _versions(history)
    mark = kept.outcome.replace(" ", "-") or "unchecked"
    number = int(versions[-1][0][1]) + 1 if versions else 1
    _write(history / f"{number:04}-{mark}-{digest(kept.text)}.py", kept.text)
    for match, path in versions:  # the same text twice is one version: the newer place is the right one
        if match[3] == digest(kept.text) and match[2] in (mark, "unchecked"):
            path.unlink(missing_ok=True)
    _prune(history)


def _versions(history: Path) -> list[tuple[re.Match[str], Path]]:
    """Return the versions in `history`, oldest first."""
    try:
        found = [(_VERSION.fullmatch(path.name), path) for path in history.iterdir()]
    except OSError:
        return []
    named = [(match, path) for match, path in found if match]
    return sorted(named, key=lambda version: int(version[0][1]))


def _prune(history: Path) -> None:
    versions = _versions(history)
    passed = [path for match, path in versions if match[2] == "passed"]
    for _, path in versions[:-KEPT_VERSIONS]:
        if path not in passed[-1:]:
            path.unlink(missing_ok=True)


def _write(path: Path, content: str) -> None:
    """Write under another name first and then rename: a full disk or a kill leaves the old file."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_text(content, "utf-8", errors="surrogateescape", newline="\n")
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
