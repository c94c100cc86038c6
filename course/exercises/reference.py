"""The reference solution of an exercise as text: what solution() shows and the solved edition pours in."""

from __future__ import annotations

import io
import tokenize

from course.exercises.answers import answers_from_objects
from course.exercises.registry import Exercise


def reference_text(exercise: Exercise) -> str:
    """Return the reference by the names that the exercise asks for, with its imports and helpers."""
    own = ["solution", *(f"solution_{n}" for n in range(2, len(exercise.names) + 1))]
    answers = answers_from_objects(own, exercise.solutions, vars(exercise.module))
    return _renamed(answers[0].text, dict(zip(own, exercise.names, strict=True)))


def _renamed(text: str, names: dict[str, str]) -> str:
    """Return `text` with names exchanged, as whole tokens: never in strings, comments or after a dot."""
    lines = text.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for before, token in reversed(list(zip([None, *tokens], tokens, strict=False))):
        if token.type == tokenize.NAME and token.string in names and (before is None or before.string != "."):
            row, start = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:start] + names[token.string] + line[token.end[1] :]
    return "\n".join(lines)
