"""How a value that a module made is imported again: the import statement that brings it."""

from __future__ import annotations

import ast
import enum
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from course.exercises.cells import Statement

_OURS = {"netlib", "sockscope", "course"}
_MISSING = object()


def import_for(name: str, value: object, own: str, statements: list[Statement]) -> tuple[str, str] | None:
    """Return (import statement, module) that gives `name` the value `value`, or None if no module holds it.

    `own` is the module in which the learner's definitions live: what it defines is never imported.
    `statements` are the import statements that ran, in order; the learner's own way of importing is preferred.
    """
    found = _as_written(name, value, statements)
    if found:
        return found
    if isinstance(value, ModuleType):
        return _spell(f"import {value.__name__}", value.__name__, name), value.__name__
    home = type(value) if isinstance(value, enum.Enum) else value
    module = getattr(home, "__module__", None)
    if not isinstance(module, str) or module == own:
        return None
    label = value.name if isinstance(value, enum.Enum) else getattr(value, "__qualname__", "")
    if isinstance(label, str) and label.isidentifier() and _holds(module, label, value):
        return _spell(f"from {module} import {label}", label, name), module
    return None


def _spell(statement: str, bound: str, name: str) -> str:
    return statement if bound == name else f"{statement} as {name}"


def _holds(module: str, attribute: str, value: object) -> bool:
    found = getattr(sys.modules.get(module), attribute, _MISSING)
    # `is` alone would miss plain numbers and strings such as SOL_SOCKET, made anew by nobody but equal.
    return found is value or (type(found) is type(value) and isinstance(value, (int, str)) and found == value)


def _as_written(name: str, value: object, statements: list[Statement]) -> tuple[str, str] | None:
    for statement in reversed(statements):
        node = statement.node
        if isinstance(node, ast.Import):
            found = _plain_import(name, value, node, statements)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found = _from_import(name, value, node)
        else:
            found = None
        if found:
            return found
    return None


def _plain_import(name: str, value: object, node: ast.Import, statements: list[Statement]) -> tuple[str, str] | None:
    for alias in node.names:
        if alias.asname == name and sys.modules.get(alias.name, _MISSING) is value:
            return _spell(f"import {alias.name}", alias.name, name), alias.name
        root = alias.name.partition(".")[0]
        if alias.asname is None and root == name and sys.modules.get(root, _MISSING) is value:
            # `import concurrent.futures` binds `concurrent`: without its second half the text would fail.
            dotted = _dotted_imports(root, statements) or {root}
            return "\n".join(f"import {each}" for each in sorted(dotted)), root
    return None


def _dotted_imports(root: str, statements: list[Statement]) -> set[str]:
    return {
        alias.name
        for statement in statements
        if isinstance(statement.node, ast.Import)
        for alias in statement.node.names
        if alias.asname is None and alias.name.startswith(root + ".") and alias.name in sys.modules
    }


def _from_import(name: str, value: object, node: ast.ImportFrom) -> tuple[str, str] | None:
    module = str(node.module)
    for alias in node.names:
        wanted = name if alias.name == "*" else alias.name
        bound = name if alias.name == "*" else (alias.asname or alias.name)
        if bound != name:
            continue
        submodule = sys.modules.get(f"{module}.{wanted}")
        if _holds(module, wanted, value) or (submodule is not None and submodule is value):
            return _spell(f"from {module} import {wanted}", wanted, name), module
    return None


@lru_cache(maxsize=1024)
def stands_alone(module: str) -> bool:
    """Tell whether `module` comes with Python, an installed package or the course: any process can import it."""
    root = module.partition(".")[0]
    if root in _OURS or root in sys.stdlib_module_names:
        return True
    spec = getattr(sys.modules.get(root), "__spec__", None)
    origin = getattr(spec, "origin", None) or next(iter(getattr(spec, "submodule_search_locations", None) or ()), None)
    if spec is None or origin in (None, "built-in", "frozen"):
        return spec is not None
    installed = (sysconfig.get_path(key) for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    return any(Path(origin).is_relative_to(folder) for folder in installed if folder)
