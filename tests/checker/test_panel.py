"""The panels: what they say, and that no theme and no sanitizer spoils them."""

from __future__ import annotations

import re

import pytest

from course.checker import Diagnosis, Verdict
from course.checker.told.panel import Panel, as_html, as_text

HUNG = Verdict(
    "echo_once",
    "not yet",
    passed_cases=1,
    total_cases=5,
    case="the client waits for each echo",
    expected="the client hears b'two'",
    got="it heard nothing",
    diagnosis=Diagnosis("one-recv", "You called `recv()` once & that <b>was</b> all."),
    where="conn.recv(1024), line 7",
    wire=("client connects", "client sends b'<one>'"),
    printed="  got <it>\n\tindented\n",
)


def test_a_failed_check_says_all_that_is_known():
    text = as_text(HUNG)
    for part in (HUNG.case, HUNG.expected, HUNG.got, HUNG.where, *HUNG.wire, "got <it>", "1 of 5 cases"):
        assert part in text
    assert text.splitlines()[0].startswith("✗ echo_once: not yet")
    assert text.splitlines()[-1].strip() == 'A nudge: hint("echo_once")   Run this case yourself: replay("echo_once")'


def test_no_line_of_prose_is_wider_than_a_terminal():
    long = Verdict("x", "not yet", case="c " * 100, expected="e", diagnosis=Diagnosis("d", "word " * 80))
    assert max(map(len, as_text(long).splitlines())) <= 100


def test_a_passed_check_and_an_untouched_stub_are_two_lines():
    assert (
        as_text(Verdict("shout", "passed", 1, 1)) == '✓ shout: passed, 1 case\n  Compare with ours: solution("shout")'
    )
    assert as_text(Verdict("shout", "not started")).startswith("○ shout: not started\n  Write your answer")


def test_html_survives_a_sanitizer_and_escapes_what_the_answer_said():
    html = as_html(HUNG)
    assert not re.search(r"<(style|script|svg|link|iframe)|class=|\son\w+=", html)
    assert "<it>" not in html
    assert "&lt;it&gt;" in html
    assert "<b>was" not in html
    assert ">recv()</code>" in html


def test_ink_and_paper_are_both_given_so_that_every_theme_can_be_read():
    html = as_html(HUNG)
    assert html.startswith('<div role="status" style="background:')
    for cell in re.findall(r"<t[dh][^>]*>", html):
        assert "color:#" in cell


@pytest.mark.parametrize("outcome", ["passed", "not started", "not yet"])
def test_colour_is_never_the_only_sign(outcome):
    html = as_html(Verdict("shout", outcome))
    assert f" {outcome}" in re.sub(r"<[^>]*>", "", html)


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_ink_can_be_read_on_its_paper():
    from course.checker.told import panel

    for paper in (panel.PAPER, panel.SHADE):
        for ink in (panel.INK, panel.QUIET, *panel.INKS.values()):
            assert contrast(ink, paper) >= 4.5  # WCAG 2.1, level AA


def test_long_logs_and_outputs_are_cut():
    verdict = Verdict(
        "x", "not yet", case="c", expected="e", wire=tuple(f"line {n}" for n in range(99)), printed="print\n" * 99
    )
    text = as_text(verdict)
    assert len(text.splitlines()) < 40
    assert "line 98" in text
    assert "lines before" in text
    assert "(and more)" in text


def test_a_panel_shows_itself_in_a_notebook_and_in_a_terminal():
    panel = Panel(HUNG)
    assert repr(panel) == str(panel) == as_text(HUNG)
    assert panel._repr_html_() == as_html(HUNG)
