"""The answers of one check, compiled once: every case forks and executes the same code."""

from __future__ import annotations

import ast
import types
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from course.checker.process.answer import Answer


@dataclass
class Program:
    """The texts under test, under pseudo file names that no real file has."""

    answers: Sequence[Answer]
    code: dict[str, types.CodeType] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        files: dict[str, str] = {}  # answers with one text share one namespace
        for answer in self.answers:
            file = files.setdefault(answer.text, f"<answer {len(files) + 1}>")
            self.sources[file] = answer.text
            self.names.append((file, answer.name))

    def compile(self) -> None:
        """Compile every text.

        Raises:
            SyntaxError: one of them is no Python; `filename` is its pseudo file name.
        """
        with warnings.catch_warnings():  # of an answer's text; where they are errors, it would be no Python at all
            warnings.simplefilter("ignore")
            for file, text in self.sources.items():
                self.code[file] = compile(text, file, "exec", dont_inherit=True)

    def place(self, file: str, line: int) -> str:
        """Return how a panel names a line: the learner's own cell and line."""
        for (known, _), answer in zip(self.names, self.answers, strict=True):
            if known == file:
                return answer.place(line)
        return f"line {line}"

    def untouched(self) -> bool:
        """Return whether any answer is still the stub: a body of `...`, `pass`, a docstring, NotImplementedError."""
        return any(is_stub(answer) for answer in self.answers)


def is_stub(answer: Answer) -> bool:
    """Return whether the definition that `answer` names, itself or as `name = other`, has nothing in it yet."""
    try:
        tree = ast.parse(answer.text)
    except SyntaxError:
        return False
    name = answer.name
    for node in reversed(tree.body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
                return _empty(node)
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name(id=other)) if target == name:
                name = other
    return False


def _empty(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return all(_empty(inner) for inner in node.body)
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    constant = node.value.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else None
    return isinstance(node, ast.Pass) or constant is Ellipsis or isinstance(constant, str)
