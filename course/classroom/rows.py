"""What is said of one kept answer: a row. For machines as JSON, for people as lines."""

from __future__ import annotations

import io
import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

LONGEST = 2_000  # characters of a message: an answer may raise megabytes
CRASHED, OUT_OF_TIME, TOO_GREEDY = "crashed-the-checker", "out-of-time", "took-too-much"
NOT_CHECKED = "not checked"
NO_VERDICT = frozenset({CRASHED, OUT_OF_TIME, TOO_GREEDY})  # the check did not come to its end


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

    @classmethod
    def from_plain(cls, plain: dict[str, Any], path: str) -> Self:
        """Return the row that `asdict` made plain values of, for the file at `path`.

        Raises:
            KeyError, TypeError, ValueError: the values are not those of a row.
        """
        words = {name: str(plain[name])[:LONGEST] for name in ("exercise", "verdict", "case", "diagnosis", "message")}
        return cls(path=path, seconds=float(plain["seconds"]), **words)


def as_json(rows: Sequence[Row]) -> str:
    """Return the rows as one JSON array, a row a line."""
    plain = [{key: value for key, value in asdict(row).items() if key != "message"} for row in rows]
    whole = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"  # elsewhere JSON's own escapes say the same
    return "[" + ",\n ".join(json.dumps(_utf8(row), ensure_ascii=not whole) for row in plain) + "]"


def _utf8(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"path": row["path"].encode("utf-8", "backslashreplace").decode()}


def show_anything() -> None:
    """Let whatever is printed from now on be printed, as an escape where this terminal knows no such character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def as_table(rows: Sequence[Row]) -> Iterator[str]:
    """Return the lines that people read: a line for each file, under it why it did not pass."""
    width = max(len(plain(row.path)) for row in rows)
    for row in rows:
        yield f"{plain(row.path):{width}}  {row.verdict:11}  {row.seconds:5.2f} s".rstrip()
        if row.case:
            yield from _indented(f"Case: {row.case}")
        if row.message:
            yield from _indented(f"{row.diagnosis}: {row.message}")
    yield count(rows)


def count(rows: Sequence[Row]) -> str:
    """Return how many passed, in words."""
    return f"{sum(row.verdict == 'passed' for row in rows)} of {len(rows)} passed"


def plain(text: str) -> str:
    """Return `text` in one line that a terminal can show: names and messages come from learners.

    What is no text and what would steer the terminal (line feeds, escape sequences) is written as an escape.
    """
    # Half of a pair (U+D800) is no character; U+DC80 to U+DCFF stand for bytes of a file's name (PEP 383).
    whole = re.sub("[\ud800-\udc7f\udd00-\udfff]", lambda half: f"\\u{ord(half[0]):x}", text)
    readable = whole.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in readable)


def _indented(text: str) -> Iterable[str]:
    folded = plain(" ".join(text.split()))
    return textwrap.wrap(folded, 110, initial_indent="    ", subsequent_indent="      ", break_long_words=False)
