"""`%catch_up`: the lesson's own code for a live edition's cells.

`%load_ext course.editions.catch_up` brings it into a kernel.

Which cell is meant stands in the cell: the number of its prompt, as in `# 3.5 · listener.bind → address`. Where the
prompt was deleted, the front end's id of the cell is taken if it told one (JupyterLab does), because the live edition
keeps the ids of the lesson's cells.
"""

from __future__ import annotations

import ast
import inspect
import re
from functools import lru_cache
from typing import Any

from IPython.utils.capture import capture_output

from course.editions.live import EXTENSION
from course.lesson.manifest import find_lesson, lessons
from course.lesson.notebook import LessonError, read_notebook
from course.lesson.parts import CodeCell, code_cells
from course.lesson.prompts import defines, prompt

TYPED = "# What was typed here:"
HELP = "`%catch_up` in a cell fetches the lesson's code for it; `%catch_up all` runs all cells before it."
_PROMPT = re.compile(r"^[ \t]*#[ \t]*(\d+)\.(\d+)\b", re.MULTILINE)
_PROMPT_LINE = re.compile(_PROMPT.pattern + r"[^\n]*$", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*%catch_up\b[^\n]*$", re.MULTILINE)
_WANTED = re.compile(r"(?:(all)\b)?[ \t]*(?:(?:(\d+)\.)?(\d+))?")


class Lines:
    """The code cells of one lesson, as the notebook in `notebooks/` has them now."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.notebook = read_notebook(find_lesson(str(number)).path)
        self.cells = code_cells(self.notebook)

    def cell(self, number: int) -> CodeCell:
        """Return one cell.

        Raises:
            LessonError: the lesson has no such cell.
        """
        if not 1 <= number <= len(self.cells):
            raise LessonError(f"lesson {self.number} has the cells {self.number}.1 to {self.number}.{len(self.cells)}")
        return self.cells[number - 1]

    def text(self, cell: CodeCell) -> str:
        """Return what stands in a cell once it is caught up: its prompt, then the lesson's code."""
        if cell.number == 1:
            return f"{cell.source}\n\n{EXTENSION}"
        first, _, rest = cell.source.partition("\n")
        line = prompt(self.notebook, cell)
        return f"{first}\n{line}\n{rest}" if first.startswith("%%") else f"{line}\n{cell.source}"

    def definer(self, name: str, before: int) -> CodeCell | None:
        """Return the latest cell before number `before` that gives `name` a value."""
        return next((cell for cell in reversed(self.cells[: before - 1]) if name in defines(cell)), None)


@lru_cache(maxsize=16)
def lines_of(number: int) -> Lines:
    """Return the cells of lesson `number`. Raises LessonError."""
    return Lines(number)


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[int, int]]:
    """Return {id of a cell: (lesson, number)}, for ids that only one lesson has."""
    found: dict[str, list[tuple[int, int]]] = {}
    for lesson in lessons():
        for cell in lines_of(lesson.number).cells:
            found.setdefault(cell.id, []).append((lesson.number, cell.number))
    return {name: places[0] for name, places in found.items() if len(places) == 1}


class CatchUp:
    """What `%catch_up` does in one kernel."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.raw, self.id = "", ""
        shell.events.register("pre_run_cell", self._note)
        shell.events.register("post_run_cell", self._explain)
        shell.input_transformers_cleanup.append(only_the_magic)
        shell.register_magic_function(self.catch_up, "line", "catch_up")

    def _note(self, info: Any) -> None:
        self.raw, self.id = str(info.raw_cell), str(getattr(info, "cell_id", "") or "")

    def _explain(self, result: Any) -> None:
        """Say after a NameError which cell of the lesson gives the name a value."""
        error, here = result.error_in_exec, self._here()
        if isinstance(error, NameError) and here and (hint := missing(error, *here)):
            print(hint)

    def _here(self) -> tuple[int, int] | None:
        """Return (lesson, number) of the cell that runs, None where nothing tells."""
        found = _PROMPT.search(self.raw)
        return (int(found[1]), int(found[2])) if found else _places().get(self.id)

    def catch_up(self, line: str) -> None:
        """Fetch the lesson's code for this cell; `all`: run all cells before it; a number, `3.5`: run that one."""
        wanted = _WANTED.fullmatch(line.strip())
        try:
            if not wanted:
                raise LessonError(f"%catch_up does not know {line.strip()!r}. {HELP} `%catch_up 3.5` runs cell 3.5.")
            everything, lesson, number = wanted.groups()
            here = self._here()
            if here is None and not (lesson and number):
                raise LessonError("this cell has no number. Give it one as its first line, such as `# 3.5`. " + HELP)
            lesson, at = int(lesson or (here or (0, 0))[0]), int(number or (here or (0, 0))[1])
            if everything:
                self._run(lines_of(lesson), [cell for cell in lines_of(lesson).cells if cell.number < at])
            elif number:
                self._run(lines_of(lesson), [lines_of(lesson).cell(at)])
            else:
                self._fetch(lines_of(lesson), at)
        except LessonError as error:
            print(error)

    def _fetch(self, lesson: Lines, at: int) -> None:
        cell = lesson.cell(at)
        if cell.is_exercise:
            raise LessonError('this is an exercise, which is yours to write: `hint("…")` helps with it')
        self.shell.set_next_input(lesson.text(cell) + self._typed(cell), replace=True)
        print(f"the lesson's code of cell {lesson.number}.{at} is in the cell now: run it")
        stands = _PROMPT_LINE.search(self.raw)
        if stands and "·" in stands[0] and stands[0].strip() != prompt(lesson.notebook, cell):
            print("The prompt was another one: the lesson has changed since this edition was made. Make a new one.")

    def _typed(self, cell: CodeCell) -> str:
        """Return as comments what else stands in the cell: an editor's undo takes it away with the fetched code."""
        rest = _LINE.sub("", _PROMPT_LINE.sub("", self.raw)).replace(cell.source, "").replace(EXTENSION, "")
        lines = [line for line in rest.splitlines() if line.strip() and line != TYPED]
        commented = [line if line.startswith("# ") else f"# {line}" for line in lines]
        return "\n".join(["", "", TYPED, *commented]) if commented else ""

    def _run(self, lesson: Lines, cells: list[CodeCell]) -> None:
        """Run cells of the lesson unseen, as far as it goes; say which did not run; give the cell its text back."""
        ran = [cell for cell in cells if not cell.is_exercise]
        failed = [text for cell in ran if (text := self._failure(lesson, cell))]
        rest = _LINE.sub("", self.raw).strip("\n")
        self.shell.set_next_input(rest + "\n", replace=True)
        if not ran:
            print("no cell of the lesson comes before this one")
            return
        first, last = ran[0].number, ran[-1].number
        which = f"cell {lesson.number}.{last}" if first == last else f"cells {lesson.number}.{first} to {last}"
        print(f"ran the lesson's {which}" + (f"; {len(failed)} failed:" if failed else ""))
        for text in failed:
            print(text)

    def _failure(self, lesson: Lines, cell: CodeCell) -> str:
        """Run one cell of the lesson in the learner's namespace, its output put away; return why it failed, or ""."""
        transformed = self.shell.transform_cell(cell.source)
        name = self.shell.compile.cache(transformed, raw_code=cell.source)
        try:
            code = compile(transformed, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            if code.co_flags & inspect.CO_COROUTINE:
                return f"  {lesson.number}.{cell.number} awaits: it can be run only as a cell of its own"
            with capture_output():
                exec(code, self.shell.user_ns)
        except Exception as error:
            hint = missing(error, lesson.number, cell.number) if isinstance(error, NameError) else ""
            return f"  {lesson.number}.{cell.number} {type(error).__name__}: {error}" + (f". {hint}" if hint else "")
        return ""


def only_the_magic(lines: list[str]) -> list[str]:
    """Leave a cell's `%catch_up` line and nothing else, so that what was half typed does not run before it."""
    magic = [line for line in lines if _LINE.match(line)]
    return [magic[0].lstrip()] if magic else lines


def missing(error: NameError, lesson: int, number: int) -> str:
    """Return which cell of the lesson before `number` makes the name that is missing, and how to get it; or ""."""
    try:
        found = lines_of(lesson).definer(error.name or "", number)
    except LessonError:
        return ""
    if found is None:
        return ""
    place = f"{lesson}.{found.number}"
    return (
        f"In the lesson, cell {place} makes `{error.name}`. Add the line `%catch_up {place}` here: it runs that "
        "cell of the lesson. `%catch_up all` runs all cells before this one."
    )


def load_ipython_extension(shell: Any) -> None:
    """Bring `%catch_up` into a kernel; a second call changes nothing."""
    if "catch_up" not in shell.magics_manager.magics["line"]:
        CatchUp(shell)
