"""The parts: statements of a cell, names they use, literals, order."""

import ast
import enum
import socket

from hypothesis import given
from hypothesis import strategies as st

from course.exercises.cells import pieces
from course.exercises.literals import constant_value, literal, same
from course.exercises.names import names_used
from course.exercises.units import Unit, in_order

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
HASHABLE = st.recursive(PLAIN, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
VALUES = st.recursive(
    HASHABLE | st.sets(HASHABLE, max_size=3) | st.binary().map(bytearray),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HASHABLE, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_literal_gives_an_equal_value_of_the_same_type(value):
    text = literal(value)
    assert text is not None
    found = eval(text, {})
    assert (type(found), found) == (type(value), value)
    assert literal(found) == text


def test_what_has_no_faithful_literal_has_none():
    endless: list[object] = []
    endless.append(endless)
    for value in (
        socket.AF_INET,
        enum.IntEnum("E", "a")(1),
        object(),
        print,
        [print],
        {1: {2: object()}},
        endless,
        "x" * 30000,
    ):
        assert literal(value) is None


def test_one_and_true_and_one_point_zero_are_three_constants():
    assert same(1, 1)
    assert not any(same(left, right) for left, right in [(1, True), (1, 1.0), (True, 1.0), ((1,), (True,))])


def test_an_expression_of_constants_is_evaluated_and_nothing_is_ever_called():
    for source, value in {"2 ** 10": 1024, "-1": -1, "(1, 'a' * 2)": (1, "aa"), "b'x'": b"x"}.items():
        assert constant_value(ast.parse(source, mode="eval").body) == (value,)
    for source in ("f()", "x", "[n for n in (1,)]", "1 / 0", "a.b", "lambda: 1", "'a' + 1"):
        assert constant_value(ast.parse(source, mode="eval").body) is None


SOURCES = st.text(alphabet="ab=()[]:;'\"#\\ \n\t\r\f,.@{}10+*", max_size=60)


@given(SOURCES)
def test_any_text_gives_statements_or_none_and_never_an_error(source):
    for piece in pieces(source):
        assert piece.first >= 0


STATEMENTS = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "def f(a):\n    # inside\n    return a",
            "# alone",
            "",
            "@d\ndef g():\n    '''text\nover lines'''",
            "a = 1; b = 2  # two",
            "class C:\n    x = 1\n\n    def m(self):\n        return g",
            "if x:\n    y = 2\nelse:\n    def h():\n        pass",
            "s = '''one\ntwo'''",
            "é = 'ü'; z = é",
        ]
    ),
    max_size=6,
)


@given(STATEMENTS, st.sampled_from(["\n", "\r\n"]))
def test_each_statement_keeps_its_own_text(blocks, end):
    source = "\n".join(blocks)
    for piece in pieces(source.replace("\n", end)):
        if piece.text:
            assert ast.dump(_only(piece.text)) == ast.dump(piece.node)


def _only(text: str) -> ast.stmt:
    [node] = ast.parse(text).body
    return node


def test_names_are_found_in_nested_functions_comprehensions_and_defaults():
    source = (
        "@deco\ndef f(a=DEFAULT) -> Hint:\n    x = here\n    def g():\n"
        "        return x, deep, [inner(n) for n in over]\n"
        "    class C(Base):\n        attr = in_class\n    return lambda: [in_lambda, a, g, C]"
    )
    names = names_used(source)
    assert set(names.now) == {"deco", "DEFAULT", "Hint"}
    assert set(names.later) == {"here", "deep", "inner", "over", "Base", "in_class", "in_lambda"}
    assert names.hints == {"Hint"}


def test_the_variables_of_a_comprehension_are_nobodys_need():
    assert names_used("x = [i + {j for j in k} for i in range(n) if p(i) for k in i]").now == ("range", "n", "p")
    assert names_used("x = [i for i in i], j").now == ("i", "j")
    assert names_used("class C:\n    x = [a + b for a in c]").now == ("b", "c")


def test_names_that_a_function_declares_global_are_told():
    names = names_used("def f():\n    global count, conn\n    count += 1\n    conn = 2")
    assert names.stores == {"count", "conn"}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=30))
def test_what_is_needed_at_once_stands_before(edges):
    units = [Unit(str(number), frozenset({str(number)})) for number in range(8)]
    for user, need, at_once in edges:
        if need < user and at_once:  # what runs at once cannot go in circles
            units[user].now.append(units[need])
        elif need != user and not at_once:
            units[user].later.append(units[need])
    found = in_order(units)
    assert sorted(unit.text for unit in found) == sorted(unit.text for unit in units)
    place = {unit: number for number, unit in enumerate(found)}
    assert all(place[need] < place[unit] for unit in units for need in unit.now)
