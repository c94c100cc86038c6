"""`python -m course verify PATH…`: check kept answers again, strictly. `make check` calls it.

A path is a file `<exercise>.py`, or a folder in which all such files are found, in subfolders too. A folder that holds
nothing but folders is a class, one folder for each learner: that gives a table of learners and exercises, which also
goes to a CSV file; interrupted, the next run goes on where it was. Names that begin with a dot are passed over (the
history of answers).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course.classroom.box import Level
from course.classroom.command import Options, Stopped, show, verify_class, verify_files
from course.classroom.folders import VerifyError, answer_files, learners
from course.classroom.journal import JournalError
from course.classroom.judge import verify
from course.classroom.pool import PoolError
from course.classroom.rows import Row, as_json, as_table, show_anything

__all__ = ["Row", "VerifyError", "answer_files", "main", "verify"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m course verify",
        description="Check kept answers again. A folder of learners' folders is a class: it gives tables, and a run "
        "that was interrupted goes on where it was.",
        epilog="Exit code: 0 if all passed, 1 if any did not, 2 if there is nothing to verify, 130 or 143 if stopped. "
        "What an answer can do to this machine: docs/verifying_a_class.md.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file <exercise>.py, a folder, a class")
    parser.add_argument("--json", action="store_true", help="print JSON rows instead of a table")
    parser.add_argument("--fresh", action="store_true", help="of a class: forget earlier results, check everything")
    parser.add_argument(
        "--results", type=Path, metavar="FOLDER", help="of a class: where results go (the class folder)"
    )
    parser.add_argument(
        "--box", choices=[level.name.lower() for level in Level], default="closed", help="at most so far"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Return 0 if all passed, 1 if any did not, 2 with the reason on stderr if it cannot be run."""
    show_anything()
    options = _parser().parse_args(argv)
    chosen = Options(Level[options.box.upper()], options.fresh, options.results)
    try:
        if len(options.paths) == 1 and learners(options.paths[0]):
            return _class(options.paths[0], chosen, options.json)
        files = [file for path in options.paths for file in answer_files(path)]
        rows = verify_files(list(dict.fromkeys(files)), frozenset(options.paths), chosen)
    except (VerifyError, JournalError, PoolError) as error:
        print(error, file=sys.stderr)
        return 2
    print(as_json(rows) if options.json else "\n".join(as_table(rows)))
    return _code(rows)


def _class(folder: Path, chosen: Options, json: bool) -> int:
    try:
        report, rows = verify_class(folder, chosen)
    except Stopped as stopped:
        print(f"Stopped: {stopped.done} of {stopped.total} answers are checked. The same command goes on from here.")
        return stopped.code
    if json:
        print(as_json(rows))
    else:
        show(report, rows, chosen.results or folder)
    return _code(rows)


def _code(rows: Sequence[Row]) -> int:
    return 0 if all(row.verdict == "passed" for row in rows) else 1


if __name__ == "__main__":  # needs nothing but Python: `python -m course` needs the course's packages
    sys.exit(main())
