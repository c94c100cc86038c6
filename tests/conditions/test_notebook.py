"""In a notebook: whatever start-up files, other editors, a full disk or files of one's own do, a check is shown."""

import json
import sys

import nbformat
import pytest

IMPORT = "from course.exercises import check"
ANSWER = "def shout(text):\n    return text.upper()"
CHECK = 'check("shout", shout)'
PROFILE = "profile_default/ipython_config.py"
STARTUP = "profile_default/startup/00-mine.py"
SHELL = "get_config().InteractiveShell"
RUN = "run = get_ipython().run_line_magic\n"
THEIRS = {
    **{
        f"ast_node_interactivity {value}": (
            PROFILE,
            f"get_config().InteractiveShell.ast_node_interactivity = {value!r}",
        )
        for value in ("all", "last", "last_expr", "last_expr_or_assign")
    },
    "prints": (STARTUP, "print('hello from a start-up file')"),
    "shadowed names": (STARTUP, "list = dict = open = print = str = check = shout = socket = sys = 3"),
    "autoreload": (STARTUP, RUN + "run('load_ext', 'autoreload')\nrun('autoreload', '2')"),
    "autoreload of everything, and a plotting backend": (
        STARTUP,
        RUN + "run('load_ext', 'autoreload')\nrun('autoreload', '3')\nrun('matplotlib', 'inline')",
    ),
    "a default time-out": (STARTUP, "import socket\nsocket.setdefaulttimeout(3)"),
    "a file that raises": (STARTUP, "1 / 0"),
}


def panels(outputs):
    """Return the panels among the outputs of a cell, as text."""
    return [one.data["text/plain"] for one in outputs if "text/html" in one.get("data", {})]


@pytest.mark.parametrize("theirs", THEIRS)
def test_one_panel_is_shown_whatever_ipython_was_told(run_cells, tmp_path, theirs):
    name, text = THEIRS[theirs]
    (tmp_path / "ipython" / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "ipython" / name).write_text(text)
    *_, shown = run_cells(IMPORT, ANSWER, CHECK)
    [panel] = panels(shown)
    assert "shout: passed" in panel
    assert "passed" in (tmp_path / "answers" / "shout.py").read_text()


def test_a_module_of_the_learners_own_is_not_taken_for_pythons(run_cells, tmp_path):
    for name in ("socket", "select", "selectors", "threading", "signal", "random", "queue"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this is mine')")
    *_, shown = run_cells(IMPORT, ANSWER, CHECK, "from netlib import *", 'import course.labs\ncheck("shout", shout)')
    assert "shout: passed" in panels(shown)[0]


def test_a_folder_deleted_meanwhile_costs_neither_verdict_nor_answer(run_cells, elsewhere):
    folder = elsewhere("course")
    gone = f"import os\nos.mkdir({str(folder / 'gone')!r})\nos.chdir({str(folder / 'gone')!r})\nos.rmdir('../gone')"
    *_, shown = run_cells(IMPORT, ANSWER, gone, CHECK, COURSE_ANSWERS="", PYTHONPATH=str(folder))
    [panel] = panels(shown)
    assert "shout: passed" in panel
    assert "passed" in (folder / "answers" / "shout.py").read_text()


# ---------------------------------------------------------------------- copies saved by other editors
def older(minor):
    def save(notebook):
        for cell in notebook["cells"]:
            cell.pop("id", None)
        return json.dumps(notebook | {"nbformat_minor": minor}, indent=1)

    return save


SAVED = {
    "nbformat 4.0": older(0),
    "nbformat 4.4": older(4),
    "nbformat 4.5 without ids": older(5),
    "CRLF": lambda notebook: json.dumps(notebook, indent=1).replace("\n", "\r\n"),
    "another indent": lambda notebook: json.dumps(notebook, indent="\t", ensure_ascii=False),
    "one line": json.dumps,
    "lines that are joined": lambda notebook: json.dumps(
        notebook | {"cells": [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]}
    ),
}


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@pytest.mark.parametrize("editor", SAVED)
def test_a_copy_saved_by_another_editor_is_the_learners_and_runs(editor, elsewhere, command, run_cells, tmp_path):
    folder = elsewhere("course")
    command(folder, "work")
    copy = folder / "work" / "00_start_here.ipynb"
    notebook = json.loads(copy.read_text("utf-8"))
    stub = next(cell for cell in notebook["cells"] if "exercise" in cell["metadata"].get("course", {}))
    stub["source"] = [f"{line}\n" for line in ANSWER.splitlines()]
    saved = SAVED[editor](notebook).encode()
    copy.write_bytes(saved)
    renewed = (folder / "notebooks" / copy.name).read_text("utf-8").replace("Start here", "Begin here")
    (folder / "notebooks" / copy.name).write_text(renewed, "utf-8")
    assert "yours is kept as it is" in command(folder, "work")
    assert copy.read_bytes() == saved
    cells = [cell.source for cell in nbformat.read(copy, as_version=4).cells if cell.cell_type == "code"]
    shown = run_cells(*cells, COURSE_LABS="0")
    assert any("shout: passed" in panel for outputs in shown for panel in panels(outputs))
    assert "passed" in (tmp_path / "answers" / "shout.py").read_text()


# ---------------------------------------------------------------------- no room for an answer
SCRIPT = f"""
import os, pathlib
{IMPORT}


{ANSWER}  # {"so long that it is more than half a KiB " * 20}


{CHECK}
kept = pathlib.Path(os.environ["COURSE_ANSWERS"])
print(kept.joinpath("shout.py").read_text(), [path.name for path in kept.rglob("*") if path.suffix != ".py"])
"""


@pytest.mark.parametrize("how", ["a full disk", "no file may grow beyond half a KiB"])
def test_without_room_the_verdict_comes_and_the_earlier_answer_stays(how, under, tmp_path):
    condition, answers = under(how), tmp_path / "condition" / "answers"
    answers.mkdir()
    (answers / "shout.py").write_text("# an earlier answer\n")
    (tmp_path / "script.py").write_text(SCRIPT)
    done = condition.run(sys.executable, tmp_path / "script.py", COURSE_ANSWERS=str(answers), COURSE_KEEP="1")
    assert "shout: passed" in done.stdout, done.stderr
    assert "could not be kept" in done.stdout
    assert "# an earlier answer" in done.stdout
    assert ".new" not in done.stdout
