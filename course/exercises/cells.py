"""The learner's cells as statements: where a name was bound last, and the source text of that statement.

In a notebook the cells are IPython's own history, as IPython turned them into Python (magics and `!commands`
are calls by then), in the order in which they ran. Anywhere else the one "cell" is the module's file.
"""

from __future__ import annotations

import ast
import linecache
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType
from typing import Any

from course.exercises.assignments import changed_names

# Cell magics that run their body as Python in the learner's own namespace.
_PYTHON_MAGICS = {"time", "timeit", "capture", "prun", "debug", "memit"}
_WRAP = "if True:\n"
_COMPOUND = (ast.If, ast.Try, ast.TryStar, ast.With, ast.For, ast.While)
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORT = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Statement:
    """One statement outside every function and class, with its own text, dedented.

    `cell` and `index` order statements as they ran. `first` is the line of the learner's cell that the first
    line of `text` stands on. `loose` says that it may not have run, or more than once: it stands under an
    `if`, `try`, `for`, `while` or `with`.
    """

    cell: int
    index: int
    node: ast.stmt
    text: str
    first: int
    loose: bool

    @property
    def place(self) -> tuple[int, int]:
        """Return what orders this statement among all."""
        return self.cell, self.index

    @property
    def defines(self) -> bool:
        """Whether it is the definition of a function or class."""
        return isinstance(self.node, _DEFINITION)

    @property
    def binds(self) -> frozenset[str]:
        """Return the names that this statement gives a value."""
        return _bound_names(self.node)


@lru_cache(maxsize=4096)
def _bound_names(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, _DEFINITION):
        return frozenset({node.name})
    if isinstance(node, _IMPORT):
        return frozenset((alias.asname or alias.name.partition(".")[0]) for alias in node.names)
    if isinstance(node, _COMPOUND):  # what stands inside is a statement of its own
        return _header_names(node)
    if isinstance(node, ast.AugAssign):  # changes what another statement has bound
        return frozenset()
    stored = (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(stored) - _hidden_names(node)


def _header_names(node: ast.stmt) -> frozenset[str]:
    headers: list[ast.expr | None] = [getattr(node, "target", None)]
    headers += [item.optional_vars for item in getattr(node, "items", [])]
    return frozenset(n.id for part in headers if part for n in ast.walk(part) if isinstance(n, ast.Name))


def _hidden_names(node: ast.stmt) -> set[str]:
    hidden: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.comprehension):
            hidden |= {n.id for n in ast.walk(part.target) if isinstance(n, ast.Name)}
    return hidden


@dataclass(frozen=True)
class Piece:
    """A statement inside one source text, before it has a place among the cells."""

    node: ast.stmt
    text: str
    first: int
    loose: bool


def unify(source: str) -> str:
    """Return `source` with the line ends that Python's own tokenizer sees."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=1024)
def pieces(source: str) -> tuple[Piece, ...]:
    """Return the statements of one cell or file, those under `if`, `try`… singly. Empty if it is no Python."""
    source = unify(source)
    try:
        tree = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return ()
    assert isinstance(tree, ast.Module)
    magic = _magic_body(tree)
    if magic is not None:  # the body starts on the cell's second line
        return tuple(Piece(p.node, p.text, p.first + 1, p.loose) for p in pieces(magic))
    lines = source.split("\n")
    return tuple(_flatten(tree.body, lines, loose=False))


def _magic_body(tree: ast.Module) -> str | None:
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    call = tree.body[0].value
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return None
    values = [part.value for part in call.args if isinstance(part, ast.Constant)]
    if call.func.attr != "run_cell_magic" or len(values) != 3 or values[0] not in _PYTHON_MAGICS:
        return None
    return str(values[2])


def _flatten(body: list[ast.stmt], lines: list[str], loose: bool) -> Iterator[Piece]:
    for number, node in enumerate(body):
        if isinstance(node, _COMPOUND):
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(node, part, []):
                    inside = inner.body if isinstance(inner, ast.ExceptHandler) else [inner]
                    yield from _flatten(inside, lines, loose=True)
            yield Piece(node, "", node.lineno, True)
            continue
        after = body[number + 1] if number + 1 < len(body) else None
        text, first = _own_text(node, lines, after)
        yield Piece(node, text, first, loose)


def _own_text(node: ast.stmt, lines: list[str], after: ast.stmt | None) -> tuple[str, int]:
    """Return the statement's text with the comments that belong to it, dedented, and its first line."""
    first = first_line(node)
    last = node.end_lineno or node.lineno
    head = lines[first - 1].encode()[: node.col_offset if first == node.lineno else 0]
    tail = lines[last - 1].encode()[node.end_col_offset :].decode().strip()
    if head.strip() or (tail and not tail.startswith("#")):  # `a = 1; b = 2`
        return ast.get_source_segment("\n".join(lines), node) or "", first
    indent = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    while first > 1 and lines[first - 2].lstrip().startswith("#") and _indent(lines[first - 2]) == indent:
        first -= 1
    limit = (after.lineno - 1) if after else len(lines)
    if isinstance(node, _DEFINITION):
        last = _with_inner_comments(lines, last, limit, indent)
    text = _dedented(lines[first - 1 : last])
    return text, first - text.startswith(_WRAP)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _with_inner_comments(lines: list[str], last: int, limit: int, indent: int) -> int:
    """Return the last line of a block, counting comments below its last statement that are still inside."""
    for number in range(last + 1, limit + 1):
        line = lines[number - 1]
        if line.strip() and not (line.lstrip().startswith("#") and _indent(line) > indent):
            break
        if line.strip():
            last = number
    return last


def _dedented(lines: list[str]) -> str:
    text = "\n".join(lines)
    if not text[:1].isspace():
        return text
    shorter = textwrap.dedent(text)
    # A string over several lines may forbid it: then the block keeps its indentation.
    return shorter if _same_when_nested(shorter, text) else _WRAP + text


def _same_when_nested(shorter: str, text: str) -> bool:
    try:
        plain = ast.parse(shorter).body
        nested = ast.parse(_WRAP + text).body[0]
    except SyntaxError:
        return False
    return isinstance(nested, ast.If) and list(map(ast.dump, plain)) == list(map(ast.dump, nested.body))


class History:
    """All statements that ran in one namespace, in order."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace
        self.sources: list[str] = []
        self.statements: list[Statement] = []
        self._by_name: dict[str, list[Statement]] = {}
        self._changing: dict[str, list[Statement]] = {}
        for source, shift in _sources(namespace):
            self.add(source, shift)

    def add(self, source: str, shift: int = 0) -> int:
        """Append one source text, in which the learner's lines are `shift` further down; return its number."""
        number = len(self.sources)
        self.sources.append(source)
        for index, piece in enumerate(pieces(source)):
            statement = Statement(number, index, piece.node, piece.text, piece.first + shift, piece.loose)
            self.statements.append(statement)
            for name in statement.binds:
                self._by_name.setdefault(name, []).append(statement)
            for name in changed_names(piece.node) if piece.text else ():
                self._changing.setdefault(name, []).append(statement)
        return number

    @cached_property
    def imports(self) -> list[Statement]:
        """The import statements that ran so far, in order."""
        return [s for s in self.statements if isinstance(s.node, _IMPORT)]

    def bindings(self, name: str) -> list[Statement]:
        """Return the statements that bind `name`, latest first."""
        return self._by_name.get(name, [])[::-1]

    def changes(self, binding: Statement, name: str) -> list[Statement]:
        """Return the statements after `binding` that change in place what `name` is bound to, in order."""
        return [s for s in self._changing.get(name, ()) if s.place > binding.place]

    def containing(self, code: CodeType) -> Statement | None:
        """Return the statement with the text that `code` was compiled from, or None."""
        number = self._cell_of(code.co_filename)
        if number is None:
            return self._by_shape(code)
        return _covering([s for s in self.statements if s.cell == number], code.co_firstlineno)

    def _cell_of(self, filename: str) -> int | None:
        source = "".join(linecache.getlines(filename, dict(self.namespace)))
        if not source:
            return None
        for number in range(len(self.sources) - 1, -1, -1):
            if unify(self.sources[number]).strip("\n") == unify(source).strip("\n"):
                return number
        return self.add(source)

    def _by_shape(self, code: CodeType) -> Statement | None:
        """Return the latest definition with this name and line: `%%time` leaves no source under its file name."""
        named = [s for s in self.bindings(code.co_name) if isinstance(s.node, _DEFINITION)]
        exact = [s for s in named if first_line(s.node) == code.co_firstlineno]
        return next(iter(exact or named), None)


def first_line(node: ast.stmt) -> int:
    """Return the line on which `node` begins, decorators counted: the line that its code object names."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _covering(statements: list[Statement], line: int) -> Statement | None:
    inside = [s for s in statements if s.text and first_line(s.node) <= line <= (s.node.end_lineno or 0)]
    return inside[-1] if inside else None


def _sources(namespace: Mapping[str, Any]) -> list[tuple[str, int]]:
    cells = namespace.get("_ih")
    if isinstance(cells, list):
        typed = _typed_cells(len(cells))
        return [
            (cell, _blank_lines(as_typed) - _blank_lines(cell))
            for cell, as_typed in zip(cells, typed or cells, strict=False)
            if isinstance(cell, str) and cell.strip()
        ]
    filename = namespace.get("__file__")
    text = "".join(linecache.getlines(filename)) if isinstance(filename, str) else ""
    return [(text, 0)] if text else []


def _typed_cells(count: int) -> list[str]:
    """Return the cells as they were typed: IPython drops blank lines at their beginning before it compiles."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    raw = list(shell.history_manager.input_hist_raw) if shell else []
    return raw if len(raw) == count else []


def _blank_lines(cell: str) -> int:
    lines = unify(cell).split("\n")
    return next((number for number, line in enumerate(lines) if line.strip()), 0)
