"""A verdict as a panel: text for terminals and readers, HTML for notebooks. The same bytes on each run.

JupyterLab strips <style>, <script> and inline <svg> from HTML that it does not trust, so every style is inline,
and the panel brings its own ink and paper: it looks the same in a light and in a dark theme. Colour is never
the only sign: each state has its word and its mark.
"""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass

from course.checker.process.tracing import goes_on
from course.checker.told.verdict import Verdict
from sockscope.trace import Record, draw

WIDTH = 96
MARKS = {"passed": "✓", "not started": "○", "not yet": "✗", "not checked": "!"}
INKS = {"passed": "#1a6b3c", "not started": "#4a5568", "not yet": "#a23b12", "not checked": "#4a5568"}
TOLD = ("not yet", "not checked")  # with why
PAPER, INK, QUIET, RULE, SHADE = "#fffdf8", "#1f2430", "#5b6270", "#e4dfd3", "#f5f0e4"
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:0.92em"
GOES_ON = "The last calls came again and again, until the time was up; two rounds are drawn."
KEPT_WIRE = 14
KEPT_PRINTED = 8


@dataclass(frozen=True)
class Panel:
    """A verdict that shows itself: `text/plain` and `text/html` for IPython, str() for a terminal."""

    verdict: Verdict

    def __str__(self) -> str:
        return as_text(self.verdict)

    def __repr__(self) -> str:
        return as_text(self.verdict)

    def _repr_html_(self) -> str:
        return as_html(self.verdict)


def headline(verdict: Verdict) -> str:
    """Return the first line: mark, exercise, outcome."""
    return f"{MARKS[verdict.outcome]} {verdict.exercise}: {_outcome(verdict)}"


Row = tuple[str, list[str], bool]


def scene(verdict: Verdict) -> list[Row]:
    """Return what failed, as rows: a label, lines, and whether the lines are code or data."""
    waiting = [verdict.where] if verdict.where else []
    return _filled(
        ("case", [verdict.case], False),
        ("expected", [verdict.expected], False),
        ("instead", [verdict.got], False),
        ("still in", waiting, True),
    )


def record(verdict: Verdict) -> list[Row]:
    """Return what was seen on the way: the call or the wire log, and what the answer printed."""
    return _filled(
        ("called", [verdict.called], True),
        ("on the wire", _cut(list(verdict.wire), KEPT_WIRE), True),
        ("it printed", _head(verdict.printed.splitlines(), KEPT_PRINTED), True),
    )


def closing(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the last line, what to do next: words, and the call that does it."""
    name = verdict.exercise
    if verdict.outcome == "passed":
        return [("Compare with ours:", f'solution("{name}")')]
    if verdict.outcome == "not started":
        return [("Write your answer in the cell above, run it, then run this cell again.", "")]
    if verdict.outcome == "not checked":
        return [("Then run this cell again: nothing is said of your answer.", "")]
    nudge = [("A nudge:", f'hint("{name}")')]
    return [*nudge, ("Run this case yourself:", f'replay("{name}")')] if verdict.expected else nudge


def as_text(verdict: Verdict) -> str:
    """Return the panel as plain text."""
    lines = [headline(verdict)]
    if verdict.outcome in TOLD:
        lines += _text_rows(scene(verdict))
        if verdict.diagnosis is not None:
            lines += ["", *_wrapped(verdict.diagnosis.text, "  "), ""]
        seen = _text_rows(record(verdict))
        lines += [*seen, ""] if seen else []
    invitation = "   ".join(f"{words} {call}".strip() for words, call in closing(verdict))
    return "\n".join([*lines, f"  {invitation}"])


def as_html(verdict: Verdict) -> str:
    """Return the panel as one HTML element with inline styles."""
    ink = INKS[verdict.outcome]
    parts = [
        f'<div style="color:{ink};font-weight:600;font-size:15px">'
        f'<span aria-hidden="true">{MARKS[verdict.outcome]}</span> {html.escape(verdict.exercise)}'
        f'<span style="font-weight:400"> · {html.escape(_outcome(verdict))}</span></div>'
    ]
    if verdict.outcome in TOLD:
        parts.append(_table(scene(verdict)))
        if verdict.diagnosis is not None:
            style = f"margin:10px 0;padding:8px 12px;background:{SHADE};border-radius:3px;line-height:1.5;color:{INK}"
            parts.append(f'<div style="{style}">{_prose(verdict.diagnosis.text)}</div>')
        parts += [_table(record(verdict)), picture(verdict)]
    nexts = [_prose(f"{words} `{call}`" if call else words) for words, call in closing(verdict)]
    parts.append(f'<div style="margin-top:8px;color:{QUIET}">{"&emsp;".join(nexts)}</div>')
    box = (
        f"background:{PAPER};color:{INK};border:1px solid {RULE};border-left:4px solid {ink};border-radius:4px;"
        "padding:10px 14px;max-width:56em;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:14px"
    )
    return f'<div role="status" style="{box}">{"".join(parts)}</div>'


def picture(verdict: Verdict) -> str:
    """Return the diagram of the failing case as HTML, empty for a case without sockets."""
    if not verdict.trace:
        return ""
    try:
        drawn = draw(Record.from_json(verdict.trace)).html()
        note = GOES_ON if goes_on(verdict.trace) else ""
    except Exception:  # it came from the answer's process, which may have written what it likes
        return ""
    return f'<div style="margin:10px 0;color:{QUIET};font-size:13px">{note}{drawn}</div>'


def _outcome(verdict: Verdict) -> str:
    if verdict.outcome == "passed":
        return f"passed, {_count(verdict.passed_cases)}"
    if verdict.outcome == "not yet" and verdict.passed_cases:
        return f"not yet, {verdict.passed_cases} of {_count(verdict.total_cases)} passed before this one"
    return verdict.outcome


def _count(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases} cases"


def _filled(*rows: Row) -> list[Row]:
    return [row for row in rows if any(row[1])]


def _text_rows(rows: list[Row]) -> list[str]:
    lines = []
    for label, values, code in rows:
        for number, value in enumerate(values):
            start = f"  {label if number == 0 else '':<12} "
            lines += [start + value] if code else _wrapped(value, start)
    return lines


def _table(rows: list[Row]) -> str:
    if not rows:
        return ""
    head = f"padding:2px 16px 2px 0;color:{QUIET};text-align:left;font-weight:400;vertical-align:top;width:6.5em"
    body = []
    for label, lines, code in rows:
        style = f"padding:2px 0;text-align:left;vertical-align:top;color:{INK};" + (MONO if code else "")
        value = "<br>".join(_keep_spaces(line) if code else _prose(line) for line in lines)
        row = f'<th scope="row" style="{head}">{label}</th><td style="{style}">{value}</td>'
        body.append(f'<tr style="background:transparent">{row}</tr>')
    style = f"border-collapse:collapse;border:0;margin:6px 0 0;font-size:13px;line-height:1.5;color:{INK};width:100%"
    return f'<table style="{style}">{"".join(body)}</table>'


def _prose(text: str) -> str:
    """Escape prose; what stands in backquotes becomes code."""
    pieces = html.escape(text, quote=False).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    code = f'<code style="{MONO};background:transparent;color:inherit;padding:0">'
    return "".join(piece if n % 2 == 0 else f"{code}{piece}</code>" for n, piece in enumerate(pieces))


def _keep_spaces(line: str) -> str:
    return html.escape(line, quote=False).replace("  ", " &nbsp;").replace("\t", "&emsp;")


def _wrapped(text: str, start: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False
    ) or [start.rstrip()]


def _cut(lines: list[str], kept: int) -> list[str]:
    """Keep the last lines, where the failure is, and say how many came before."""
    if len(lines) <= kept:
        return lines
    return [f"… ({len(lines) - kept + 1} lines before)", *lines[-(kept - 1) :]]


def _head(lines: list[str], kept: int) -> list[str]:
    """Keep the first lines; no count of the others, which in an endless loop is chance."""
    return lines if len(lines) <= kept else [*lines[:kept], "… (and more)"]
