"""An answer as text that stands alone: the definition, all that it uses of the learner's cells, its imports.

The checker runs this text in an empty namespace, so that the notebook and a later verification of the kept
file cannot disagree. The learner's own source is taken over unchanged, comments too, ordered by need.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from course.checker.process.answer import Answer
from course.exercises.callsite import CallSite
from course.exercises.cells import History
from course.exercises.names import names_used
from course.exercises.refusals import CannotStandAlone
from course.exercises.resolve import Resolver
from course.exercises.units import Unit, in_order, render, settle_shadowed
from course.exercises.unrun import refuse_older

# Written only when the text uses the exercise's own name for something else.
_CALLED = "# In this file the answer is called: "
_NAMES_LINE = re.compile(rf"\A(?:#.*\n|\n)*?{_CALLED}(\w+(?:, \w+)*)\n")


def answers_from_objects(
    names: Sequence[str], objects: Sequence[object], namespace: Mapping[str, Any], site: CallSite | None = None
) -> tuple[Answer, ...]:
    """Return one Answer for each object; all have the same text, which defines them all.

    `names` are those that the exercise asks for. `namespace` is the learner's, `site` the call of check(): its
    arguments are the source of objects that have no name.

    Raises:
        CannotStandAlone: with the diagnosis for the learner.
    """
    space = _learners(objects, namespace)
    history = History(space)
    refuse_older(objects, space, history)
    resolver = Resolver(space, history)
    site = site or CallSite()
    given = site.arguments[1:] if len(site.arguments) == len(objects) + 1 else ("",) * len(objects)
    roots = [
        _root(resolver, name, value, source, site) for name, value, source in zip(names, objects, given, strict=True)
    ]
    settle_shadowed(resolver.final, list(resolver.units))
    units = in_order([unit for unit, _ in roots])
    bound = []
    for wanted, (unit, own) in zip(names, roots, strict=True):
        bound.append(_named(units, wanted, unit, own))
    text, origin = render(units, resolver.future)
    if tuple(bound) != tuple(names):
        text = f"{_CALLED}{', '.join(bound)}\n{text}"
        origin = {line + 1: found for line, found in origin.items()}
    lines = {line: _place(unit, number, roots) for line, (unit, number) in origin.items()}
    return tuple(Answer(name, text, lines) for name in bound)


def _learners(objects: Sequence[object], namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the namespace that the objects were written in: `%run file.py` gives the file one of its own."""
    for value in objects:
        own: Mapping[str, Any] = getattr(value, "__globals__", namespace)  # a library's wrapper has the library's
        if own is not namespace and own.get("__name__") == namespace.get("__name__"):
            return own
    return namespace


def _root(resolver: Resolver, wanted: str, value: object, source: str, site: CallSite) -> tuple[Unit, str]:
    """Return the unit that gives `value`, and the name it has there."""
    found = resolver.definition(value)
    if found:
        own = getattr(value, "__name__", "")
        return found, own if own in found.binds else min(found.binds)
    problem: CannotStandAlone | None = None
    for name in _names_of(value, source, resolver.namespace):
        try:
            unit = resolver.resolve(name, "Your answer")
        except CannotStandAlone as error:
            problem = problem or error
            continue
        if unit:
            return unit, name
    if source and not source.isidentifier():
        return _expression(resolver, wanted, source, site), wanted
    rebuilt = resolver.rebuilt(value) if hasattr(value, "__code__") else None  # type: ignore[arg-type]
    if rebuilt:
        return rebuilt, min(rebuilt.binds)
    raise problem or CannotStandAlone(
        "no-source",
        f"The source text of `{getattr(value, '__name__', wanted)}` cannot be found. "
        f"Define it with `def {wanted}(…):` in a cell of its own, run that cell, and check again.",
    )


def _names_of(value: object, source: str, namespace: Mapping[str, Any]) -> list[str]:
    own = getattr(value, "__name__", "")
    bound = [name for name, other in namespace.items() if other is value and not name.startswith("_")]
    return sorted(bound, key=lambda name: (name != source, name != own, name))


def _expression(resolver: Resolver, wanted: str, source: str, site: CallSite) -> Unit:
    written = f"(\n{source}\n)" if "\n" in source else source
    unit = Unit(f"{wanted} = {written}", frozenset({wanted}), place=site.line - ("\n" in source))
    resolver.fill(unit, names_used(written), "What you gave to check()")
    resolver.units.append(unit)
    return unit


def _named(units: list[Unit], wanted: str, unit: Unit, own: str) -> str:
    """Make the name under which the text gives the answer: `wanted`, unless the text uses that otherwise."""
    last = [other for other in units if own in other.binds][-1]
    if own == wanted and last is unit:
        return wanted
    taken = any(wanted in other.binds for other in units)
    name = f"{wanted}_answer" if taken else wanted
    alias = Unit(f"{name} = {own}", frozenset({name}))
    units.insert(units.index(unit) + 1 if last is not unit else len(units), alias)
    return name


def _place(unit: Unit, number: int, roots: list[tuple[Unit, str]]) -> tuple[str, int]:
    if unit.statement is None:
        return "the cell that calls check", number
    cells = {root.statement.cell for root, _ in roots if root.statement}
    if unit.statement.cell in cells or not unit.binds:
        return "", number
    return f"the cell with `{min(unit.binds)}`", number


def answers_from_file(path: Path, names: Sequence[str]) -> tuple[Answer, ...]:
    """Return the answers in a file that defines `names`.

    A file that is no Python gives answers too: the checker says what is wrong with the text.

    Raises:
        CannotStandAlone: the file is no text, or does not define one of the names.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tree = ast.parse(text.replace("\0", "\N{SYMBOL FOR NULL}"))
    except UnicodeDecodeError as error:
        raise CannotStandAlone("not-text", f"{path.name} is not UTF-8 text: {error}.") from None
    except SyntaxError:
        return tuple(Answer(name, text) for name in names)
    if "\0" in text:
        raise CannotStandAlone("not-text", f"{path.name} holds a NUL byte: it is no text.")
    marked = _NAMES_LINE.match(text)
    own = tuple(marked.group(1).split(", ")) if marked else tuple(names)
    own = own if len(own) == len(names) else tuple(names)
    for name in own:
        if not _defines(tree, name):
            raise CannotStandAlone(
                "name-not-found", f"{path.name} defines no `{name}`. The file must hold the answer by that name."
            )
    return tuple(Answer(name, text) for name in own)


def _defines(tree: ast.Module, name: str) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
            return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name:
            return True
        if isinstance(node, ast.alias) and name in (node.asname or node.name, "*"):
            return True
        if isinstance(node, ast.alias) and node.name == "*":
            return True
    return False
