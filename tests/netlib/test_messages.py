"""netlib.messages: whatever the cutting, the same messages and the same error; nothing above the limit is kept."""

import itertools
import socket
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlib import messages
from netlib.messages import CutShort, Frames, Lines, NotText, PeerError, TooLong, pack_frame, pack_line

LIMIT = 20
# Streams that come near everything that matters: newlines, halves of characters, lengths around the limit.
scraps = st.sampled_from(
    [b"\n", b"\r\n", b"\r", "Zoë".encode(), b"\xc3", b"\xff", b"abc", b"0123456789" * 2, b"\0\0\0"]
)
streams = st.lists(scraps | st.binary(max_size=6), max_size=12).map(b"".join)
texts = st.text(max_size=12).filter(lambda text: "\n" not in text and not text.endswith("\r"))
both = pytest.mark.parametrize("kind", [Lines, Frames])


def taken(reader, pieces):
    """All messages, taken one by one, then the error if there was one: its type and its text."""
    found = []
    try:
        for piece in pieces:
            for message in reader.feed(piece):
                found.append(message)  # not +=, which would lose those before an error
    except PeerError as error:
        return [*found, type(error), str(error)]
    return found


def cut(data, places):
    """`data` cut at these places, then the end."""
    marks = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(marks) if b > a] + [b""]


def test_the_end_of_a_line_does_not_count_towards_its_limit():
    longest = b"x" * LIMIT
    assert taken(Lines(LIMIT), [longest + b"\r", b"\n" + longest + b"\n"]) == [longest.decode()] * 2
    for too_long in (longest + b"x\r\n", longest + b"\rx\n", longest + b"x\n"):
        assert taken(Lines(LIMIT), [too_long])[0] is TooLong
    assert taken(Lines(LIMIT), [longest + b"\r", b""])[0] is TooLong


# ---------------------------------------------------------------------- any cutting gives the same
@both
@given(data=streams, places=st.lists(st.integers(0, 300), max_size=8))
def test_any_cutting_of_the_bytes_gives_the_same_messages_and_the_same_error(kind, data, places):
    whole = taken(kind(LIMIT), [data, b""])
    assert taken(kind(LIMIT), cut(data, places)) == whole
    assert taken(kind(LIMIT), [data[i : i + 1] for i in range(len(data))] + [b""]) == whole


@given(st.lists(texts, max_size=8), st.lists(st.integers(0, 300), max_size=8), st.booleans())
def test_lines_arrive_as_they_were_packed(sent, places, dos):
    data = b"".join(map(pack_line, sent))
    data = data.replace(b"\n", b"\r\n") if dos else data
    assert taken(Lines(), cut(data, places)) == sent


@given(st.lists(st.binary(max_size=30), max_size=8), st.lists(st.integers(0, 300), max_size=8))
def test_frames_arrive_as_they_were_packed(sent, places):
    assert taken(Frames(), cut(b"".join(map(pack_frame, sent)), places)) == sent


@both
@given(data=streams)
def test_what_is_kept_is_at_most_one_unfinished_message(kind, data):
    reader = kind(LIMIT)
    for i in range(len(data)):
        try:
            list(reader.feed(data[i : i + 1]))
        except PeerError:
            return
        assert len(reader._buffer) <= LIMIT + messages.LENGTH.size


# ---------------------------------------------------------------------- what a line is
@given(streams)
@example(b"a\r\r\nb\rc\r\n\n\rd\r")
def test_only_newlines_end_a_line_and_one_carriage_return_goes_with_them(data):
    try:
        wanted = [part.removesuffix("\r") for part in data.decode().split("\n")]
    except UnicodeDecodeError:
        return
    wanted[-1] += "\r" * data.endswith(b"\r")  # no newline came after it: it belongs to the text
    assert list(Lines(1000).feed(data)) + list(Lines(1000).feed(b"")) == wanted[:-1]
    assert taken(Lines(1000), [data, b""]) == wanted[:-1] + [wanted[-1]] * bool(wanted[-1])


@pytest.mark.parametrize("text", ["", "Zoë", "a\rb", "\u2028", "a\x0cb\x85", " spaces stay ", "中文"])
def test_a_line_may_hold(text):
    assert list(Lines().feed(pack_line(text))) == [text]


@pytest.mark.parametrize("text", ["a\nb", "\n", "a\r"])
def test_what_would_not_arrive_as_it_is_cannot_be_packed_as_a_line(text):
    with pytest.raises(ValueError, match="a line cannot hold a newline") as caught:
        pack_line(text)
    assert not isinstance(caught.value, PeerError)


def test_lines_before_one_that_is_no_text_are_given_first():
    assert taken(Lines(), [b"one\ncaf\xe9 au lait\nthree\n"]) == [
        "one",
        NotText,
        "the peer's line is not UTF-8 (invalid continuation byte at byte 3): b'\\xe9 au lait'",
    ]


# ---------------------------------------------------------------------- limits and ends
@pytest.mark.parametrize("pieces", [[b"x" * 21], [b"x" * 20, b"x"], [b"ok\n" + b"x" * 21 + b"\n"]])
def test_a_line_above_the_limit_is_refused_before_its_end_comes(pieces):
    *before, kind, said = taken(Lines(LIMIT), pieces)
    assert kind is TooLong
    assert "after 20 bytes, the limit; it begins b'xxxxxxxxxxxxxxxxxxxx'" in said
    assert before in ([], ["ok"])


@both
def test_a_message_of_exactly_the_limit_is_taken(kind):
    data = {Lines: b"x" * LIMIT + b"\n", Frames: pack_frame(b"x" * LIMIT)}[kind]
    assert len(taken(kind(LIMIT), [data, b""])) == 1


def test_a_length_above_the_limit_is_refused_before_any_of_the_payload():
    assert taken(Frames(LIMIT), [b"GET "]) == [TooLong, "the peer announced 1195725856 bytes; the limit is 20"]


@pytest.mark.parametrize("data", [b"\0", b"\0\0\0", b"\0\0\0\x02", b"\0\0\0\x02h"])
def test_an_end_inside_a_frame_is_an_end_of_file_that_shows_what_came(data):
    kind, said = taken(Frames(), [data, b""])
    assert kind is CutShort
    assert issubclass(kind, EOFError)
    assert repr(data) in said
    assert f"({len(data)} bytes)" in said


def test_an_end_between_frames_is_no_error():
    reader = Frames()
    assert taken(reader, [pack_frame(b"hi"), b"", b""]) == [b"hi"]
    assert reader.ended


@both
def test_an_error_of_the_peer_is_raised_at_every_later_call(kind):
    reader = kind(2)
    for data in (b"GET ", b"more", b""):
        with pytest.raises(TooLong):
            list(reader.feed(data))


@both
def test_bytes_after_the_end_are_the_programs_own_error(kind):
    reader = kind()
    list(reader.feed(b""))
    with pytest.raises(ValueError, match=rf"b'late' was fed after b''.* a {kind.__name__} of its own") as caught:
        reader.feed(b"late")
    assert not isinstance(caught.value, PeerError)


def test_messages_that_were_not_taken_come_first_at_the_next_call():
    lines = Lines()
    assert next(lines.feed(b"one\ntwo\nthr")) == "one"
    assert list(lines.feed(b"ee\n")) == ["two", "three"]


def test_a_payload_that_four_bytes_cannot_tell_is_refused():
    class Huge(bytes):
        def __len__(self):
            return 1 << 32

    with pytest.raises(ValueError, match="at most 4294967295 bytes, not 4294967296"):
        pack_frame(Huge())


def test_a_line_that_comes_byte_by_byte_is_searched_once():
    searched = 0

    class Counting(bytearray):
        def find(self, what, start):
            nonlocal searched
            searched += len(self) - start
            return super().find(what, start)

    lines = Lines()
    lines._buffer = Counting()
    for _ in range(5000):
        list(lines.feed(b"x"))
    assert list(lines.feed(b"\n")) == ["x" * 5000]
    assert searched <= 5001


# ---------------------------------------------------------------------- with sockets, and without
def test_the_loop_of_the_docstring_talks_over_a_real_socket():
    client, conn = socket.socketpair()
    with client, conn:
        client.sendall("one\r\nZoë\nlast".encode())
        client.shutdown(socket.SHUT_WR)
        lines = Lines()
        while not lines.ended:
            for line in lines.feed(conn.recv(2)):
                conn.sendall(pack_line("you said " + line))
        conn.shutdown(socket.SHUT_WR)
        heard = b"".join(iter(lambda: client.recv(1024), b""))
    assert heard.decode() == "you said one\nyou said Zoë\nyou said last\n"


def test_the_module_knows_no_socket():
    program = "import runpy, sys; runpy.run_path(sys.argv[1]); print('socket' in sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", program, messages.__file__], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
