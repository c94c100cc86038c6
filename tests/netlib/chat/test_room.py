"""netlib.chat.room: who hears what, without a socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.chat.room import LINE_LIMIT, Member, Room, harmless


@pytest.fixture
def room():
    return Room()


def entered(room, *names):
    """Members with these names, who have heard of each other already."""
    members = [Member() for _ in names]
    for member, name in zip(members, names, strict=True):
        room.join(member)
        room.hear(member, f"{name}\n".encode())
    list(room.deliver())
    return members


def tick(room):
    return {member: data.decode() for member, data in room.deliver()}


# ---------------------------------------------------------------------- the protocol
def test_a_line_goes_to_all_the_others_with_the_name_in_front(room):
    ann, bob, zoe = entered(room, "ann", "bob", "zoe")
    room.hear(ann, b"hello\nhow are you?\n")
    assert tick(room) == {bob: "ann: hello\nann: how are you?\n", zoe: "ann: hello\nann: how are you?\n"}


def test_who_enters_and_who_leaves_is_told_to_the_others_only(room):
    (ann,) = entered(room, "ann")
    bob = Member()
    room.join(bob)
    room.hear(bob, b"bob\n")
    assert tick(room) == {ann: "* bob is online\n"}
    room.hear(bob, b"exit\n")
    assert tick(room) == {ann: "* bob is down\n", bob: ""}
    assert bob.gone
    assert list(room.members) == ["ann"]


def test_a_newcomer_does_not_hear_what_was_said_before_it_had_a_name(room):
    ann, bob = entered(room, "ann", "bob")
    newcomer, refused = Member(), Member()
    room.join(newcomer)
    room.join(refused)
    room.hear(ann, b"before\n")
    room.hear(newcomer, b"zoe\n")
    room.hear(refused, b"zoe\n")
    room.hear(ann, b"after\n")
    heard = tick(room)
    assert heard[newcomer] == "ann: after\n"
    assert heard[refused] == "* that name is taken\n"


@pytest.mark.parametrize("bytes_sent", [b"exit\n", b"exit\r\n", b"", b"exit\nnot heard any more\n"])
def test_exit_and_the_end_of_the_stream_leave(room, bytes_sent):
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, bytes_sent)
    assert tick(room) == {ann: "* bob is down\n", bob: ""}


def test_the_end_of_the_stream_ends_a_last_line_too(room):
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, b"unfinished")
    room.hear(bob, b"")
    assert tick(room)[ann] == "bob: unfinished\n* bob is down\n"


def test_who_is_lost_before_it_had_a_name_is_mentioned_to_nobody(room):
    entered(room, "ann")
    nameless = Member()
    room.join(nameless)
    room.lose(nameless)
    room.lose(nameless)
    assert tick(room) == {nameless: ""}


def test_who_lists_all_members_in_order(room):
    zoe, ann = entered(room, "zoe", "ann")
    room.hear(zoe, b"/who\n")
    assert tick(room) == {zoe: "* online: ann, zoe\n"}


def test_a_long_list_comes_in_several_notices_below_the_limit_of_a_line(room):
    members = entered(room, *("\N{GRINNING FACE}" * 28 + f"{i:04}" for i in range(100)))
    room.hear(members[0], b"/who\n")
    lines = tick(room)[members[0]].splitlines()
    assert len(lines) > 1
    assert all(line.startswith("* online: ") and len(line.encode()) <= LINE_LIMIT for line in lines)
    assert ", ".join(line.removeprefix("* online: ") for line in lines) == ", ".join(sorted(room.members))


def test_what_is_asked_comes_in_order_with_what_is_said(room):
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, b"before\n")
    room.hear(ann, b"/who\n")
    room.hear(bob, b"after\n")
    assert tick(room)[ann] == "bob: before\n* online: ann, bob\nbob: after\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ann", "that name is taken"),
        ("", "a name has 1 to 32 printable characters"),
        ("x" * 33, "a name has 1 to 32 printable characters"),
        ("a\x1bb", "a name has 1 to 32 printable characters"),
        ("* ann is down", "a name does not begin with * and has no : in it"),
        ("ann: hi", "a name does not begin with * and has no : in it"),
    ],
)
def test_a_name_that_may_not_be_is_refused_with_the_reason(room, name, told):
    (ann,) = entered(room, "ann")
    newcomer = Member()
    room.join(newcomer)
    room.hear(newcomer, f"{name}\nhello\n".encode())
    assert tick(room) == {newcomer: f"* {told}\n"}
    assert newcomer.gone
    room.hear(ann, b"still here\n")
    assert tick(room) == {}


def test_a_name_is_free_again_when_its_owner_has_left(room):
    ann, bob = entered(room, "ann", "bob")
    room.hear(ann, b"exit\n")
    entered(room, "ann")
    assert set(room.members) == {"ann", "bob"}


def test_a_full_room_turns_newcomers_away_until_somebody_leaves():
    room = Room(max_members=2)
    ann, bob = entered(room, "ann", "bob")
    late = Member()
    room.join(late)
    assert tick(room) == {late: "* the room is full: 2 members\n"}
    assert late.gone
    room.lose(ann)
    entered(room, "zoe")
    assert set(room.members) == {"bob", "zoe"}


def test_a_connection_without_a_name_takes_a_place_too():
    room = Room(max_members=1)
    silent, late = Member(), Member()
    room.join(silent)
    room.join(late)
    assert (silent.gone, late.gone) == (False, True)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"x" * (LINE_LIMIT + 1), f"a line has at most {LINE_LIMIT} bytes"),
        (b"x" * (LINE_LIMIT + 1) + b"\n", f"a line has at most {LINE_LIMIT} bytes"),
        (b"\xff\n", "lines are UTF-8"),
    ],
)
def test_who_breaks_the_rules_is_put_out_alone_and_told_why(room, data, told):
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, b"good\n" + data + b"more\n")
    assert tick(room) == {ann: "bob: good\n* bob is down\n", bob: f"* {told}\n"}
    room.hear(bob, b"and more\n")
    assert tick(room) == {}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_of_exactly_the_limit_is_passed_on(room, end):
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, b"x" * LINE_LIMIT + end)
    assert tick(room) == {ann: "bob: " + "x" * LINE_LIMIT + "\n"}


def test_empty_lines_are_passed_over(room):
    entered(room, "ann")
    (bob,) = entered(room, "bob")
    room.hear(bob, b"\n\r\n\n")
    assert tick(room) == {}


def test_when_the_room_closes_everybody_is_told_and_gone(room):
    ann, bob = entered(room, "ann", "bob")
    room.hear(ann, b"last words\n")
    room.close()
    assert tick(room) == {ann: "* the room closes\n", bob: "ann: last words\n* the room closes\n"}
    assert ann.gone
    assert bob.gone


# ---------------------------------------------------------------------- what a terminal would obey
def test_what_a_terminal_would_obey_is_replaced():
    assert harmless("\x1b[2Jcleared\x07\t\x7f\x9b31m") == "?[2Jcleared????31m"
    assert harmless("right \u202eto left\u2066\u2069") == "right ?to left??"
    assert harmless("Zoë, 日本, \N{FAMILY}, a\N{NO-BREAK SPACE}b") == "Zoë, 日本, \N{FAMILY}, a\N{NO-BREAK SPACE}b"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_control_character_reaches_another_member(text):
    room = Room()
    ann, bob = entered(room, "ann", "bob")
    room.hear(bob, text.replace("\n", " ").encode()[:LINE_LIMIT] + b"\n")
    for _, data in room.deliver():
        heard = data.decode().replace("\n", "")
        assert not any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or c in "\u202a\u202b\u202d\u202e" for c in heard)


# ---------------------------------------------------------------------- one piece a tick, shared
def test_all_who_hear_the_same_get_the_same_bytes_object(room):
    ann, bob, zoe = entered(room, "ann", "bob", "zoe")
    room.hear(ann, b"hello\n")
    (_, first), (_, second) = room.deliver()
    assert first is second


def test_a_tick_is_one_piece_for_each_member_whatever_was_said_in_it(room):
    members = entered(room, *"abcdef")
    for member in members * 3:
        room.hear(member, b"one\ntwo\n")
    delivered = [member for member, _ in room.deliver()]
    assert sorted(map(id, delivered)) == sorted(map(id, members))


def test_a_tick_in_which_nothing_happened_brings_nothing(room):
    entered(room, "ann", "bob")
    assert tick(room) == {}


NAMES = ["ann", "bob", "zoe", "x" * 32]
said = st.text("ab é\r\u2028", max_size=5).filter(lambda line: line not in ("exit", "/who") and line.rstrip("\r"))
steps = st.lists(st.tuples(st.integers(0, 3), said), max_size=12)


@given(steps, st.lists(st.integers(1, 7), min_size=1), st.lists(st.booleans(), min_size=1))
def test_everybody_hears_all_the_others_in_order_wherever_bytes_are_cut_and_ticks_end(script, cuts, ends):
    room = Room()
    members = entered(room, *NAMES)
    heard = dict.fromkeys(members, "")
    turn = 0
    for who, line in script:
        data = line.encode() + b"\n"
        while data:
            size = cuts[turn % len(cuts)]
            room.hear(members[who], data[:size])
            data = data[size:]
            if ends[turn % len(ends)]:
                for member, piece in room.deliver():
                    heard[member] += piece.decode()
            turn += 1
    for member, piece in room.deliver():
        heard[member] += piece.decode()
    lines = [(who, f"{NAMES[who]}: {harmless(line.removesuffix(chr(13)))}\n") for who, line in script]
    for place, member in enumerate(members):
        assert heard[member] == "".join(line for who, line in lines if who != place)
