"""The command line of the course: `python -m course COMMAND`. The Makefile's targets call it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from course.classroom.rows import show_anything
from course.desk.lab import LabError
from course.desk.work import WorkError
from course.editions.written import EDITIONS, EditionError, write_edition
from course.execution.outputs import OutputsError
from course.lesson.manifest import NOTEBOOKS, ROOT, find_lesson, lessons
from course.lesson.notebook import LessonError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course", description="Sockets, Cell by Cell: its commands.")
    parser.epilog = (
        "python -m course COMMAND --help says more of one. `make COMMAND` runs it in the course's environment."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    lab = commands.add_parser("lab", help="lay out your copies in work/ and open JupyterLab at the first lesson")
    lab.add_argument("--port", type=int, help="the port to listen on (without it: the first free one from 8888)")
    commands.add_parser("work", help="lay out your copies of the lessons in work/, and keep what you changed")
    outputs = commands.add_parser("outputs", help="execute lessons and store their outputs (for authors)")
    outputs.add_argument("lesson", nargs="*", help="a number, a name, or the path of a notebook; without it: all")
    commands.add_parser("verify", help="check kept answers again, strictly (verify --help)")
    commands.add_parser("lessons", help="list the lessons with their minutes")
    _for_teachers(commands)
    return parser


def _for_teachers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = {
        "live": "write the edition to type in front of a class: headings, questions, prompts and your notes",
        "solved": "write the edition with the reference answer in each exercise",
    }
    for name, text in about.items():
        edition = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        edition.add_argument("lesson", nargs="+", help="a number (3, 03) or a name (server_lifecycle)")
        edition.add_argument(
            "--to", type=Path, metavar="FOLDER", default=ROOT / name, help=f"where to (without it: {name}/)"
        )
        edition.epilog = (
            f"For example: python -m course {name} 03, or python -m course {name} 04 05 --to friday. "
            "Nothing is overwritten: a file that is there already is named, and left as it is. "
            "docs/teaching.md says how to use it."
        )
    schedule = commands.add_parser("schedule", help="print plans for half a day, one day and two days of teaching")
    schedule.add_argument("plan", nargs="*", help="half-day, one-day or two-days; without it: all three")
    schedule.epilog = "The minutes are those of the instructor's notes in the lessons; breaks are included."


def _lay_out() -> None:
    from course.desk.work import lay_out

    for line in lay_out(ROOT / "work"):
        print(line)


def _paths(wanted: list[str]) -> list[Path]:
    if not wanted:
        return [lesson.path for lesson in lessons(NOTEBOOKS)] + sorted((ROOT / "docs").glob("*.ipynb"))
    return [Path(one) if Path(one).is_file() else find_lesson(one).path for one in wanted]


def run(options: argparse.Namespace) -> None:
    """Carry out one parsed command."""
    if options.command in ("lab", "work"):
        _lay_out()
    if options.command == "lab":
        from course.desk.lab import start

        start(ROOT, options.port)
    elif options.command == "outputs":
        from course.execution.outputs import renew

        renew(_paths(options.lesson))
    elif options.command == "schedule":
        from course.editions.schedule import text

        print(text(options.plan))
    elif options.command in EDITIONS:
        for path in write_edition(options.command, options.lesson, options.to):
            print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    elif options.command == "lessons":
        for lesson in lessons():
            minutes = f"{lesson.reading_minutes:3} + {lesson.exercise_minutes} minutes"
            print(f"{lesson.name:24} {minutes:18} {lesson.title}")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 2 with the reason on stderr (`verify`: 1 if an answer did not pass)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    show_anything()
    try:
        code = _main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along has what it wanted, as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return code


def _main(arguments: list[str]) -> int:
    if arguments[:1] == ["verify"]:
        from course.classroom.verify import main as verify

        return verify(arguments[1:])
    try:
        run(_parser().parse_args(arguments))
    except (EditionError, LabError, LessonError, OutputsError, WorkError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
