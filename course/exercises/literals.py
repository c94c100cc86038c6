"""Values that source text can hold: which have a faithful literal, and what an expression of constants gives."""

from __future__ import annotations

import ast
import math

# A longer literal is no constant that someone wrote: the statement that made it is the better text.
LONGEST_LITERAL = 20_000
_PLAIN = (int, str, bytes, bool, type(None), type(Ellipsis))
_CONSTANT_NODES = (
    ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Load,
    ast.UnaryOp, ast.UAdd, ast.USub, ast.Not, ast.Invert,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
    ast.LShift, ast.RShift, ast.BitOr, ast.BitAnd, ast.BitXor,
)  # fmt: skip


def literal(value: object) -> str | None:
    """Return source text that evaluates to a value equal to `value` and of its type, or None if there is none.

    The text is the same in every process: elements of sets are sorted by their text.
    """
    try:
        text = _literal(value)
    except RecursionError:  # a container that holds itself
        return None
    return text if text is not None and len(text) <= LONGEST_LITERAL else None


def _literal(value: object) -> str | None:
    kind = type(value)
    if kind in _PLAIN:
        return repr(value)
    if isinstance(value, float) and kind is float:
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, bytearray) and kind is bytearray:
        return f"bytearray({bytes(value)!r})"
    if isinstance(value, dict) and kind is dict:
        return _dict(value)
    if isinstance(value, (tuple, list, set, frozenset)) and kind in (tuple, list, set, frozenset):
        return _sequence(value)
    return None


def _dict(value: dict[object, object]) -> str | None:
    pairs = [(_literal(key), _literal(item)) for key, item in value.items()]
    if any(key is None or item is None for key, item in pairs):
        return None
    return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"


def _sequence(
    value: tuple[object, ...] | list[object] | set[object] | frozenset[object],
) -> str | None:
    texts: list[str] = []
    for item in value:
        text = _literal(item)
        if text is None:
            return None
        texts.append(text)
    if isinstance(value, (set, frozenset)):
        inside = "{" + ", ".join(sorted(texts)) + "}" if texts else ""
        return f"frozenset({inside})" if isinstance(value, frozenset) else inside or "set()"
    if isinstance(value, list):
        return "[" + ", ".join(texts) + "]"
    return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"


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
