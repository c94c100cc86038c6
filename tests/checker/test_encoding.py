"""Values that cross from the answer's process."""

from __future__ import annotations

import json
import socket

from hypothesis import given
from hypothesis import strategies as st

from course.checker.process.encoding import Opaque, pack, unpack

scalars = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.binary().map(bytearray)
scalars |= st.sampled_from([socket.AF_INET6, socket.AF_UNIX, socket.SOCK_DGRAM])
values = st.recursive(
    scalars | st.floats(allow_nan=False) | st.frozensets(st.integers() | st.binary()) | st.sets(st.text()),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.integers() | st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_plain_values_and_bytes_cross_unchanged(value):
    back = unpack(json.loads(json.dumps(pack(value))))
    assert back == value
    assert type(back) is type(value)


class Unprintable:
    def __repr__(self):
        raise RuntimeError


def test_anything_else_arrives_as_its_type_and_a_short_repr():
    assert unpack(pack(Unprintable())) == Opaque("Unprintable", "<Unprintable>")
    assert unpack(pack([object])) == [Opaque("type", "<class 'object'>")]
    long = unpack(pack(type("Long", (), {"__repr__": lambda self: "x" * 10_000})()))
    assert len(long.text) <= 200
