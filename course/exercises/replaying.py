"""replay(): the failing case once more, with the learner's own function in the learner's own kernel, drawn."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from course.checker import Replay, Verdict, replay_case
from course.exercises.callsite import CallSite
from course.exercises.display import Shown, paragraph
from course.exercises.registry import Exercise
from sockscope.trace import Trace, trace

_ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = (str(_ROOT / "course"), str(_ROOT / "netlib"), str(_ROOT / "sockscope"))


@dataclass(frozen=True)
class Checked:
    """The last check of an exercise in this kernel: what came of it, and what was given, by which words."""

    verdict: Verdict
    objects: Sequence[object]
    site: CallSite

    def now(self, namespace: Mapping[str, Any]) -> list[object]:
        """Return the answers as they are now: a function that was defined anew since counts."""
        given = self.site.arguments[1:]
        if len(given) != len(self.objects):
            return list(self.objects)
        return [namespace.get(source, value) for source, value in zip(given, self.objects, strict=True)]


class Replayed(Shown):
    """What happened in a replay. `trace` is its recording: `.trace.timeline()` draws it by the clock."""

    def __init__(self, text: str, html: str, recorded: Trace | None = None) -> None:
        super().__init__(text, html)
        self.trace = recorded


def replayed(exercise: Exercise, last: Checked | None, namespace: Mapping[str, Any]) -> Replayed:
    """Run the failing case of the last check again and return what happened, or say why there is none."""
    call = f'`check("{exercise.name}", {", ".join(exercise.names)})`'
    if last is None:
        return _said(f"There is nothing to replay yet. Run {call} first.")
    if last.verdict.outcome == "passed":
        return _said("Your answer has passed: there is no failing case to replay.")
    functions = [value for value in last.now(namespace) if callable(value)]
    known = last.verdict.outcome == "not yet" and last.verdict.expected
    if not known or len(functions) != len(exercise.names):
        return _said(f"The last check ran no case to its end. Mend what it named, and run {call} again.")
    return _replayed(exercise, last.verdict.case, functions)


def _said(text: str) -> Replayed:
    return Replayed(text, paragraph(text))


def _replayed(exercise: Exercise, case: str, functions: Sequence[Callable[..., Any]]) -> Replayed:
    with trace() as recorded:
        done = replay_case(exercise.check, case, functions)
    lines = [f"Case: {done.case}", *(f"  {line}" for line in done.wire), _ending(done)]
    text = "\n".join(lines)
    html = f'<pre style="white-space:pre-wrap">{escape(text)}</pre>'
    if recorded.record.calls:
        html += recorded._repr_mimebundle_().get("text/html", "")
    return Replayed(text, html, recorded)


def _ending(done: Replay) -> str:
    if done.error is not None:
        return _own_traceback(done.error)
    return done.problem or "This time the case ended as it should. Check again."


def _own_traceback(error: BaseException) -> str:
    """Return the traceback without the frames of the course, and without file names, which differ on each run."""
    lines = ["Your function raised:"]
    for step in traceback.extract_tb(error.__traceback__):
        if not step.filename.startswith(_OURS):
            cell = "" if Path(step.filename).exists() else ", in your cell"
            lines.append(f"  line {step.lineno} of {step.name}{cell}: {step.line}")
    return "\n".join([*lines, *traceback.format_exception_only(error)]).rstrip()
