"""What all labs share, in a real kernel: opened again, closed, worked, still where nobody watches."""

import re

import pytest

from course.contract.session import session

# In the kernel: press a lab's buttons, and count what it might leave behind.
HELP = """
import asyncio, gc, os, threading, time
os.environ["COURSE_LABS"] = "1"
from course import labs
from ipywidgets.widgets import widget as ipywidgets_widget

def press(lab, *names):
    for name in names:
        next(made for made in lab._made if getattr(made, "description", "") == name).click()

def said(lab):
    import html, re
    return html.unescape(re.sub("<[^>]*>", "", lab._said.value))

def over(now, before):
    return [(one, other) for one, other in zip(now, before) if one > other]

def counts(expected=None, seconds=10):
    '''Return threads, descriptors, widgets; look again until none is over what is expected, or that long.

    ipykernel gives each thread that sends to the browser a channel, takes those of ended threads back every ten
    seconds (iostream.py, _event_pipe_gc; asked for here), and ZeroMQ closes them in a thread of its own.
    '''
    iopub, end = get_ipython().kernel.iopub_thread, time.monotonic() + seconds
    while True:
        gc.collect()
        asyncio.run_coroutine_threadsafe(iopub._event_pipe_gc(), iopub.io_loop.asyncio_loop).result(5)
        now = [len(threading.enumerate()), len(os.listdir("/proc/self/fd")), len(ipywidgets_widget._instances)]
        if expected is None or not over(now, expected) or time.monotonic() > end:
            return now
        time.sleep(0.02)
"""
WORKED = {
    "backlog": ("listen", "a client calls", "a client calls", "a client calls", "accept", "a client hangs up"),
    "states": (
        "listener: socket, bind", "listener: listen", "client: socket", "client: connect", "listener: accept",
        "client: send", "conn: recv", "client: shutdown",
    ),
    "lossy_road": ("send 20",),
    "chat": ("ann joins or leaves", "bob joins or leaves", "bob reads or not", "ann floods"),
}  # fmt: skip
CLOSE_ALL = "from course.labs.kit import _open\nfor each in list(_open.values()): each.close()"
each_lab = pytest.mark.parametrize("name", WORKED)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with session(tmp_path_factory.mktemp("kernel")) as started:
        run = started.run(HELP, 20)
        assert not run.error, run.error
        yield started


@pytest.fixture
def ask(kernel):
    """Give a function that runs code in the kernel and returns the value of an expression after it."""

    def asked(code, expression="None"):
        run = kernel.run(code, 20, ask=f"__import__('json').dumps({expression})")
        assert not run.error, run.error
        assert not run.timed_out
        asked.outputs = run.outputs
        return run.value

    return asked


@each_lab
def test_ten_rounds_leave_threads_descriptors_and_widgets_where_they_were(ask, name):
    ask("def round_of(name, presses):\n    lab = getattr(labs, name)()\n    press(lab, *presses)")
    code = f"round_of({name!r}, {WORKED[name]})"
    for _ in range(2):  # the first two make what there is once, such as the card that says "closed"
        ask(code)
    before = ask(CLOSE_ALL, "counts()")  # the last one too: whether its watch has spoken yet is chance
    for _ in range(10):
        ask(code)
    assert ask(CLOSE_ALL, f"over(counts({before}), {before})") == []


@each_lab
def test_the_close_button_ends_every_socket_and_thread(ask, name):
    fresh = ask(CLOSE_ALL, "counts()[:2]")
    ask(f"lab = labs.{name}()\npress(lab, *{WORKED[name]})")
    assert ask("", f"'lab {name}' in [thread.name for thread in threading.enumerate()]")
    assert ask("press(lab, '✕ close')", f"over(counts({fresh}), {fresh})") == []
    assert ask("", "said(lab)") == "This lab is closed, and so is every socket of it. Run the cell again to open it."
    assert ask("", "str(lab)") == f"<lab {name}, closed>"


@each_lab
def test_opened_again_the_old_one_closes_itself_and_both_say_so(ask, name):
    ask(f"old = labs.{name}()\npress(old, *{WORKED[name]})\nnew = labs.{name}()")
    assert "closed itself, because it was opened again" in ask("", "said(old)")
    assert "The lab that was open before has closed itself" in ask("", "said(new)")
    assert ask("", "[old._is_open, new._is_open]") == [False, True]


def test_two_different_labs_can_be_open_together(ask):
    ask("one, other = labs.backlog(), labs.states()")
    assert ask("", "[one._is_open, other._is_open]") == [True, True]


def test_an_untouched_lab_has_no_thread_and_no_descriptor(ask):
    before = ask(CLOSE_ALL, "counts()[:2]")
    opened = "one, two, three = labs.backlog(), labs.states(), labs.lossy_road()"
    assert ask(opened, f"over(counts({before}), {before})") == []


def test_what_happens_later_is_shown_without_a_click_and_nothing_is_printed(ask):
    ask("lab = labs.backlog()\nlab._made[0].observe(lambda change: seen.append(change.new), 'value')\nseen = []")
    ask("press(lab, 'listen', *['a client calls'] * 4, 'accept')", "")
    code = (
        "import time\nend = time.monotonic() + 15\n"
        "while not any('2 of 1' in one for one in seen[-1:]) and time.monotonic() < end: time.sleep(0.02)"
    )
    assert ask(code, "'waiting to be accepted: 2 of 1' in seen[-1]")
    assert ask.outputs == []


def test_a_lab_that_fails_by_itself_says_so_in_its_card(ask):
    ask("lab = labs.states()\nlab.model.turn = lambda: 1 / 0\npress(lab, 'client: socket')")
    ask("while 'failed' not in said(lab): time.sleep(0.01)")
    assert ask("", "said(lab)") == "the lab itself failed ✕ ZeroDivisionError: division by zero"
    assert ask("lab.close()", "said(lab)").startswith("This lab is closed")


def test_an_error_of_a_call_is_shown_as_the_kernel_words_it(ask):
    ask("lab = labs.states()\npress(lab, 'client: connect')")
    assert ask("", "said(lab)") == "client: connect  ✕ OSError: [Errno 9] Bad file descriptor"


@each_lab
def test_shown_live_it_carries_its_still_picture_too(ask, name):
    ask(f"labs.{name}()")
    picture, card = (output.data for output in ask.outputs)
    assert set(picture) == {"text/html", "text/plain"}
    assert "<img alt=" in picture["text/html"]
    assert set(card) == {"application/vnd.jupyter.widget-view+json", "text/plain"}


@each_lab
def test_where_nobody_watches_it_is_a_still_picture_the_same_each_time(ask, name):
    shown = []
    for _ in range(2):
        ask(f"os.environ['COURSE_LABS'] = '0'\nlabs.{name}()")
        shown.append(ask.outputs)
    ask("os.environ['COURSE_LABS'] = '1'")
    assert shown[0][0].data == shown[1][0].data
    assert set(shown[0][0].data) == {"text/html", "text/plain"}
    assert "open the lesson with `make lab` and run this cell" in shown[0][0].data["text/plain"]
    assert not re.search(r"127\.0\.0\.1\D\d", shown[0][0].data["text/plain"])  # a port is another one each time
