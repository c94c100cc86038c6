"""Who imports whom, held to `docs/architecture.md`. As a command it lists every import that crosses rooms:

.venv/bin/python tests/test_architecture.py
"""

import ast
import graphlib
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGES = ("netlib", "sockscope", "course", "benchmarks")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
ROW = re.compile(r"^\| `([\w.]+)` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
LAYERS = re.compile(r"^- `([\w.]+)`: (.+?)\.$", re.MULTILINE | re.DOTALL)
MAY_IMPORT = {room: re.findall(r"`([\w.]+)`", allowed) for room, allowed in ROW.findall(PAGE)}
FLOORS = {
    room: [re.findall(r"\w+", layer) for layer in " ".join(text.split()).split(" < ")]
    for room, text in LAYERS.findall(PAGE)
}


def modules_of(node, module):
    """Return the modules of ours that an import statement of `module` names."""
    if isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module}: imports are written in full"
        named = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return []
    named = [name if name in FILES else name.rpartition(".")[0] for name in named]
    return [name for name in named if name in FILES and name != "course"]  # imported for its place on the disk


def imports(module):
    """Return the modules of ours that `module` imports, those for type checkers alone and those in functions too."""
    tree = ast.parse(FILES[module].read_text())
    return {name for node in ast.walk(tree) for name in modules_of(node, module)}


def room_of(module):
    """Return the room of a module: the longest name on the page that its own begins with."""
    return max((room for room in MAY_IMPORT if f"{module}.".startswith(f"{room}.")), key=len)


ARROWS = {(module, other) for module in FILES for other in imports(module) if other != module}


def test_every_import_between_rooms_is_one_that_the_page_allows():
    crossing = {(one, other) for one, other in ARROWS if room_of(one) != room_of(other)}
    assert {(one, other) for one, other in crossing if room_of(other) not in MAY_IMPORT[room_of(one)]} == set()


def test_every_arrow_that_the_page_allows_is_used():
    used = {(room_of(one), room_of(other)) for one, other in ARROWS}
    assert {(room, other) for room, allowed in MAY_IMPORT.items() for other in allowed} - used == set()


def test_there_is_no_circle_among_files_and_none_among_rooms():
    for names in (lambda module: module, room_of):
        graph = {}
        for one, other in ARROWS:
            if names(one) != names(other) and FILES[other].name != "__init__.py":
                graph.setdefault(names(one), set()).add(names(other))
        graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("room", FLOORS)
def test_inside_a_room_each_file_imports_only_from_floors_below_its_own(room):
    floor = {f"{room}.{name}": number for number, names in enumerate(FLOORS[room]) for name in names}
    faces = ("__init__.py", "__main__.py")
    inside = {name for name in FILES if name.rpartition(".")[0] == room and FILES[name].name not in faces}
    assert inside == set(floor)
    assert {(a, b) for a, b in ARROWS if a in floor and b in floor and floor[a] <= floor[b]} == set()


def test_the_page_names_every_room():
    rooms = {path.name for path in (ROOT / "course").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms == {room.split(".")[1] for room in MAY_IMPORT if room.startswith("course.")} - {"__main__"}


def test_every_file_that_the_page_names_is_there():
    named = {name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", PAGE) if not re.search("NN|NAME|work/", name)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


if __name__ == "__main__":
    crossings = Counter((room_of(one), room_of(other)) for one, other in ARROWS if room_of(one) != room_of(other))
    for (one, other), number in sorted(crossings.items()):
        print(f"{one:24} -> {other:24} {number:3}")
