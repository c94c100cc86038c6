"""The text of a call, taken from its exact position."""

from __future__ import annotations

import ast

from hypothesis import example, given
from hypothesis import strategies as st

from course.checker.process.where import span_text


def call_of(source):
    node = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call | ast.With))
    position = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
    return span_text(source, node.lineno, position)


def test_the_call_and_not_the_whole_line():
    assert call_of("x = 1\ndata = conn.recv(1024) + b'x'") == (2, "conn.recv(1024)")


def test_a_call_over_several_lines_is_folded():
    assert call_of("f = 1\nsock.connect(\n    (host,\n     port)\n)") == (2, "sock.connect( (host, port) )")


def test_positions_count_bytes_and_texts_may_hold_any_character():
    assert call_of("größe = 'äöü€' + señor.recv('ñ')") == (1, "señor.recv('ñ')")


def test_a_with_statement_is_its_header():
    assert call_of("if 1:\n    with lock, other as o:\n        work\n        more") == (2, "with lock, other as o")


def test_an_expression_that_is_entered_is_a_with_and_a_call_that_is_entered_is_a_call():
    source = "with things.lock:\n    with connect(a) as b:\n        work"
    assert span_text(source, 1, (1, 1, 5, 16)) == (1, "with things.lock")
    assert span_text(source, 2, (2, 2, 9, 19)) == (2, "connect(a)")


def test_without_a_position_the_whole_line_is_shown():
    assert span_text("a\n  b = c()\n", 2, None) == (2, "b = c()")
    assert span_text("a", 9, None) == (9, "")


@example(":", 1, (1, 1, 1, 1))
@example("\0", 1, (1, 1, 0, 1))
@given(st.text(), st.integers(1, 9), st.tuples(*[st.none() | st.integers(1, 9)] * 4))
def test_no_position_makes_it_fail(source, line, position):
    assert isinstance(span_text(source, line, position)[1], str)
