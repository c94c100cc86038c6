"""A lesson read for the rules: its cells with their parsed code and what the course's metadata says of them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nbformat import NotebookNode

_LINE_MAGIC = re.compile(r"^\s*[%!]")


@dataclass
class Cell:
    """One cell: `number` counts all cells of the lesson from 1."""

    number: int
    node: NotebookNode

    @property
    def is_code(self) -> bool:
        """Whether it holds code that is not blank."""
        return bool(self.node.cell_type == "code" and self.source.strip())

    @property
    def source(self) -> str:
        """The text of the cell."""
        return str(self.node.source)

    @property
    def tags(self) -> list[str]:
        """The cell's tags."""
        return list(self.node.metadata.get("tags", []))

    @property
    def course(self) -> dict[str, Any]:
        """What the cell's metadata says under "course"."""
        return dict(self.node.metadata.get("course", {}))

    @property
    def lines(self) -> list[str]:
        """The lines that are not blank."""
        return [line for line in self.source.splitlines() if line.strip()]

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed code, with magics taken out. Raises SyntaxError."""
        if self.source.startswith("%%"):
            _, _, body = self.source.partition("\n")
        else:
            body = self.source
        kept = ["pass" if _LINE_MAGIC.match(line) else line for line in body.splitlines()]
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST
        tree: ast.Module = compile("\n".join(kept), f"cell {self.number}", "exec", flags)
        return tree

    def magics(self) -> list[str]:
        """Return the names of the magics that the cell uses, such as `%time` and `%%trace`."""
        return re.findall(r"^\s*(%%?[A-Za-z]\w*)", self.source, re.MULTILINE)


@dataclass
class Section:
    """A part of the lesson under one `## ` heading, with its code cells in order."""

    title: str
    cells: list[Cell] = field(default_factory=list)


def cells_of(notebook: NotebookNode) -> list[Cell]:
    """Return all cells of a lesson, numbered from 1."""
    return [Cell(number, node) for number, node in enumerate(notebook.cells, 1)]


def sections_of(notebook: NotebookNode) -> list[Section]:
    """Return the sections of a lesson; the first holds what stands before the first `## ` heading."""
    sections = [Section("set-up")]
    for cell in cells_of(notebook):
        heading = re.search(r"^## (.+)$", cell.source, re.MULTILINE)
        if cell.node.cell_type == "markdown" and heading:
            sections.append(Section(heading[1].strip()))
        if cell.is_code:
            sections[-1].cells.append(cell)
    return sections


def main_line(tree: ast.AST) -> list[ast.AST]:
    """Return the nodes of `tree` that run with the cell itself: not those inside functions and lambdas."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        found.append(child)
        found += main_line(child)
    return found
