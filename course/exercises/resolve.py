"""From a name in the learner's namespace to the statement that makes it again, with all that it needs."""

from __future__ import annotations

import ast
import builtins
import io
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from functools import cached_property
from socket import socket
from types import FunctionType
from typing import Any

from course.exercises.assignments import assigns_constant, begins_afresh
from course.exercises.cells import History, Statement
from course.exercises.definitions import class_statement, inner_definition, is_definition_of
from course.exercises.imports import import_for, stands_alone
from course.exercises.literals import literal
from course.exercises.names import Names, names_used
from course.exercises.refusals import (
    CannotStandAlone,
    live_global,
    local_module,
    name_not_found,
    no_source,
    notebook_command,
)
from course.exercises.units import Unit

_MISSING: Any = object()
_LIVE = (socket, threading.Thread, subprocess.Popen, io.IOBase)
_MUTABLE = (list, dict, set, bytearray, deque)
_NOTEBOOK_ONLY = {"get_ipython"}


class Resolver:
    """Finds what the learner's names stand for. One resolver makes one text.

    `final` holds what each name was resolved to (None: nothing to write, Python itself has it), `units` all
    units made so far, `future` whether annotations must stay unevaluated.
    """

    def __init__(self, namespace: Mapping[str, Any], history: History) -> None:
        self.namespace = dict(namespace)
        self.history = history
        self.final: dict[str, Unit | None] = {}
        self.units: list[Unit] = []
        self.future = any(_wants_future(statement) for statement in history.statements)
        self._by_place: dict[tuple[int, int], Unit] = {}
        self._by_object: dict[int, Unit] = {}

    def resolve(self, name: str, user: str) -> Unit | None:
        """Return the unit that binds `name`, or None if none is needed. `user` says who uses it.

        Raises:
            CannotStandAlone: nothing that can be written down gives the name its value.
        """
        if name not in self.final:
            self.final[name] = self._resolve(name, user)
        return self.final[name]

    def _resolve(self, name: str, user: str) -> Unit | None:
        if name.startswith("__") and name.endswith("__"):
            return None  # __name__, __file__: every module has its own
        value = self.namespace.get(name, _MISSING)
        if name in _NOTEBOOK_ONLY and (value is _MISSING or _is_notebooks_own(value)):
            raise notebook_command(user)
        if value is _MISSING or (hasattr(builtins, name) and _is_notebooks_own(value)):
            return self._builtin(name, user)
        if name in self._set_by_functions:
            return self._first_state(name)
        imported = self._imported(name, value, user)
        if imported:
            return imported
        if isinstance(value, _LIVE):
            raise live_global(name, value, user)
        found = self.definition(value) or self._constant(name, value) or self._statement(name)
        if found is None and isinstance(value, FunctionType):
            found = self.rebuilt(value)
        if found is None:
            raise no_source(name, value, user)
        return found if name in found.binds else self._alias(name, found, value)

    # What Python or a module holds

    def _builtin(self, name: str, user: str) -> Unit | None:
        value = getattr(builtins, name, _MISSING)
        if value is _MISSING:
            if name in self._set_by_functions:
                return self._first_state(name)
            raise name_not_found(name, user, self.namespace)
        module = getattr(value, "__module__", None) or ""
        if name == "display" and module.startswith("IPython"):  # IPython adds it to the builtins
            return self._add(Unit(f"from {module} import display", frozenset({name}), is_import=True))
        return None

    def _imported(self, name: str, value: object, user: str) -> Unit | None:
        own = str(self.namespace.get("__name__", "__main__"))
        found = import_for(name, value, own, self.history.imports)
        if found is None:
            return None
        statement, module = found
        if not stands_alone(module):
            raise local_module(name, module, user)
        return self._add(Unit(statement, frozenset({name}), is_import=True))

    # What the cells hold

    @cached_property
    def _set_by_functions(self) -> set[str]:
        declared: set[str] = set()
        for statement in self.history.statements:
            if "global " in statement.text:
                declared |= _names(statement.text).stores
        return declared

    def _first_state(self, name: str) -> Unit | None:
        """Return the cell's own assignment of a name that functions set: an answer starts afresh."""
        for statement in self.history.bindings(name):
            if statement.text:
                return self.unit_of(statement)
        return None

    def definition(self, value: object) -> Unit | None:
        """Return the unit of the `def`, `class` or lambda that made `value`, if it stands outside others."""
        statement: Statement | None = None
        if isinstance(value, FunctionType):
            statement = self.history.containing(value.__code__)
            if statement and not is_definition_of(statement.node, value.__code__):
                statement = None
        elif isinstance(value, type) and value.__module__ == self.namespace.get("__name__"):
            statement = class_statement(self.history, value)
        return self.unit_of(statement) if statement else None

    def _constant(self, name: str, value: object) -> Unit | None:
        statements = [s for s in self.history.bindings(name) if s.text]
        for statement in statements:
            if assigns_constant(statement.node, name, value):
                return self.unit_of(statement)
        # What top-level code put into a container is part of it; what functions put there is an earlier run's.
        afresh = isinstance(value, _MUTABLE) and bool(statements) and begins_afresh(statements[0].node)
        if afresh and not self.history.changes(statements[0], name):
            return self._table(name, value) or self._begun(statements[0], value)
        text = literal(value)
        return self._add(Unit(f"{name} = {text}", frozenset({name}))) if text else None

    def _table(self, name: str, value: object) -> Unit | None:
        """Return a table of the learner's own functions as it is now: `register("exit", leave)` has filled it."""
        named: list[str] = []

        def name_of(part: object) -> str | None:
            own = getattr(part, "__name__", "")
            if not isinstance(part, (FunctionType, type)) or self.namespace.get(own) is not part:
                return None
            named.append(own)
            return own

        text = literal(value, name_of)
        if text is None or not named or any(map(self._enters_itself, _parts(value))):
            return None
        unit = self.final[name] = self._add(Unit(f"{name} = {text}", frozenset({name})))
        needs = [self.resolve(one, f"`{name}`") for one in dict.fromkeys(named)]
        unit.now += [need for need in needs if need]
        return unit

    def _begun(self, statement: Statement, value: object) -> Unit:
        """Return a container as it began, with the decorated definitions that enter themselves in it."""
        unit = self.unit_of(statement)
        for part in filter(self._enters_itself, _parts(value)):
            entered = self.definition(part)
            unit.later += [entered] if entered else []
        return unit

    def _enters_itself(self, part: object) -> bool:
        statement = self.history.containing(part.__code__) if isinstance(part, FunctionType) else None
        return bool(statement and getattr(statement.node, "decorator_list", []))

    def _statement(self, name: str) -> Unit | None:
        bindings = self.history.bindings(name)
        if not bindings or not isinstance(bindings[0].node, _RERUN):
            return None
        return self.unit_of(bindings[0])

    def unit_of(self, statement: Statement) -> Unit:
        """Return the unit of `statement`, with the units of all that it needs."""
        if statement.place in self._by_place:
            return self._by_place[statement.place]
        unit = Unit(statement.text, statement.binds, statement, statement.first)
        self._by_place[statement.place] = self._add(unit)
        who = "Your answer" if not statement.binds else f"`{min(statement.binds)}`"
        self.fill(unit, _names(statement.text), who)
        for name in statement.binds:
            for change in self.history.changes(statement, name):
                self._follow(unit, name, change)
        return unit

    def _follow(self, unit: Unit, name: str, change: Statement) -> None:
        """Let a statement that changes what `unit` made stand after it."""
        kept = isinstance(self.namespace.get(name), (FunctionType, type, *_MUTABLE))
        if not change.loose and (kept or isinstance(change.node, ast.AugAssign)):
            following = self.unit_of(change)
            unit.later.append(following)
            following.now.append(unit)

    def fill(self, unit: Unit, names: Names, user: str) -> None:
        """Resolve all names that `unit` uses."""
        for name in (*names.now, *names.later):
            try:
                need = self._earlier(unit, name, user) if name in names.now else self.resolve(name, user)
            except CannotStandAlone:
                if name not in names.hints:
                    raise
                self.future = True  # an annotation need not be evaluated
                continue
            if need and need is not unit:
                (unit.now if name in names.now else unit.later).append(need)

    def _earlier(self, unit: Unit, name: str, user: str) -> Unit | None:
        """Return what `name` was before `unit` bound it anew (`x = wrap(x)`), else what it is."""
        if name not in unit.binds or unit.statement is None:
            return self.resolve(name, user)
        place = unit.statement.place
        before = [s for s in self.history.bindings(name) if s.place < place and s.text]
        if not before:
            return None
        if isinstance(before[0].node, (ast.Import, ast.ImportFrom)):
            return self._add(Unit(before[0].text, before[0].binds, is_import=True))
        return self.unit_of(before[0])

    # What must be written anew

    def rebuilt(self, function: FunctionType) -> Unit | None:
        """Return a function defined inside another one as a definition of its own, what it closes over as names."""
        if id(function) in self._by_object:
            return self._by_object[id(function)]
        found = inner_definition(self.history, function.__code__)
        if found is None:
            return None
        text, place, statement = found
        unit = self._add(Unit(text, frozenset({function.__code__.co_name}), place=place))
        unit.statement = statement
        self._by_object[id(function)] = unit
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in cells:
            if name == function.__code__.co_name:
                continue
            if name in self.namespace and self.namespace[name] is not cell.cell_contents:
                return None  # two meanings of one name: one text cannot hold both
            self.namespace[name] = cell.cell_contents
        self.fill(unit, _names(text), f"`{function.__name__}`")
        return unit

    def _alias(self, name: str, unit: Unit, value: object) -> Unit:
        source = getattr(value, "__name__", "")
        original = source if source in unit.binds else min(unit.binds)
        return self._add(Unit(f"{name} = {original}", frozenset({name}), now=[unit]))

    def _add(self, unit: Unit) -> Unit:
        self.units.append(unit)
        return unit


_RERUN = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _names(text: str) -> Names:
    try:
        return names_used(text)
    except SyntaxError:
        raise CannotStandAlone(
            "no-source", f"Your answer needs `{text.splitlines()[0]}`, which cannot run outside its cell."
        ) from None


def _wants_future(statement: Statement) -> bool:
    node = statement.node
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _parts(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, _MUTABLE) else []


def _is_notebooks_own(value: object) -> bool:
    # IPython's `open` says by functools.wraps that it comes from `io`: its globals tell the truth.
    space = getattr(value, "__globals__", {})
    module = space.get("__name__") or getattr(value, "__module__", None) or ""
    return str(module).partition(".")[0] in {"IPython", "ipykernel"}
