"""`python -m course verify PATH… [--json]`: check kept answers again, strictly.

A path is a file `<exercise>.py`, or a folder in which all such files are found, in subfolders too: a folder of
learners' folders verifies a class. Names that begin with a dot are passed over (the history of answers).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from course.checker import Verdict
from course.exercises.checking import check_file
from course.exercises.registry import UnknownExercise, find


class VerifyError(Exception):
    """There is nothing to verify at a path. The text names the path and what was expected there."""


@dataclass(frozen=True)
class Row:
    """The result for one file. `seconds` is how long its check took; `message` is for people."""

    exercise: str
    path: str
    verdict: str
    case: str
    diagnosis: str
    seconds: float
    message: str = ""


def answer_files(path: Path) -> list[Path]:
    """Return the files at `path`, sorted.

    Raises:
        VerifyError: there is no such path, it is neither file nor folder, or a folder without answers.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise VerifyError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        raise VerifyError(f"{path}: neither a file nor a folder")
    found = sorted(_python_files(path))
    if not found:
        raise VerifyError(f"{path}: there is no answer in this folder; one is a file such as shout.py")
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
        yield from (Path(parent, name) for name in files if name.endswith(".py") and name[0] != ".")


def verify(path: Path) -> Row:
    """Return the result for one file. Never raises for what the file holds or how it is called."""
    began = time.perf_counter()
    try:
        verdict = check_file(find(path.stem), path)
    except UnknownExercise as error:
        text = f"{path.name} is named after no exercise. {error}"
        return Row(path.stem, str(path), "unknown", "", "unknown-exercise", 0.0, text)
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror or error}."
        return Row(path.stem, str(path), "unknown", "", "unreadable", 0.0, text)
    return _row(path, verdict, time.perf_counter() - began)


def _row(path: Path, verdict: Verdict, seconds: float) -> Row:
    diagnosis = verdict.diagnosis
    return Row(
        verdict.exercise,
        str(path),
        verdict.outcome,
        verdict.case,
        diagnosis.name if diagnosis else "",
        round(seconds, 3),
        diagnosis.text if diagnosis else "",
    )


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as one JSON array, a row a line."""
    plain = [{key: value for key, value in asdict(row).items() if key != "message"} for row in rows]
    return "[" + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in plain) + "]"


def as_table(rows: Sequence[Row]) -> Iterator[str]:
    """Return the lines that people read: a line for each file, under it why it did not pass."""
    width = max(len(row.path) for row in rows)
    for row in rows:
        yield f"{row.path:{width}}  {row.verdict:11}  {row.seconds:5.2f} s".rstrip()
        if row.case:
            yield from _indented(f"Case: {row.case}")
        if row.message:
            yield from _indented(f"{row.diagnosis}: {row.message}")
    passed = sum(row.verdict == "passed" for row in rows)
    yield f"{passed} of {len(rows)} passed"


def _indented(text: str) -> Iterable[str]:
    return textwrap.wrap(text, 110, initial_indent="    ", subsequent_indent="      ", break_long_words=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Return 0 if all passed, 1 if any did not, 2 with the reason on stderr if a path is wrong."""
    parser = argparse.ArgumentParser(prog="python -m course verify", description="Check kept answers again.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file <exercise>.py or a folder of such")
    parser.add_argument("--json", action="store_true", help="print JSON rows instead of a table")
    options = parser.parse_args(argv)
    try:
        files = [file for path in options.paths for file in answer_files(path)]
    except VerifyError as error:
        print(error, file=sys.stderr)
        return 2
    rows = [verify(file) for file in dict.fromkeys(files)]
    if options.json:
        print(as_json(rows))
    else:
        print("\n".join(as_table(rows)))
    return 0 if all(row.verdict == "passed" for row in rows) else 1
