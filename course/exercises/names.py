"""The global names that a piece of source uses, nested functions, classes and comprehensions included."""

from __future__ import annotations

import ast
import symtable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Names:
    """The global names that a statement uses: `now`, when it runs, and `later`, when what it defines is called.

    `hints` are those that stand in annotations only; `stores` those that a function declares global and sets.
    """

    now: tuple[str, ...]
    later: tuple[str, ...]
    hints: frozenset[str]
    stores: frozenset[str]


@lru_cache(maxsize=4096)
def names_used(text: str) -> Names:
    """Return the global names that the source `text` uses, in the order in which they stand in it.

    Raises:
        SyntaxError: the text does not compile by itself.
    """
    now: set[str] = set()
    later: set[str] = set()
    stores: set[str] = set()

    def visit(table: symtable.SymbolTable, runs_now: bool) -> None:
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                (now if runs_now else later).add(symbol.get_name())
            if not top and symbol.is_global() and symbol.is_assigned():
                stores.add(symbol.get_name())
        for child in table.get_children():
            visit(child, runs_now and not (child.get_type() == "function" and not _runs_at_once(child)))

    visit(symtable.symtable(text, "<cell>", "exec"), True)
    tree = ast.parse(text)
    # Since Python 3.12 a comprehension's own variables count among those of the module around it (PEP 709).
    now -= _comprehension_targets(tree) - _loaded(tree, frozenset())
    nodes = list(ast.walk(tree))
    order = [n.id for n in sorted(_name_nodes(nodes), key=lambda n: (n.lineno, n.col_offset))]
    ranked = list(dict.fromkeys([*order, *sorted(now | later)]))
    return Names(
        tuple(n for n in ranked if n in now),
        tuple(n for n in ranked if n in later and n not in now),
        _annotation_only(nodes),
        frozenset(stores),
    )


def _targets(node: ast.AST) -> set[str]:
    parts = [part.target for part in getattr(node, "generators", ())]
    return {name.id for part in parts for name in ast.walk(part) if isinstance(name, ast.Name)}


def _comprehension_targets(tree: ast.AST) -> set[str]:
    return set().union(*(_targets(node) for node in ast.walk(tree)))


def _loaded(node: ast.AST, bound: frozenset[str]) -> set[str]:
    """Return the names that `node` reads where no comprehension binds them."""
    if isinstance(node, ast.Name):
        return {node.id} - bound if isinstance(node.ctx, ast.Load) else set()
    inside = bound | _targets(node)
    found: set[str] = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension) and child is getattr(node, "generators", [None])[0]:
            found |= _loaded(child.iter, bound)  # evaluated outside, before the first turn
            found |= set().union(*(_loaded(part, inside) for part in child.ifs))
        else:
            found |= _loaded(child, inside)
    return found


def _runs_at_once(table: symtable.SymbolTable) -> bool:
    return table.get_name() in {"listcomp", "setcomp", "dictcomp", "genexpr"}


def _name_nodes(nodes: list[ast.AST]) -> list[ast.Name]:
    return [node for node in nodes if isinstance(node, ast.Name)]


def _annotation_only(nodes: list[ast.AST]) -> frozenset[str]:
    hints = [part for node in nodes if (part := getattr(node, "annotation", None)) is not None]
    hints += [part for node in nodes if (part := getattr(node, "returns", None)) is not None]
    inside = {id(name) for hint in hints for name in ast.walk(hint)}
    names = _name_nodes(nodes)
    elsewhere = {name.id for name in names if id(name) not in inside}
    return frozenset(name.id for name in names if id(name) in inside) - elsewhere
