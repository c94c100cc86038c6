"""Where a function or class at hand was defined: found by its code, so that a redefinition never misleads."""

from __future__ import annotations

import ast
import textwrap
from types import CodeType, FunctionType

from course.exercises.cells import History, Statement, first_line, unify

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_definition_of(node: ast.stmt, code: CodeType) -> bool:
    """Tell whether the statement itself is what `code` was compiled from (not something inside it)."""
    if isinstance(node, _FUNCTION):
        return node.name == code.co_name and "<locals>" not in code.co_qualname
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and code.co_name == "<lambda>":
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        named = all(isinstance(target, ast.Name) for target in targets)
        return named and isinstance(node.value, ast.Lambda)
    return False


def class_statement(history: History, kind: type) -> Statement | None:
    """Return the class statement that made `kind`, or None (made by a call, or inside a function)."""
    if "." in kind.__qualname__:
        return None
    for member in vars(kind).values():
        for function in _functions_of(member):
            if function.__qualname__.startswith(kind.__qualname__ + "."):
                found = history.containing(function.__code__)
                if found and isinstance(found.node, ast.ClassDef) and found.node.name == kind.__name__:
                    return found
    named = [s for s in history.bindings(kind.__name__) if isinstance(s.node, ast.ClassDef)]
    start = getattr(kind, "__firstlineno__", None)  # Python 3.13 keeps it
    exact = [s for s in named if first_line(s.node) == start]
    return next(iter(exact or named), None)


def _functions_of(member: object) -> list[FunctionType]:
    parts: list[object] = [getattr(member, "__func__", member)]
    if isinstance(member, property):
        parts = [member.fget, member.fset, member.fdel]
    return [part for part in parts if isinstance(part, FunctionType)]


def inner_definition(history: History, code: CodeType) -> tuple[str, int, Statement] | None:
    """Return (dedented text, first line in the cell, outer statement) of a function defined inside another."""
    outer = history.containing(code)
    if outer is None or not outer.text:
        return None
    # The outer statement's own text begins `first` lines into the cell; comments may stand above its `def`.
    above = first_line(ast.parse(outer.text).body[0]) - 1
    shift = first_line(outer.node) - 1 - above
    for node in ast.walk(ast.parse(outer.text)):
        if not (isinstance(node, _FUNCTION) and node.name == code.co_name):
            continue
        if first_line(node) + shift == code.co_firstlineno:
            lines = unify(outer.text).split("\n")[first_line(node) - 1 : node.end_lineno]
            return textwrap.dedent("\n".join(lines)), outer.first + first_line(node) - 1, outer
    return None
