"""Right answers pass, a class is judged alike, and the chat room carries its lines, wherever and however they run."""

import json
import sys

import pytest

SERVERS = ["echo_once", "open_listener", "hello_server", "timestamp_server"]
CLIENTS = ["port_status", "chat_with_echo", "chat_client"]
DATAGRAMS = ["hello_udp", "read_datagram", "deliveries"]
NAMES = ["describe_address", "why_unreachable", "reach", "ask", "ask_udp"]
QUICK = [*SERVERS, *CLIENTS, *DATAGRAMS, *NAMES[:2], "send_frame", "send_everything"]

RIGHT = "def shout(text):\n    return text.upper()\n"
WRONG = RIGHT.replace("upper", "lower")
SAYS = 'def shout(text):\n    raise ValueError("größer \\u8ab2")\n'


def test_right_answers_pass(condition):
    assert condition.piece("verdicts", *QUICK) == dict.fromkeys(QUICK, "passed")


@pytest.mark.parametrize("hosts", ["IPv4 first", "IPv6 first", "IPv6 alone", "nobody"])
def test_what_asks_for_names_passes_whatever_the_hosts_file_says(under, hosts):
    assert under(f"hosts: {hosts}").piece("verdicts", *NAMES) == dict.fromkeys(NAMES, "passed")


def test_a_class_gets_the_same_verdicts(condition, tmp_path):
    for name, text in {"ann": RIGHT, "bob": WRONG, "名前 é": SAYS, "o'\"$x": RIGHT}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "shout.py").write_text(text)
    done = condition.run(sys.executable, "-m", "course", "verify", "--json", tmp_path / "class")
    assert done.returncode == 1, done.stderr
    verdicts = sorted((row["verdict"], row["diagnosis"]) for row in json.loads(done.stdout))
    assert verdicts == [("not yet", "lower-case"), ("not yet", "raised"), ("passed", ""), ("passed", "")]


def test_one_learners_answers_are_shown_as_a_table(condition, tmp_path):
    (tmp_path / "answers" / "again").mkdir(parents=True)
    (tmp_path / "answers" / "shout.py").write_text(SAYS)
    (tmp_path / "answers" / "again" / "shout.py").write_text(RIGHT)
    done = condition.run(sys.executable, "-m", "course", "verify", tmp_path / "answers")
    assert (done.returncode, done.stderr) == (1, "")
    assert "raised: " in done.stdout
    assert done.stdout.endswith("1 of 2 passed\n")


def test_the_chat_room_carries_its_lines(condition):
    assert condition.piece("chat") == [
        "* bob is online\n",
        "ann: hello bob\n",
        "bob: hello ann\n",
        "* bob is down\n",
        0,
    ]
