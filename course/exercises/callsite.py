"""The call of check() as the learner wrote it: the text of its arguments, and whether its result is shown."""

from __future__ import annotations

import ast
import itertools
import linecache
from dataclasses import dataclass
from types import FrameType

from course.exercises.cells import unify


@dataclass(frozen=True)
class CallSite:
    """Where check() was called.

    `arguments` are the sources of the positional arguments (empty when they cannot be told), `line` is the
    first line of the call in its cell, `dropped` says that the call is a statement and more follows: the cell
    shows what its last statement returns, and nothing else.
    """

    arguments: tuple[str, ...] = ()
    line: int = 0
    dropped: bool = False


def call_site(frame: FrameType) -> CallSite:
    """Return the call that `frame` is executing. Without its source text: an empty CallSite."""
    source = unify("".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals)))
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree = compile(source, "<cell>", "exec", flags)
    except (SyntaxError, ValueError):
        return CallSite()
    assert isinstance(tree, ast.Module)
    call = _call_at(tree, _position(frame))
    if call is None:
        return CallSite()
    arguments: tuple[str, ...] = ()
    if not call.keywords and not any(isinstance(part, ast.Starred) for part in call.args):
        arguments = tuple(ast.get_source_segment(source, part) or "" for part in call.args)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and node.value is call]
    return CallSite(arguments, call.lineno, bool(statements) and statements[0] is not tree.body[-1])


def _position(frame: FrameType) -> tuple[int | None, ...]:
    positions = itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None)
    return next(positions, (None, None, None, None))


def _call_at(tree: ast.Module, position: tuple[int | None, ...]) -> ast.Call | None:
    _, end_line, _, end_column = position  # the start of `a.b.check(…)` over several lines is the attribute's
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (node.end_lineno, node.end_col_offset) == (end_line, end_column):
            return node
    return None
