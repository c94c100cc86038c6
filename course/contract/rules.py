"""The rules that a lesson is read by. Each is a function from the lesson's cells to complaints.

They close what nbval does not notice (a cell that never ran, a misspelt marker, an unknown magic, an error that was
expected and did not come) and hold the form that all lessons share.
"""

from __future__ import annotations

import ast
import builtins
import re
import statistics
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

from course.contract.complaint import Complaint
from course.contract.notes import instructor_notes
from course.contract.skeleton import skeleton
from course.lesson.source import Cell, cells_of, main_line

MOST_LINES = 25
MEDIAN_LINES = 5
NINE_IN_TEN_LINES = 14
# Magics that a lesson may use: IPython's harmless ones and the course's own.
MAGICS = {"%%trace", "%%writefile", "%matplotlib", "%time", "%%time", "%timeit", "%%catch_up", "%catch_up"}
# What course.waiting and course.waiting.leftovers write into a cell.
_NOTICES = r"still (?:waiting in|running line)|waited \d+(?:\.\d)? s|was busy \d|left running, held by no variable"
_LOCAL_NAMES = set(dir(builtins)) | {"__name__", "In", "Out", "_", "__", "get_ipython", "display", "exit", "quit"}


def has_run(cells: list[Cell]) -> Iterator[Complaint]:
    """Every code cell has run, once, from top to bottom."""
    expected = 0
    for cell in cells:
        if not cell.is_code:
            continue
        expected += 1
        count = cell.node.execution_count
        if count != expected:
            seen = "has never run" if count is None else f"was run as number {count}"
            yield Complaint("has_run", cell.number, f"this cell {seen}, not as number {expected}: run `make outputs`")


def no_raises_exception(cells: list[Cell]) -> Iterator[Complaint]:
    """No cell is marked as raising: the tag passes when nothing is raised."""
    for cell in cells:
        if "raises-exception" in cell.tags or "NBVAL_RAISES_EXCEPTION" in cell.source:
            yield Complaint(
                "no_raises_exception", cell.number, "use `with expect(Error):`, which fails when nothing is raised"
            )


def markers(cells: list[Cell]) -> Iterator[Complaint]:
    """A marker of nbval is spelt as nbval knows it, and says its reason."""
    for cell in cells:
        for tag in cell.tags:
            if re.sub(r"[_ ]", "-", tag.lower()).startswith("nbval") and tag not in {"nbval-ignore-output"}:
                yield Complaint("markers", cell.number, f"nbval does not know the tag {tag!r} (nbval-ignore-output)")
        for line in cell.source.splitlines() if cell.is_code else []:
            if re.search(r"#.*nbval", line, re.IGNORECASE):
                yield Complaint(
                    "markers", cell.number, f"{line.strip()!r}: use the tag nbval-ignore-output, with a reason"
                )
        if "nbval-ignore-output" in cell.tags and not str(cell.course.get("ignore-output", "")).strip():
            yield Complaint(
                "markers", cell.number, 'nbval-ignore-output needs its reason: metadata "course": {"ignore-output": …}'
            )


def parses(cells: list[Cell]) -> Iterator[Complaint]:
    """Every code cell is Python."""
    for cell in cells:
        if cell.is_code:
            try:
                _ = cell.tree
            except SyntaxError as error:
                yield Complaint("parses", cell.number, f"line {error.lineno}: {error.msg}")


def known_magics(cells: list[Cell]) -> Iterator[Complaint]:
    """Every magic is one that exists: IPython prints a message for others, and goes on."""
    for cell in cells:
        for magic in cell.magics() if cell.is_code else []:
            if magic not in MAGICS:
                yield Complaint(
                    "known_magics", cell.number, f"unknown magic {magic}; a lesson may use {sorted(MAGICS)}"
                )


def no_fixed_port(cells: list[Cell]) -> Iterator[Complaint]:
    """No address has a port of its own choice: it may be taken, and the second run then fails."""
    for cell in _parsed(cells):
        allowed = str(cell.course.get("fixed-port", "")).strip()
        for node in ast.walk(cell.tree):
            port = _port_in(node)
            if port and not allowed:
                yield Complaint("no_fixed_port", cell.number, f"the port {port} is fixed; use 0 and ask getsockname()")


def _port_in(node: ast.AST) -> int:
    """Return the fixed port in `node`, an address tuple or a `port = …`; 0 if there is none."""
    if isinstance(node, ast.Tuple) and len(node.elts) in (2, 4):
        host, port = node.elts[:2]
        if isinstance(host, ast.Constant) and isinstance(host.value, str) and _is_port(port):
            return int(port.value)  # type: ignore[attr-defined]
    if isinstance(node, ast.Assign) and _is_port(node.value):
        names = [target.id.lower() for target in node.targets if isinstance(target, ast.Name)]
        if any("port" in name.split("_") for name in names):
            return int(node.value.value)  # type: ignore[attr-defined]
    return 0


def _is_port(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and 0 < node.value < 65536


def no_sleep(cells: list[Cell]) -> Iterator[Complaint]:
    """Nothing in the main line waits by sleeping: it is too short on one machine and too long on all others."""
    for cell in _parsed(cells):
        for node in main_line(cell.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep", "asyncio.sleep"):
                yield Complaint("no_sleep", cell.number, f"`{ast.unparse(node)}`: wait for the event, not for a time")


def own_names(cells: list[Cell]) -> Iterator[Complaint]:
    """A lesson uses no name that only another notebook defines."""
    defined = set(_LOCAL_NAMES)
    for cell in _parsed(cells):
        defined |= _defined_in(cell.tree)
    for cell in _parsed(cells):
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in defined:
                yield Complaint("own_names", cell.number, f"the name {node.id!r} is defined nowhere in this lesson")


def _defined_in(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


def short_cells(cells: list[Cell]) -> Iterator[Complaint]:
    """One idea a cell: the median is at most 5 lines, nine in ten have at most 14, none has over 25."""
    code = [cell for cell in cells if cell.is_code]
    for cell in code:
        if len(cell.lines) > MOST_LINES:
            yield Complaint("short_cells", cell.number, f"{len(cell.lines)} lines; a cell has at most {MOST_LINES}")
    lengths = sorted(len(cell.lines) for cell in code)
    if lengths and statistics.median(lengths) > MEDIAN_LINES:
        yield Complaint(
            "short_cells", 0, f"the median cell has {statistics.median(lengths)} lines, over {MEDIAN_LINES}"
        )
    if lengths and lengths[int(0.9 * (len(lengths) - 1))] > NINE_IN_TEN_LINES:
        yield Complaint("short_cells", 0, f"more than one cell in ten has over {NINE_IN_TEN_LINES} lines")


def no_waiting_notice(cells: list[Cell]) -> Iterator[Complaint]:
    """No stored output tells of a cell that waited: that is the author's machine, not the lesson."""
    for cell in cells:
        for output in cell.node.get("outputs", []):
            if re.search(_NOTICES, str(output)):
                yield Complaint("no_waiting_notice", cell.number, "a waiting notice is stored: run `make outputs`")


def reasons(cells: list[Cell]) -> Iterator[Complaint]:
    """What a cell is excused from, it says why: keys of "course" with a reason as their text."""
    excuses = {"once", "ignore-output", "fixed-port", "not-loopback", "fails-on-purpose"}
    known = excuses | {"exercise", "role", "claims", "programs"}
    for cell in cells:
        for key, value in cell.course.items():
            if key not in known:
                yield Complaint("reasons", cell.number, f'"course" knows no key {key!r}; it knows {sorted(known)}')
            elif not str(value).strip():
                yield Complaint("reasons", cell.number, f'"course": {{"{key}": …}} must say a reason')


def _parsed(cells: list[Cell]) -> Iterator[Cell]:
    """Yield the code cells that are Python; `parses` complains of the others."""
    for cell in cells:
        if cell.is_code and not list(parses([cell])):
            yield cell


Rule = Callable[[list[Cell]], Iterator[Complaint]]
RULES: tuple[Rule, ...] = (
    has_run,
    no_raises_exception,
    markers,
    parses,
    known_magics,
    no_fixed_port,
    no_sleep,
    own_names,
    short_cells,
    no_waiting_notice,
    reasons,
    skeleton,
    instructor_notes,
)


def complaints(notebook: NotebookNode) -> list[Complaint]:
    """Return every complaint of every rule about one lesson."""
    cells = cells_of(notebook)
    return [complaint for rule in RULES for complaint in rule(cells)]
