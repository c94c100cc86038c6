"""Values that source text can hold: which have a faithful literal, and what an expression of constants gives."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

# A longer literal is no constant that someone wrote: the statement that made it is the better text.
LONGEST_LITERAL = 20_000
_PLAIN = (int, str, bytes, bool, type(None), type(Ellipsis))
_CONSTANT_NODES = (
    ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Load,
    ast.UnaryOp, ast.UAdd, ast.USub, ast.Not, ast.Invert,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
    ast.LShift, ast.RShift, ast.BitOr, ast.BitAnd, ast.BitXor,
)  # fmt: skip


Namer = Callable[[object], str | None]


def _nameless(value: object) -> str | None:
    return None


def literal(value: object, name_of: Namer = _nameless) -> str | None:
    """Return source text that evaluates to a value equal to `value` and of its type, or None if there is none.

    The text is the same in every process: elements of sets are sorted by their text. `name_of` gives the names
    of parts that have no literal: functions in a table, say.
    """
    try:
        text = _literal(value, name_of)
    except RecursionError:  # a container that holds itself
        return None
    return text if text is not None and len(text) <= LONGEST_LITERAL else None


def _literal(value: object, name_of: Namer) -> str | None:
    kind = type(value)
    if kind in _PLAIN:
        return repr(value)
    if isinstance(value, float) and kind is float:
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, bytearray) and kind is bytearray:
        return f"bytearray({bytes(value)!r})"
    if isinstance(value, dict) and kind is dict:
        parts = [part for pair in value.items() for part in pair]
    elif isinstance(value, (tuple, list, set, frozenset)) and kind in (tuple, list, set, frozenset):
        parts = list(value)
    else:
        return name_of(value)
    texts = [text for part in parts if (text := _literal(part, name_of)) is not None]
    if len(texts) < len(parts):
        return None
    if kind is dict:
        texts = [f"{key}: {item}" for key, item in zip(texts[::2], texts[1::2], strict=True)]
    return _enclosed(kind, texts)


def _enclosed(kind: type, parts: list[str]) -> str:
    inside = ", ".join(sorted(parts) if kind in (set, frozenset) else parts)
    if kind is list:
        return f"[{inside}]"
    if kind is tuple:
        return f"({inside},)" if len(parts) == 1 else f"({inside})"
    if kind is dict:
        return f"{{{inside}}}"
    filled = f"{{{inside}}}" if parts else ""
    return f"frozenset({filled})" if kind is frozenset else filled or "set()"


def constant_value(expression: ast.expr) -> tuple[object] | None:
    """Return the value of an expression of constants in a 1-tuple, or None if it holds anything else."""
    whole = ast.Expression(expression)
    if not all(isinstance(node, _CONSTANT_NODES) for node in ast.walk(whole)):
        return None
    try:
        # Only constants and operators: nothing can be called. The learner's kernel has evaluated it before.
        return (eval(compile(whole, "<constant>", "eval"), {"__builtins__": {}}),)
    except Exception:  # whatever the learner's own arithmetic raises: then it is no constant
        return None


def same(left: object, right: object) -> bool:
    """Tell whether two values are of one type and have the same literal: 1, 1.0 and True differ."""
    text = literal(left)
    return type(left) is type(right) and text is not None and text == literal(right)
