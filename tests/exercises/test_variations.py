"""Learners vary: other names, prints, type hints, try/finally for with. Verdict and diagnosis stay."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from course.checker import Answer, run_check
from course.exercises.registry import exercises

ANSWERS = Path(__file__).resolve().parents[1] / "answers"
EXERCISES = exercises()
FILES = sorted(path for path in ANSWERS.glob("*/*.py") if path.parent.name in EXERCISES)
KEPT_BY_MEANING = {"wrong_prints"}  # what they print is the mistake: a print after it is another program


class Renamed(ast.NodeTransformer):
    """Every name that a function binds gets another one; parameters get a type hint."""

    hints = True

    def __init__(self, tree):
        imported = {
            a.asname or a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
        }
        bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        bound |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)} - {"self"}
        outer = [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))]
        fixed = {name.id for n in outer for step in n.body if isinstance(step, ast.Assign) for name in step.targets}
        self.names = {name: f"{name[0]}x_{number}" for number, name in enumerate(sorted(bound - imported - fixed))}

    def visit_Name(self, node):
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def visit_Lambda(self, node):
        hinted = self.hints
        self.hints = False  # a lambda takes none
        self.generic_visit(node)
        self.hints = hinted
        return node

    def visit_arg(self, node):
        hint = ast.Name("object", ast.Load()) if self.hints else None
        return ast.copy_location(ast.arg(self.names.get(node.arg, node.arg), hint), node)

    def visit_Nonlocal(self, node):
        return type(node)([self.names.get(name, name) for name in node.names])

    visit_Global = visit_Nonlocal


class Chatty(ast.NodeTransformer):
    """A print after each assignment of a name, and at the start of each function."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.body.insert(0, ast.parse("print('begin')").body[0])
        return node

    def visit_Assign(self, node):
        if isinstance(node.targets[0], ast.Name) and node.col_offset:
            return [node, ast.parse(f"print('so far', {node.targets[0].id})").body[0]]
        return node


class TryFinally(ast.NodeTransformer):
    """`with conn:` written as try and finally; a lock is released by its `with`, and cannot be closed."""

    def __init__(self, tree):
        made = [n for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call)]
        locks = [n for n in made if ast.unparse(n.value.func).startswith("threading.")]
        self.locks = {name.id for n in locks for name in n.targets if isinstance(name, ast.Name)}

    def visit_With(self, node):
        self.generic_visit(node)
        only = node.items[0]
        if len(node.items) > 1 or not (isinstance(only.context_expr, ast.Name) and only.optional_vars is None):
            return node
        name = only.context_expr.id
        if name in self.locks:
            return node
        return ast.Try(node.body, [], [], ast.parse(f"{name}.close()").body)


def varied(text):
    tree = ast.parse(text)
    tree = TryFinally(tree).visit(tree)
    tree = Renamed(tree).visit(tree)
    return ast.unparse(ast.fix_missing_locations(Chatty().visit(tree)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_variation_gets_the_same_verdict(path, monkeypatch):
    if path.stem in KEPT_BY_MEANING:
        pytest.skip("a further print changes what this answer does")
    exercise = EXERCISES[path.parent.name]
    text = path.read_text()
    wanted = re.match(r"# diagnosis: (\S+)", text)
    answers = [Answer(name, varied(text)) for name in exercise.names]
    expected = wanted[1] if wanted else "passed"
    for patience in ("0.5", "2"):  # half the deadlines save minutes; on a busy machine they may be too short
        monkeypatch.setenv("NETLIB_PATIENCE", patience)
        found = run_check(exercise.name, exercise.check, answers)
        name = found.diagnosis.name if found.diagnosis else "passed"
        if name == expected:
            return
    assert name == expected, varied(text)
