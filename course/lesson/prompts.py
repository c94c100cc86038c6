"""What a code cell of a lesson does, in one line: the names that it calls, defines, and leaves to later cells."""

from __future__ import annotations

import ast
import builtins
import re
from functools import lru_cache

from nbformat import NotebookNode

from course.lesson.parts import CodeCell, code_cells
from course.lesson.source import Cell

_TITLE = re.compile(r"# (\d+) · ")
_WIDTH = 88  # what JupyterLab shows of a line at 1280 pixels
# Calls that give the answer to a prediction away, or say nothing.
_SILENT = set(dir(builtins)) | {"expect"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def lesson_number(notebook: NotebookNode) -> int:
    """Return the number in a lesson's title, 0 where there is none."""
    title = _TITLE.match(notebook.cells[0].source) if notebook.cells else None
    return int(title[1]) if title else 0


def prompt(notebook: NotebookNode, this: CodeCell) -> str:
    """Return the one line that stands for a cell: its number, what it defines or calls, and the names it leaves.

    Left out are `expect` and what Python itself brings: they would answer the prediction, or say nothing. The last
    calls are left out too where the line would be too long to be seen at once.
    """
    tree = _tree(this.source)
    done = [_signature(node) for node in tree.body if isinstance(node, _DEFINITIONS)]
    done += _calls(tree)
    left = _needed_later(notebook, this)
    head = f"# {lesson_number(notebook)}.{this.number} ·"
    arrow = f" → {', '.join(left)}" if left else ""
    if not done and not left:
        return f"{head} {this.source.splitlines()[-1].strip()}"
    while len(done) > 1 and len(f"{head} {', '.join(done)}{arrow}") > _WIDTH:
        done.pop()
    return f"{head} {', '.join(done)}{arrow}" if done else head + arrow


def _needed_later(notebook: NotebookNode, this: CodeCell) -> list[str]:
    """Return the names that `this` gives a value and that a later cell uses before it gives them one of its own."""
    left = _stores(_tree(this.source))
    needed: frozenset[str] = frozenset()
    for cell in reversed(code_cells(notebook)):
        if cell.number <= this.number:
            break
        needed = needs(cell) | (needed - defines(cell))
    return [name for name in left if name in needed]


@lru_cache(maxsize=1024)
def defines(cell: CodeCell) -> frozenset[str]:
    """Return every name that a cell gives a value: by assignment, definition or import, outside its functions."""
    made = set(_stores(_tree(cell.source)))
    for node in _main_line(_tree(cell.source)):
        if isinstance(node, _DEFINITIONS):
            made.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            made |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return frozenset(made)


@lru_cache(maxsize=1024)
def needs(cell: CodeCell) -> frozenset[str]:
    """Return the names that a cell uses, in its functions too, before it has given them a value itself."""
    given: set[str] = _in_comprehensions(_tree(cell.source))
    wanted: set[str] = set()
    for node in _main_line(_tree(cell.source)):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                wanted |= {node.id} - given
            else:
                given.add(node.id)
        elif isinstance(node, _DEFINITIONS):
            wanted |= _free(node) - given - {node.name}
            given.add(node.name)
        elif isinstance(node, ast.Lambda):
            wanted |= _free(node) - given
    return frozenset(wanted - set(dir(builtins)))


def _free(node: ast.AST) -> set[str]:
    """Return the names that a function uses and neither takes as arguments nor gives a value."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    own = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    own |= {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    return {name.id for name in names} - own


@lru_cache(maxsize=1024)
def _tree(source: str) -> ast.Module:
    return Cell(0, NotebookNode(source=source, cell_type="code", metadata={})).tree


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    names = ", ".join(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))
    return f"{'async ' * isinstance(node, ast.AsyncFunctionDef)}def {node.name}({names})"


def _calls(tree: ast.Module) -> list[str]:
    """Return the names of what the cell itself calls, in order, each once."""
    names = []
    for node in _main_line(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            base = f"{node.func.value.id}." if isinstance(node.func.value, ast.Name) else ""
            names.append(base + node.func.attr)
        elif isinstance(node.func, ast.Name) and node.func.id not in _SILENT:
            names.append(node.func.id)
    return list(dict.fromkeys(names))


def _stores(tree: ast.Module) -> list[str]:
    """Return the names that a cell leaves behind by assignment, `with … as` or a loop, in order, each once."""
    found = [node.id for node in _main_line(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    inner = _in_comprehensions(tree)
    return list(dict.fromkeys(name for name in found if name not in inner))


def _in_comprehensions(tree: ast.Module) -> set[str]:
    targets = [node.target for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _main_line(tree: ast.AST) -> list[ast.AST]:
    """Return the nodes that run with the cell itself, as they take effect; definitions are not entered."""
    found: list[ast.AST] = []
    children = list(ast.iter_child_nodes(tree))
    if isinstance(tree, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.For):  # the value comes before the names
        children.sort(key=lambda child: isinstance(getattr(child, "ctx", None), ast.Store))
    for child in children:
        found.append(child)
        if not isinstance(child, (*_DEFINITIONS, ast.Lambda)):
            found += _main_line(child)
    return found
