"""What the picture shows, and that it can be read."""

from __future__ import annotations

import base64
import os
import re
import socket
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations

import pytest

from sockscope.trace import Picture, Record, Trace, draw, trace

CHAR = 0.62  # em: wider than a character of any monospaced font that the picture asks for

Boxes = list[tuple[float, float, float, float, str]]


def label_boxes(svg: str) -> Boxes:
    """Return left, top, right, bottom and text of each label, with conservative widths."""
    boxes = []
    root = ET.fromstring(svg)
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        text, size = node.text or "", float(node.get("font-size", root.get("font-size", "0")))
        wide, x, y = len(text) * size * CHAR, float(node.get("x", "0")), float(node.get("y", "0"))
        left = x - {"end": wide, "middle": wide / 2}.get(node.get("text-anchor", ""), 0)
        boxes.append((left, y - size * 0.8, left + wide, y + size * 0.25, text))
    return boxes


def overlapping(svg: str) -> list[tuple[str, str]]:
    return [
        (a[4], b[4])
        for a, b in combinations(label_boxes(svg), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def outside(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    return [
        text
        for left, top, right, bottom, text in label_boxes(svg)
        if left < 0 or top < 0 or right > wide or bottom > high
    ]


def test_no_labels_overlap_with_four_lanes_and_forty_calls(scenarios: dict[str, Callable[[], Trace]]) -> None:
    t = scenarios["four_lanes"]()
    assert len(t.record.calls) >= 40
    headings = [text for *_, text in label_boxes(t.svg()) if text in {"alice", "bob", "carol", "listener"}]
    assert headings == ["alice", "bob", "carol", "listener"]
    for svg in (t.svg(), t.timeline().svg()):
        assert overlapping(svg) == []
        assert outside(svg) == []


def test_no_labels_overlap(scenario: Callable[[], Trace]) -> None:
    t = scenario()
    for svg in (t.svg(), t.timeline().svg(), t.svg(rows=8)):
        assert overlapping(svg) == []
        assert outside(svg) == []


def test_the_overlap_check_sees_an_overlap() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" font-size="13" width="99" height="99">{}</svg>'
    assert overlapping(svg.format('<text x="0" y="20">one</text><text x="20" y="20">two</text>')) == [("one", "two")]
    assert overlapping(svg.format('<text x="0" y="20">one</text><text x="26" y="20">two</text>')) == []


def test_an_exchange_reads_from_top_to_bottom(scenarios: dict[str, Callable[[], Trace]]) -> None:
    assert scenarios["exchange"]().text().splitlines() == [
        "  1  listener.bind(127.0.0.1:0)",
        "  2  listener.listen()",
        "  3  client.connect(127.0.0.1:PORT)",
        "       ⇢ SYN, SYN-ACK, ACK (inferred) to listener",
        "  4  listener.accept() → conn",
        "  5  client.sendall(b'hello')",
        "  6  conn.recv(1024) → b'hello'",
        "       ⇠ 5 B from client, call 5",
        "  7  conn.sendall(b'HELLO')",
        "  8  client.recv(1024) → b'HELLO'",
        "       ⇠ 5 B from conn, call 7",
        "  9  client.close()",
        " 10  conn.recv(1024) → b'' (end of stream)",
        "       ⇠ FIN (inferred) from client, call 9",
        " 11  conn.close()",
        "       ⇢ FIN (inferred) to client",
        " 12  listener.close()",
        "inferred: told from the calls; the packets themselves were not watched",
    ]


def test_one_sendall_that_arrives_in_three_pieces_has_three_arrows(scenarios: dict[str, Callable[[], Trace]]) -> None:
    t = scenarios["one_send_in_three"]()
    assert re.findall(r"(\d+) B from client, call (\d+)", t.text()) == [("4", "5"), ("3", "5"), ("4", "5")]
    assert t.svg().count('marker-end="url(#data)"') == 3 + 1  # and one in the legend


def test_glued_sends_have_an_arrow_each() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            a.sendall(b"one")
            a.sendall(b"two")
            assert b.recv(100) == b"onetwo"
    assert re.findall(r"3 B from a, call (\d)", t.text()) == ["1", "2"]


def test_a_reset_is_red_and_in_words(scenarios: dict[str, Callable[[], Trace]]) -> None:
    t = scenarios["reset"]()
    assert (
        "client.recv(1024) ✗ ConnectionResetError: the other end sent RST\n       ⇠ RST (inferred) from conn"
        in t.text()
    )
    assert re.search(r'fill="#b3261e"[^>]*>✗ ConnectionResetError', t.svg())
    assert "⇢ 12 B not read to conn" in t.text()


def test_a_half_close_is_a_fin_and_the_answer_still_comes(scenarios: dict[str, Callable[[], Trace]]) -> None:
    text = scenarios["half_close"]().text()
    assert "conn.recv(1024) → b'' (end of stream)\n       ⇠ FIN (inferred) from client, call 7" in text
    assert "⇠ 11 B from conn" in text


def test_a_refused_connection_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    with trace() as t, socket.socket() as client:
        with pytest.raises(ConnectionRefusedError):
            client.connect(address)
        assert client.connect_ex(address) > 0
    assert "client.connect(127.0.0.1:PORT) ✗ ConnectionRefusedError: nobody listens there" in t.text()
    assert "client.connect_ex(127.0.0.1:PORT) ✗ ECONNREFUSED: nobody listens there" in t.text()


def test_a_long_talk_is_folded() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            for _ in range(100):
                a.sendall(b"ping")
                b.recv(4)
    assert "… 194 more" in t.text()
    assert "… 194 more" in t.svg()
    assert overlapping(t.svg()) == []
    assert "200  b.recv(4)" in t.text()


def test_a_long_talk_without_repetition_is_folded_in_the_middle(scenarios: dict[str, Callable[[], Trace]]) -> None:
    t = scenarios["four_lanes"]()
    lines = [line for line in t.text(rows=12).splitlines() if not line.startswith("       ")]
    assert sum("more" in line for line in lines) == 1
    assert overlapping(t.svg(rows=12)) == []


def test_a_long_payload_is_shortened() -> None:
    with trace() as t:
        a, b = socket.socketpair()
        with a, b:
            a.sendall(b"\0" * 5000)
            b.recv(5000)
    assert "a.sendall(b'\\x00\\x00\\x00\\x00'… 5000 B)" in t.text()


def test_lanes_have_the_names_of_variables_or_roles() -> None:
    with trace() as t, socket.create_server(("127.0.0.1", 0)) as listener:
        held = [socket.create_connection(listener.getsockname())]
        held.append(listener.accept()[0])
        held[0].sendall(b"x")
        held[1].recv(1)
        for s in held:
            s.close()
    assert "client.sendall(b'x')" in t.text()
    assert "conn.recv(1)" in t.text()


def test_a_variable_of_an_outer_function_names_the_socket() -> None:
    def say(sock: socket.socket) -> None:
        sock.sendall(b"x")

    with trace() as t:
        alice, bob = socket.socketpair()
        with alice, bob:
            say(alice)
    assert t.text().startswith("  1  alice.sendall(b'x')")


def test_an_attribute_of_self_names_the_socket() -> None:
    class Speaker:
        def __init__(self, sock: socket.socket) -> None:
            self.line = sock

        def speak(self) -> None:
            self.line.sendall(b"x")

    with trace() as t:
        speakers = [Speaker(s) for s in socket.socketpair()]
        speakers[0].speak()
        for speaker in speakers:
            speaker.line.close()
    assert t.text().startswith("  1  self.line.sendall(b'x')")


def test_no_port_and_no_time_is_drawn(scenario: Callable[[], Trace]) -> None:
    t = scenario()
    ports = {str(a[1]) for s in t.record.sockets.values() for a in (s.me, s.you) if a}
    shown = {text for *_, text in label_boxes(t.svg())} | set(t.text().splitlines())
    assert not any(re.search(rf"\b{port}\b", line) for port in ports for line in shown)
    assert not any(" ms" in line for line in shown)


def test_the_timeline_shades_waits_and_writes_pauses(in_thread: Callable[..., object]) -> None:
    a, b = socket.socketpair()
    a.settimeout(0.05)
    with a, b, trace() as t, pytest.raises(TimeoutError):
        a.recv(1)
    timeline = t.timeline()
    assert re.search(r"a.recv\(1\) waits\n  1  ✗ TimeoutError: the time-out passed after \d+ ms", timeline.text())
    assert 'fill="url(#wait)"' in timeline.svg()
    assert 'fill="url(#wait)"' not in t.svg()


def test_a_notebook_gets_an_image_with_its_own_ground_and_the_text(scenarios: dict[str, Callable[[], Trace]]) -> None:
    t = scenarios["exchange"]()
    bundle = t._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == t.text()
    found = re.search(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    assert found
    assert "client, listener" in found[1]
    assert base64.b64decode(found[2]).decode() == t.svg()
    assert "<details" in bundle["text/html"]
    assert "conn.recv(1024) → b&#x27;hello&#x27;" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_an_empty_trace_is_drawn() -> None:
    with trace() as t:
        pass
    ET.fromstring(t.svg())
    assert t.text() == "no call on any socket"


def test_a_record_survives_json_and_draws_the_same(scenario: Callable[[], Trace]) -> None:
    t = scenario()
    again = draw(Record.from_json(t.record.to_json()))
    assert again.text() == t.text()
    assert again.svg() == t.svg()


@pytest.mark.parametrize("text", ["{}", "[]", "nothing", '{"sockets": [{"a": 1}], "calls": []}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"record|Expecting"):
        Record.from_json(text)


def test_records_of_two_processes_make_one_picture(scenario: Callable[[], Trace]) -> None:
    """Split a record as two processes would have made it: the sockets of one end, and those of the other."""
    whole = scenario().record
    lanes = Picture(whole).text()
    server = {
        n for n, s in whole.sockets.items() if s.listening or s.accepted_by is not None or (not s.stream and n == 0)
    }
    halves = [
        Record(
            {n: s for n, s in whole.sockets.items() if (n in server) == here},
            [c for c in whole.calls if (c.sock in server) == here],
        )
        for here in (True, False)
    ]
    merged = draw(*(Record.from_json(half.to_json()) for half in halves))
    assert sorted(re.findall(r"[⇢⇠] .* B", merged.text())) == sorted(re.findall(r"[⇢⇠] .* B", lanes))
    assert sorted(re.findall(r"FIN|RST|SYN", merged.text())) == sorted(re.findall(r"FIN|RST|SYN", lanes))


def test_a_forked_child_and_its_peer_make_one_picture() -> None:
    read, write = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pid = os.fork()
        if pid == 0:
            with trace() as t, socket.create_connection(listener.getsockname()) as client:
                client.sendall(b"from the child")
                client.recv(100)
            os.write(write, t.record.to_json().encode())
            os._exit(0)
        with trace(fallback="peer") as t:
            held = [listener.accept()[0]]
            with held[0]:
                held[0].recv(100)
                held[0].sendall(b"from the parent")
                held[0].recv(100)
        os.waitpid(pid, 0)
    os.close(write)
    with open(read, "rb") as pipe:
        picture = draw(Record.from_json(pipe.read().decode()), t.record)
    lines = picture.text().splitlines()
    assert lines[0] == "  1  client.connect(127.0.0.1:PORT)"
    assert lines[2:4] == ["  2  listener.accept() → peer", "  3  client.sendall(b'from the child')"]
    assert "⇠ 14 B from client, call 3" in picture.text()
    assert "⇠ 15 B from peer" in picture.text()
    assert "⇠ FIN (inferred) from client" in picture.text()
