"""`… verify --json | python -m course.classroom.summary`: the rows as a Markdown table, for the page of a workflow."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SIGNS = {"passed": "✓ passed", "not yet": "✗ not yet", "not started": "○ not started", "not checked": "! not checked"}
_MARKUP = re.compile(r"([\\`*_\[\]|~#])")


def table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Return the lines of the table: a row for each answer, what passed last, and how many passed above it."""
    passed = sum(row["verdict"] == "passed" for row in rows)
    yield f"### {passed} of {len(rows)} answers passed"
    yield ""
    yield "| exercise | verdict | case | diagnosis |"
    yield "| --- | --- | --- | --- |"
    for row in sorted(rows, key=lambda row: (row["verdict"] == "passed", row["exercise"])):
        verdict = _SIGNS.get(row["verdict"], row["verdict"])
        yield "| " + " | ".join(map(_plain, (row["exercise"], verdict, row["case"], row["diagnosis"]))) + " |"


def _plain(text: object) -> str:
    """Return text that Markdown shows as it is: the names of files are the learner's."""
    return _MARKUP.sub(r"\\\1", html.escape(" ".join(str(text).split()), quote=False))


def main() -> int:
    """Read rows from stdin, print the table. Return 0; 2, with a line in its place, if there are no rows."""
    try:
        rows = json.load(sys.stdin)
    except ValueError:
        print("There was nothing to verify: keep an answer by checking it in a lesson, and commit `answers/`.")
        return 2
    print("\n".join(table(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
