"""Where the learner stands: which exercises are passed, and the next ten-minute step."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from course.exercises import store
from course.exercises.display import Shown, paragraph
from course.exercises.registry import Place, course_order

_MARKS = {"passed": "✓", "passed before": "✓", "not yet": "…", "edited": "?", "": "·"}
_WORDS = {
    "passed": "passed",
    "passed before": "passed, then changed: the answer kept now is not yet right",
    "not yet": "not yet",
    "edited": "edited since it was checked: `make check` checks it again",
    "": "",
}


@dataclass(frozen=True)
class Step:
    """One exercise and how far it is."""

    place: Place
    state: str

    @property
    def done(self) -> bool:
        """Tell whether it was ever passed."""
        return self.state.startswith("passed")


def steps() -> list[Step]:
    """Return all exercises in the order of the lessons, with their states."""
    return [Step(place, _state(place.exercise.name)) for place in course_order()]


def _state(name: str) -> str:
    kept = store.read(name)
    if kept is not None and kept.outcome == "passed":
        return "passed"
    if store.has_passed(name):
        return "passed before"
    if kept is None:
        return ""
    return kept.outcome or "edited"


def overview() -> Shown:
    """Return the table of all exercises with the next step under it."""
    known = steps()
    following = _next(known)
    text, rows = [], []
    lesson = None
    for step in known:
        if step.place.exercise.lesson != lesson:
            lesson = step.place.exercise.lesson
            title = _lesson_title(step.place)
            text.append(title)
            rows.append(f'<tr><th colspan="4" style="text-align:left">{escape(title)}</th></tr>')
        text.append(_line(step))
        rows.append(_row(step))
    text += ["", *following]
    html = f"<table>{''.join(rows)}</table>{''.join(map(paragraph, following))}"
    return Shown("\n".join(line.rstrip() for line in text).lstrip("\n"), html)


def _lesson_title(place: Place) -> str:
    words = place.lesson[3:].replace("_", " ")
    return f"Lesson {place.exercise.lesson:02}" + (f" · {words}" if words else "")


def _line(step: Step) -> str:
    name = step.place.exercise.name
    words = _WORDS[step.state].replace("`", "")
    return f"  {_MARKS[step.state]} {name:20} {step.place.role:5} {words}"


def _row(step: Step) -> str:
    exercise = step.place.exercise
    cells = [_MARKS[step.state], f"<code>{escape(exercise.name)}</code>", step.place.role]
    cells.append(paragraph(_WORDS[step.state]).removeprefix("<p>").removesuffix("</p>"))
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _next(known: list[Step]) -> list[str]:
    core = [step for step in known if step.place.role == "core"]
    more = [step for step in known if step.place.role != "core"]
    said = []
    if core:
        said.append(f"Core exercises passed: {sum(step.done for step in core)} of {len(core)}.")
    if more:
        said.append(f"More, for who wants it: {sum(step.done for step in more)} of {len(more)}.")
    for kind in (core, more):
        for step in kind:
            if not step.done:
                exercise = step.place.exercise
                where = f"lesson {exercise.lesson:02}"
                return [*said, f"The next ten-minute step: `{exercise.name}` in {where}. {exercise.title}."]
    if known:
        return [*said, "Every exercise is passed."]
    return ["There are no exercises yet."]
