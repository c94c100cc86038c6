"""A lesson under watch: what each watching rule must reject, and that a good lesson passes."""

import pytest

from course.contract.live import run_cells_twice, run_sections_twice


def rules(found):
    return {complaint.rule for complaint in found}


def test_the_template_can_be_run_twice_and_leaves_nothing(lesson, tmp_path):
    assert run_sections_twice(lesson.notebook, tmp_path) == []


def test_the_templates_cells_can_each_be_run_twice(lesson, tmp_path):
    assert run_cells_twice(lesson.notebook, tmp_path) == []


LEFT = {
    "a listening socket": ('listener = socket.create_server(("127.0.0.1", 0))', "a listening socket is still open"),
    "an open socket": ("left, right = socket.socketpair()", "a socket is still open"),
    "a thread": (
        "import threading\nwake = threading.Event()\nthreading.Thread(target=wake.wait, name='idle').start()",
        "thread 'idle' still runs",
    ),
    "a child process": (
        "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)",
        "child process",
    ),
}


@pytest.mark.parametrize("what", LEFT)
def test_a_section_is_rejected_that_leaves(lesson, tmp_path, what):
    source, said = LEFT[what]
    lesson.insert_after("def echo", source)
    found = run_sections_twice(lesson.notebook, tmp_path)
    assert "nothing_left" in rules(found)
    assert any(said in complaint.text for complaint in found)


UNSEEN = {
    "a socket that is forgotten": ("for sock in socket.socketpair():\n    del sock", "ResourceWarning: unclosed"),
    "a thread that raises": (
        "import threading\nthread = threading.Thread(target=divmod, args=(1, 0))\nthread.start()\nthread.join()",
        "raised ZeroDivisionError",
    ),
    "a background failure that nobody asks for": (
        "from netlib import background\ntask = background(divmod, 1, 0)\nwhile task.running:\n    pass\ndel task",
        "nobody asked for its result",
    ),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_a_cell_is_rejected_with(lesson, tmp_path, what):
    source, said = UNSEEN[what]
    lesson.insert_after("def echo", source)
    found = run_sections_twice(lesson.notebook, tmp_path)
    assert "nothing_unseen" in rules(found)
    assert any(said in complaint.text and complaint.cell == 8 for complaint in found)


@pytest.mark.parametrize("source", [
    'with socket.socket() as sock:\n    sock.bind(("0.0.0.0", 0))',
    'with socket.socket() as sock:\n    sock.bind(("", 0))',
    'with socket.socket(type=socket.SOCK_DGRAM) as sock:\n    sock.connect(("192.0.2.1", 9))',
    'with socket.socket(type=socket.SOCK_DGRAM) as sock:\n    sock.connect(("192.513", 9))',
])  # fmt: skip
def test_only_loopback_is_bound_or_contacted(lesson, tmp_path, source):
    lesson.insert_after("def echo", source)
    assert rules(run_sections_twice(lesson.notebook, tmp_path)) == {"loopback_only"}


@pytest.mark.parametrize("source", [
    'with socket.socket() as sock:\n    sock.connect_ex(("localhost", 0))',
    'try:\n    socket.create_connection(("localhost", 0))\nexcept OSError:\n    pass',
])  # fmt: skip
def test_no_cell_depends_on_what_the_machine_calls_localhost(lesson, tmp_path, source):
    lesson.insert_after("def echo", source)
    [complaint, *_] = run_sections_twice(lesson.notebook, tmp_path)
    assert complaint.rule == "loopback_only"
    assert "'localhost', which is loopback by one address, by another, or not known here" in complaint.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.3.3", "127.1"])
def test_loopback_may_be_written_as(lesson, tmp_path, host):
    lesson.insert_after("def echo", f'with socket.socket() as sock:\n    sock.connect_ex(("{host}", 0))')
    assert run_sections_twice(lesson.notebook, tmp_path) == []


def test_a_cell_may_leave_loopback_with_a_reason(lesson, tmp_path):
    source = 'with socket.socket() as sock:\n    sock.bind(("0.0.0.0", 0))'
    lesson.insert_after("def echo", source, course={"not-loopback": "shows what 0.0.0.0 is; it never listens"})
    assert run_sections_twice(lesson.notebook, tmp_path) == []


def test_a_section_prints_the_same_when_it_is_run_again(lesson, tmp_path):
    lesson.insert_after("def echo", "print(globals().setdefault('runs', []).append(1) or len(runs))")
    [complaint] = run_sections_twice(lesson.notebook, tmp_path)
    assert complaint.rule == "same_again"


def test_a_cell_that_raises_is_named(lesson, tmp_path):
    lesson.insert_after("def echo", "1 / 0")
    found = run_sections_twice(lesson.notebook, tmp_path)
    assert [str(one) for one in found] == ["[succeeds] cell 8: ZeroDivisionError: division by zero"]


def test_a_cell_that_blocks_in_its_second_run_is_named(lesson, tmp_path):
    lesson.insert_after("def echo", 'listener = socket.create_server(("127.0.0.1", 0))')
    lesson.insert_after("listener = socket.create_server", "caller = socket.create_connection(listener.getsockname())")
    lesson.insert_after("caller = socket", "conn, _ = listener.accept()")
    found = run_cells_twice(lesson.notebook, tmp_path)
    assert [(one.rule, one.cell) for one in found] == [("twice", 10)]


def test_a_cell_that_says_once_is_excused(lesson, tmp_path):
    blocks = "import threading\nthreading.Event().wait(9 if 'ran' in globals() else 0)\nran = True"
    lesson.insert_after("def echo", blocks, course={"once": "the second run waits"})
    assert run_cells_twice(lesson.notebook, tmp_path) == []
