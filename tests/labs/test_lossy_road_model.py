"""The lossy-road lab without its widgets: what it shows is what the relay did and what the receiver read."""

import select
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.labs.lossy_road_model import COUNT, Road
from course.labs.lossy_road_picture import AGAIN, LATE, PLAIN, kinds_of
from netlib.faults import Faults, Link
from sockscope.kernel import sock_diag


@pytest.fixture
def road():
    made = Road(pause=0)
    yield made
    made.close()


def expected(seed, **percent):
    """Return what arrives over a link of the relay's with this seed: the relay's first client, on its way there."""
    link = Link(Faults(**{name: value / 100 for name, value in percent.items()}), f"{seed} there 0")
    out = [number for each in range(COUNT) for number in link.carry(b"%d" % each)] + link.release()
    return [int(number) for number in out]


def run(road, seed, **percent):
    road.seed = seed
    for name, value in percent.items():
        road.set(name, value)
    road.start()
    road.finish()
    return road.arrived


def test_an_untouched_lab_has_no_socket_and_no_thread(road):
    before = threading.active_count()
    assert road.turn().seconds is None
    assert "Nothing was sent yet" in road.picture().about
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("seed", "percent"),
    [
        (7, {"loss": 20, "duplication": 0, "reordering": 0}),
        (9, {"loss": 20, "duplication": 20, "reordering": 20}),
        (1, {"loss": 0, "duplication": 0, "reordering": 0}),
        (1, {"loss": 100, "duplication": 0, "reordering": 0}),
        (3, {"loss": 0, "duplication": 100, "reordering": 0}),
    ],
)
def test_what_arrives_is_what_the_seed_and_the_numbers_say(road, seed, percent):
    assert run(road, seed, **percent) == expected(seed, **percent)
    assert time.monotonic() < road._deadline  # it ended because all was there


def test_what_is_held_back_last_is_waited_for(road):
    faults = {"loss": 0, "duplication": 0, "reordering": 20}
    seed = next(seed for seed in range(99) if expected(seed, **faults)[-2:] == [18, 19] and holds_the_last(seed))
    assert run(road, seed, **faults) == expected(seed, **faults)


def holds_the_last(seed):
    link = Link(Faults(reordering=0.2), f"{seed} there 0")
    for number in range(COUNT):
        link.carry(b"%d" % number)
    return link.held == b"19"


def test_with_reordering_alone_neighbours_change_places(road):
    assert run(road, 1, loss=0, duplication=0, reordering=100)[:6] == [1, 0, 3, 2, 5, 4]


def test_a_second_run_is_the_same_and_begins_anew(road):
    assert run(road, 9, loss=20, duplication=20) == run(road, 9, loss=20, duplication=20)
    assert road.sent == COUNT


def test_during_a_run_the_receiver_is_there_and_afterwards_nothing_is(road):
    threads = threading.active_count()
    road.start()
    address = road.receiver.getsockname()
    assert sock_diag.find(address, ("0.0.0.0", 0), type=road.receiver.type)
    assert "receiver" in road.picture().text
    road.finish()
    assert sock_diag.find(address, ("0.0.0.0", 0), type=road.receiver.type) is None
    assert threading.active_count() == threads


def test_a_second_start_on_the_way_does_nothing_and_stop_ends_it(road):
    road.start()
    assert road.start() == "not yet: twenty datagrams are on the road"
    road.turn()
    assert road.stop() == "stopped, after 1 datagrams"
    assert not road.running
    assert road.stop() == "nothing is on the road"


def test_a_number_changed_on_the_way_holds_for_what_is_still_to_come(road):
    road.set("loss", 0)
    road.start()
    for _ in range(COUNT // 2):  # each turn sends one
        road.turn()
    while len(road.arrived) < COUNT // 2:  # else the last of them could meet the new number
        road.arrived.append(int(road.receiver.recv(100))) if select.select([road.receiver], [], [], 5)[0] else None
    road.set("loss", 100)
    road.finish()
    assert road.arrived == list(range(COUNT // 2))


def test_the_picture_says_what_was_lost_and_in_which_order_the_others_came(road):
    run(road, 9, loss=20, duplication=20, reordering=20)
    picture = road.picture()
    assert picture.about.startswith("20 datagrams sent, from 0 on. Arrived, in this order: 0, 2, 1, 5, 4, 6, 6, 8,")
    assert picture.about.endswith("Lost: 3, 7, 12.")
    assert "lost=3, duplicated=3, overtaken=4" in picture.text
    assert "✕  lost: 3" in picture.svg


@given(st.lists(st.integers(0, 19), max_size=40))
def test_each_arrival_is_in_time_once_more_or_late(arrived):
    for place, (number, kind) in enumerate(zip(arrived, kinds_of(arrived), strict=True)):
        before = arrived[:place]
        assert (kind is AGAIN) == (number in before)
        assert (kind is PLAIN) == all(other < number for other in before)
        assert (kind is LATE) == (number not in before and any(other > number for other in before))
