"""What a statement does to a name: gives it a constant, begins a container, changes one in place."""

from __future__ import annotations

import ast

from course.exercises.literals import constant_value, same

# Calls that begin a container and do nothing else.
_FRESH = {
    "list",
    "dict",
    "set",
    "tuple",
    "bytearray",
    "frozenset",
    "range",
    "deque",
    "defaultdict",
    "Counter",
    "OrderedDict",
}


def assigns_constant(node: ast.stmt, name: str, value: object) -> bool:
    """Tell whether `node` assigns an expression of constants that gives `name` this very value."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        found = constant_value(node.value)
        return found is not None and same(found[0], value)
    if not isinstance(node, ast.Assign):
        return False
    found = constant_value(node.value)
    for target in node.targets if found else ():
        assert found is not None
        if isinstance(target, ast.Name) and target.id == name:
            return same(found[0], value)
        parts = [part.id if isinstance(part, ast.Name) else "" for part in getattr(target, "elts", ())]
        whole = found[0]
        if name in parts and isinstance(whole, (tuple, list)) and len(parts) == len(whole):
            return same(whole[parts.index(name)], value)
    return False


def begins_afresh(node: ast.stmt) -> bool:
    """Tell whether `node` assigns something that depends on no call but those that begin a container."""
    value = getattr(node, "value", None)
    calls = [part.func for part in ast.walk(value) if isinstance(part, ast.Call)] if value else []
    return value is not None and all(isinstance(call, ast.Name) and call.id in _FRESH for call in calls)


def changed_names(node: ast.stmt) -> set[str]:
    """Return the names whose values `node` changes: `name.x = …`, `name[k] = …`, `name += …`, `name.add(…)`."""
    targets: list[ast.expr] = []
    if isinstance(node, (ast.Assign, ast.Delete)):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        targets = [node.value.func]
    roots = [_root(target) for target in targets if not isinstance(target, ast.Name)]
    if isinstance(node, ast.AugAssign):
        roots.append(node.target)
    return {root.id for root in roots if isinstance(root, ast.Name)}


def _root(target: ast.expr) -> ast.expr:
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    return target
