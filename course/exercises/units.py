"""The pieces of an answer's text and the order in which they must stand."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.exercises.cells import Statement


@dataclass(eq=False)
class Unit:
    """One statement of the answer.

    `now` must stand before it: running it needs them. `later` must be there when what it defines is called.
    `place` is the line of the learner's cell that its first line comes from, if it comes from one.
    """

    text: str
    binds: frozenset[str]
    statement: Statement | None = None
    place: int | None = None
    is_import: bool = False
    now: list[Unit] = field(default_factory=list)
    later: list[Unit] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Tell whether this is a definition, which stands between blank lines."""
        return bool(self.statement) and isinstance(
            self.statement.node if self.statement else None,
            (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
        )


def settle_shadowed(final: dict[str, Unit | None], units: Iterable[Unit]) -> None:
    """Where two units bind one name, let the one at hand stand after the other and all that use the other."""
    everything = list(units)
    for name, winner in final.items():
        others = [unit for unit in everything if unit is not winner and name in unit.binds]
        if winner is None or winner.is_import:
            continue
        for other in others:
            users = [unit for unit in everything if other in unit.now and unit is not winner]
            winner.now.extend(unit for unit in [other, *users] if unit not in winner.now)


def in_order(roots: list[Unit]) -> list[Unit]:
    """Return all units that the roots need, each after what it needs.

    Units that need each other when called stand together, ordered by what they need at once (Tarjan's
    strongly connected components, which come out dependencies first).
    """
    found: list[Unit] = []
    number: dict[Unit, int] = {}
    lowest: dict[Unit, int] = {}
    stack: list[Unit] = []

    def visit(unit: Unit) -> None:
        number[unit] = lowest[unit] = len(number)
        stack.append(unit)
        for need in [*unit.now, *unit.later]:
            if need not in number:
                visit(need)
                lowest[unit] = min(lowest[unit], lowest[need])
            elif need in stack:
                lowest[unit] = min(lowest[unit], number[need])
        if lowest[unit] == number[unit]:
            start = stack.index(unit)
            found.extend(_by_immediate_need(stack[start:]))
            del stack[start:]

    for root in roots:
        if root not in number:
            visit(root)
    return found


def _by_immediate_need(group: list[Unit]) -> list[Unit]:
    done: list[Unit] = []
    seen: set[Unit] = set()

    def visit(unit: Unit) -> None:
        seen.add(unit)
        for need in unit.now:
            if need in group and need not in seen:
                visit(need)
        done.append(unit)

    for unit in sorted(group, key=lambda u: u.statement.place if u.statement else (-1, -1)):
        if unit not in seen:
            visit(unit)
    return done


def render(units: list[Unit], future: bool) -> tuple[str, dict[int, tuple[Unit, int]]]:
    """Return the text, and for each of its lines the unit it came from with the learner's own line number."""
    imports = {line for unit in units if unit.is_import for line in unit.text.split("\n")}
    head = ["from __future__ import annotations"] if future else []
    head += sorted(imports, key=lambda line: (line.startswith("from "), line))
    lines = head[:]
    origin: dict[int, tuple[Unit, int]] = {}
    previous: Unit | None = None
    for unit in units:
        if unit.is_import:
            continue
        blank = 2 if unit.is_block or (previous and previous.is_block) else 1 if previous is None else 0
        lines += [""] * (blank if lines else 0)
        own = unit.text.split("\n")
        if unit.place is not None:
            origin |= {len(lines) + i + 1: (unit, unit.place + i) for i in range(len(own))}
        lines += own
        previous = unit
    return "\n".join(lines) + "\n", origin
