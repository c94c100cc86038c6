"""`make schedule`: plans for half a day, one day and two days, computed from the minutes in the instructor's notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.lesson.manifest import NOTEBOOKS, Lesson, lessons
from course.lesson.notebook import LessonError, read_notebook
from course.lesson.parts import EXERCISES, WITHOUT_NOTE, code_cells, sections

LONGEST_STRETCH = 90  # minutes without a break
ENOUGH = 60  # minutes after which the end of a lesson is the moment for one
BREAK = 15
LUNCH = 60
LUNCH_FROM = 12 * 60
EARLY_LUNCH = 11 * 60 + 40  # at the end of a lesson
KEYS_A_MINUTE = 200  # a practised speaker who talks while typing
ABOUT = (
    "The minutes are those of the notes in the lessons, estimates all. They leave time to type the short cells.\n"
    f"Fetch the long ones with %catch_up. Typing is reckoned at {KEYS_A_MINUTE} keys a minute."
)


@dataclass(frozen=True)
class Plan:
    """How much time there is. Times are minutes after midnight."""

    name: str
    title: str
    days: int
    start: int
    end: int
    exercises: bool


PLANS = (
    Plan("half-day", "Half a day", 1, 9 * 60, 12 * 60 + 30, exercises=False),
    Plan("one-day", "One day", 1, 9 * 60, 17 * 60, exercises=True),
    Plan("two-days", "Two days", 2, 9 * 60, 17 * 60, exercises=True),
)


@dataclass(frozen=True)
class Part:
    """A section of a lesson as an item of a plan."""

    lesson: int
    title: str
    minutes: int


@dataclass(frozen=True)
class Entry:
    """A line of a plan: `lesson` is None for a break."""

    day: int
    start: int
    minutes: int
    title: str
    lesson: int | None = None

    @property
    def end(self) -> int:
        """The minute after midnight at which it is over."""
        return self.start + self.minutes


@dataclass(frozen=True)
class Course:
    """What plans are made of: the lessons, the parts of each, and the characters that a speaker types in each."""

    lessons: Sequence[Lesson]
    parts: dict[int, list[Part]]
    typed: dict[int, int]


def read_course(notebooks: Path = NOTEBOOKS) -> Course:
    """Read the lessons. One without notes is one part, with the minutes of its first cell.

    Raises:
        LessonError: a notebook is damaged.
    """
    known, parts, typed = lessons(notebooks), {}, {}
    for lesson in known:
        notebook = read_notebook(lesson.path)
        found = [one for one in sections(notebook) if one.title not in WITHOUT_NOTE]
        parts[lesson.number] = [Part(lesson.number, one.title, one.minutes) for one in found if one.minutes] or [
            Part(lesson.number, "the whole lesson", lesson.reading_minutes),
            Part(lesson.number, EXERCISES, lesson.exercise_minutes),
        ]
        typed[lesson.number] = sum(len(cell.source) for cell in code_cells(notebook)[1:] if not cell.is_exercise)
    return Course(known, parts, typed)


def lay_out(plan: Plan, parts: Sequence[Part]) -> list[Entry] | None:
    """Return the parts with breaks between them, or None if they do not fit into the plan's days."""
    entries: list[Entry] = []
    day, clock, stretch, fed, lesson = 1, plan.start, 0, False, None
    for part in parts:
        pause = _pause(clock, stretch, part, part.lesson != lesson, hungry=_has_lunch(plan) and not fed)
        if clock + (pause.minutes if pause else 0) + part.minutes > plan.end:
            day, clock, stretch, fed, pause = day + 1, plan.start, 0, False, None
        if day > plan.days:
            return None
        if pause:
            entries.append(Entry(day, clock, pause.minutes, pause.title))
            clock, stretch, fed = clock + pause.minutes, 0, fed or pause.minutes == LUNCH
        entries.append(Entry(day, clock, part.minutes, part.title, part.lesson))
        clock, stretch, lesson = clock + part.minutes, stretch + part.minutes, part.lesson
    return entries


def _has_lunch(plan: Plan) -> bool:
    return plan.end > LUNCH_FROM + 2 * LUNCH


def _pause(clock: int, stretch: int, part: Part, new_lesson: bool, hungry: bool) -> Part | None:
    """Return the break before `part`, if one is due after `stretch` minutes without: best between two lessons."""
    if hungry and clock >= (EARLY_LUNCH if new_lesson else LUNCH_FROM):
        return Part(0, "lunch", LUNCH)
    due = stretch + part.minutes > LONGEST_STRETCH or (new_lesson and stretch >= ENOUGH)
    return Part(0, "break", BREAK) if due and stretch else None


def choose(plan: Plan, course: Course) -> list[Entry]:
    """Return the plan with as many lessons as fit, whole and in order: each builds on those before it."""
    best: list[Entry] = []
    for count in range(1, len(course.lessons) + 1):
        numbers = [lesson.number for lesson in course.lessons[:count]]
        parts = [part for number in numbers for part in course.parts[number]]
        entries = lay_out(plan, [part for part in parts if plan.exercises or part.title != EXERCISES])
        if entries is None:
            break
        best = entries
    return best


def describe(plan: Plan, course: Course) -> Iterator[str]:
    """Return the lines of a plan, for people."""
    entries = choose(plan, course)
    taught = {entry.lesson for entry in entries if entry.lesson is not None}
    free = plan.end - entries[-1].end if entries else plan.end - plan.start
    yield f"{plan.title}: {_names(sorted(taught))}, {'with' if plan.exercises else 'without'} exercises"
    titles = {lesson.number: lesson.title for lesson in course.lessons}
    day, lesson = 0, None
    for entry in entries:
        if entry.day != day:
            day, lesson = entry.day, None
            yield "" if plan.days == 1 else f"\nDay {day}"
        if entry.lesson is not None and entry.lesson != lesson:
            lesson = entry.lesson
            typing = round(course.typed[lesson] / KEYS_A_MINUTE)
            yield f"   {lesson} · {titles[lesson]} (to type all of it: {typing} minutes)"
        indent = "   " if entry.lesson is not None else ""
        yield f"{_clock(entry.start)} {entry.minutes:4} min  {indent}{entry.title}"
    yield f"{_clock(plan.end)}           the end; {free} minutes are left for questions"
    if left := [one.number for one in course.lessons if one.number not in taught]:
        yield f"Not in it: {_names(left)}."
    if not plan.exercises:
        yield "The exercises are for afterwards: the lessons themselves are what fits."


def _names(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"lesson {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"lessons {numbers[0]} to {numbers[-1]}"
    return f"lessons {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def text(wanted: Sequence[str], notebooks: Path = NOTEBOOKS) -> str:
    """Return the plans called `wanted`; without any, all of them.

    Raises:
        LessonError: there is no such plan, or a notebook is damaged.
    """
    course = read_course(notebooks)
    for name in wanted:
        if name not in {plan.name for plan in PLANS}:
            raise LessonError(f"there is no plan {name!r}; there are: {', '.join(plan.name for plan in PLANS)}")
    plans = [plan for plan in PLANS if not wanted or plan.name in wanted]
    return "\n\n\n".join(["\n".join(describe(plan, course)) for plan in plans] + [ABOUT])
