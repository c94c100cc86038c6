"""The exercises as a learner meets them: check, hint, solution, replay, progress."""

from __future__ import annotations

import os
import sys

from course import waiting
from course.checker import Verdict
from course.exercises import start_up, store
from course.exercises.callsite import call_site
from course.exercises.checking import check_objects
from course.exercises.display import Shown, code_block, paragraph, show
from course.exercises.panels import Panel
from course.exercises.reference import reference_text
from course.exercises.registry import UnknownExercise, find
from course.exercises.replaying import Checked, Replayed, replayed
from course.exercises.standing import overview

__all__ = ["NotPassed", "UnknownExercise", "check", "hint", "progress", "replay", "solution"]

_hints_shown: dict[str, int] = {}
_last_checks: dict[str, Checked] = {}


class NotPassed(AssertionError):
    """An answer did not pass, under STRICT=1. The text is the panel's."""

    def _render_traceback_(self) -> list[str]:  # IPython shows this in place of our own frames
        return [f"NotPassed: {self}"]


def check(name: str, *answers: object) -> Panel:
    """Check an answer: `check("shout", shout)`. Give the function (or class) itself.

    Shows a panel. The answer is kept in `answers/` as text that stands alone. Under STRICT=1 anything but
    "passed" raises.

    Raises:
        UnknownExercise: there is no exercise `name`.
        NotPassed: under STRICT=1.
    """
    exercise = find(name)
    frame = sys._getframe(1)
    site = call_site(frame)
    verdict, texts = check_objects(exercise, answers, frame.f_globals, site)
    _last_checks[name] = Checked(verdict, answers, site)
    note = _keep(verdict, texts[0].text) if texts else ""
    shown = Panel(verdict, note)
    if verdict.outcome != "passed" and os.environ.get("STRICT") == "1":
        raise NotPassed(shown.text)
    show(shown, site.dropped)
    return shown


def _keep(verdict: Verdict, text: str) -> str:
    """Keep the answer; return what the panel has to say about that, usually nothing."""
    try:
        store.keep(verdict.exercise, text, verdict.outcome)
    except OSError as error:
        return f"This answer could not be kept in {store.folder()}: {error.strerror or error}."
    return ""


def hint(name: str) -> Shown:
    """Show the next hint of an exercise, from a nudge to almost the answer; after the last one, all again.

    Raises:
        UnknownExercise: there is no exercise `name`.
    """
    exercise = find(name)
    hints = exercise.hints
    number = _hints_shown[name] = _hints_shown.get(name, 0) + 1
    if number <= len(hints):
        lines = [f"Hint {number} of {len(hints)}: {hints[number - 1]}"]
    else:
        lines = [f"Hint {i} of {len(hints)}: {text}" for i, text in enumerate(hints, 1)]
        lines.append(f'These were all. `solution("{name}", give_up=True)` shows one answer.')
    return show(Shown("\n".join(lines), "".join(map(paragraph, lines))), call_site(sys._getframe(1)).dropped)


def solution(name: str, give_up: bool = False) -> Shown:
    """Show one right answer, once yours has passed; `give_up=True` shows it before.

    Raises:
        UnknownExercise: there is no exercise `name`.
    """
    exercise = find(name)
    dropped = call_site(sys._getframe(1)).dropped
    if not give_up and not store.has_passed(name):
        text = (
            f'The solution is shown once your answer has passed. `hint("{name}")` helps on; '
            f'`solution("{name}", give_up=True)` shows it now.'
        )
        return show(Shown(text, paragraph(text)), dropped)
    source = reference_text(exercise)
    return show(Shown(source, markdown=code_block(source)), dropped)


def replay(name: str) -> Replayed:
    """Run the failing case of your last check again, in this kernel, with the same peer, and draw it.

    Your function runs here: print in it, or stop in it with `breakpoint()`, as you like.

    Raises:
        UnknownExercise: there is no exercise `name`.
    """
    exercise, frame = find(name), sys._getframe(1)
    shown = replayed(exercise, _last_checks.get(name), frame.f_globals)
    show(shown, call_site(frame).dropped)
    return shown


def progress() -> Shown:
    """Show which exercises are passed, and the next ten-minute step."""
    return show(overview(), call_site(sys._getframe(1)).dropped)


# Every lesson imports this module in its first cell: from then on its sockets are Python's own, and its cells say what
# they wait for.
start_up.begin()
waiting.enable()
