"""The labs as a learner works them: in JupyterLab, by mouse and keyboard, against what the kernel says."""

import re
import socket

from playwright.sync_api import expect

from netlib.faults import Faults, Link
from sockscope.kernel import sock_diag


def press(lab, name):
    lab.get_by_role("button", name=name, exact=True).click()


def heard(lab, text):
    """Wait until the lab's status line says `text`."""
    lab.get_by_role("status").filter(has_text=text).wait_for()


def go_to(page, name, tabs):
    """Press Tab so many times, to come to the button called `name`."""
    for _ in range(tabs):
        page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(name)


def shows(lab, text):
    """Wait until the lab's picture, read aloud, holds `text`."""
    lab.locator(f'svg[aria-label*="{text}"]').wait_for()


def test_backlog_shows_what_the_kernel_knows(open_notebook):
    with open_notebook("03_server_lifecycle.ipynb") as page:
        lab = page.open_lab("labs.backlog()")
        assert "no socket yet" in lab.inner_text()
        press(lab, "listen")
        for _ in range(4):
            press(lab, "a client calls")
        heard(lab, "client 4: no answer yet")
        port = int(re.search(r"LISTEN\s+127\.0\.0\.1:(\d+)", lab.inner_text())[1])

        def queue():
            record = sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0))
            return f"waiting to be accepted: {record.accept_queue} of {record.backlog}"

        assert queue() == "waiting to be accepted: 2 of 1"
        assert lab.locator("pre").inner_text().count(queue()) == 1
        press(lab, "accept")
        heard(lab, "conn, from client 1")
        lab.locator("pre", has_text="waiting to be accepted: 2 of 1").wait_for()  # the next one's SYN came again
        assert queue() == "waiting to be accepted: 2 of 1"
        press(lab, "a client hangs up")
        heard(lab, "client 1 has gone")

        number = lab.get_by_label("backlog")
        number.focus()
        for value in ("2", "3"):
            page.keyboard.press("ArrowUp")
            heard(lab, f"backlog  → {value}")
        go_to(page, "listen", 1)
        page.keyboard.press("Enter")
        heard(lab, "room for 4 in the queue")
        assert "of 3" in queue()
        go_to(page, "a client calls", 1)
        page.keyboard.press("Space")
        heard(lab, "client 5: ")
        go_to(page, "✕ close", 3)
        page.keyboard.press("Enter")
        heard(lab, "This lab is closed")
        assert sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0)) is None


def test_states_shows_both_ends_as_the_kernel_has_them(open_notebook):
    with open_notebook("04_client_lifecycle.ipynb") as page:
        lab = page.open_lab("labs.states()")
        press(lab, "client: connect")
        heard(lab, "client: connect  ✕ OSError: [Errno 9] Bad file descriptor")
        for name in ("listener: socket, bind", "listener: listen", "client: socket", "client: connect"):
            press(lab, name)
        heard(lab, "client: connect  → connected")
        shows(lab, "listener: LISTEN; client: ESTABLISHED; conn, not accepted: ESTABLISHED.")
        press(lab, "listener: accept")
        heard(lab, "listener: accept  →")
        ports = re.search(r"client +ESTABLISHED +127\.0\.0\.1:(\d+) -> 127\.0\.0\.1:(\d+)", lab.inner_text())
        client, server = (("127.0.0.1", int(port)) for port in ports.groups())

        def states():
            found = sock_diag.find(client, server), sock_diag.find(server, client)
            return tuple(record.state if record else "CLOSED" for record in found)

        for name, expected in (
            ("conn: send", ("ESTABLISHED", "ESTABLISHED")),
            ("client: recv", ("ESTABLISHED", "ESTABLISHED")),
            ("conn: shutdown", ("CLOSE-WAIT", "FIN-WAIT-2")),
            ("client: recv", ("CLOSE-WAIT", "FIN-WAIT-2")),
            ("client: send", ("CLOSE-WAIT", "FIN-WAIT-2")),
            ("conn: recv", ("CLOSE-WAIT", "FIN-WAIT-2")),
            ("client: shutdown", ("CLOSED", "TIME-WAIT")),
            ("client: close", ("CLOSED", "TIME-WAIT")),
            ("conn: close", ("CLOSED", "TIME-WAIT")),
        ):
            press(lab, name)
            heard(lab, name)
            shows(lab, "client: {}; conn: {}.".format(*expected))
            assert states() == expected, name

        for name, error in (
            ("conn: send", "[Errno 9] Bad file descriptor"),
            ("conn: recv", "[Errno 9] Bad file descriptor"),
            ("conn: shutdown", "[Errno 9] Bad file descriptor"),
            ("listener: accept", "BlockingIOError: [Errno 11] Resource temporarily unavailable"),
            ("listener: socket, bind", "OSError: [Errno 22] Invalid argument"),
            ("client: reset", "[Errno 9] Bad file descriptor"),
        ):
            lab.get_by_role("button", name=name, exact=True).focus()
            page.keyboard.press("Enter")
            heard(lab, f"{name}  ✕")
            heard(lab, error)
        press(lab, "listener: close")
        heard(lab, "listener: close  → closed")
        assert sock_diag.find(server, ("0.0.0.0", 0)) is None
        press(lab, "✕ close")
        heard(lab, "This lab is closed")


def arrivals(lab):
    said = lab.locator("svg").get_attribute("aria-label")
    return [int(number) for number in re.findall(r"\d+", said.partition("order:")[2].partition(".")[0])]


def test_lossy_road_shows_what_the_relay_let_through(open_notebook):
    with open_notebook("07_udp.ipynb") as page:
        lab = page.open_lab("labs.lossy_road()")
        press(lab, "stop")
        heard(lab, "stop  → nothing is on the road")
        for label, value in (("loss %", 30), ("duplication %", 25), ("reordering %", 20), ("seed", 5)):
            field = lab.get_by_label(label)
            field.fill(str(value))
            field.press("Enter")
            heard(lab, f"{label}  → {value}")
        go_to(page, "send 20", 1)
        page.keyboard.press("Enter")
        heard(lab, "send 20  → 20 datagrams")
        port = int(re.search(r"receiver +BOUND +127\.0\.0\.1:(\d+)", lab.inner_text())[1])
        assert sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0), socket.SOCK_DGRAM)
        shows(lab, "Lost:")  # said when the run is over
        link = Link(Faults(0.3, 0.25, 0.2), "5 there 0")
        out = [int(number) for each in range(20) for number in link.carry(b"%d" % each)]
        assert arrivals(lab) == [*out, *map(int, link.release())]
        assert str(link.counts) in lab.locator("pre").inner_text()
        assert sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0), socket.SOCK_DGRAM) is None

        press(lab, "send 20")
        heard(lab, "send 20  → 20 datagrams")
        press(lab, "send 20")
        heard(lab, "send 20  → not yet")
        press(lab, "stop")
        heard(lab, "stop  → stopped, after ")
        press(lab, "✕ close")
        heard(lab, "This lab is closed")


def test_without_its_kernel_a_lab_is_its_still_picture(open_notebook):
    with open_notebook("03_server_lifecycle.ipynb") as page:
        lab = page.open_lab("labs.backlog()")
        still = page.cell("labs.backlog()").locator(".course-lab-still")
        press(lab, "listen")
        heard(lab, "room for 2")
        expect(still).to_be_hidden()
        page.choose("Kernel", "Restart Kernel…")
        page.locator(".jp-Dialog button", has_text="Restart").click()
        expect(lab).to_be_hidden()
        is_shown(still)
        page.choose("File", "Save Notebook")
        expect(page.locator(".jp-mod-dirty")).to_have_count(0)
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        still = page.cell("labs.backlog()").locator(".course-lab-still")
        is_shown(still)
        complaint = page.get_by_text("Error displaying widget")
        complaint.wait_for(state="attached")
        expect(complaint).to_be_hidden()


def is_shown(still):
    expect(still).to_contain_text("run this cell")
    expect(still.locator("img")).to_be_visible()
    assert still.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300


def test_chat_shows_what_each_hears_and_what_waits_in_the_server(open_notebook):
    with open_notebook("08_chat_room.ipynb") as page:
        lab = page.open_lab("labs.chat()")
        lab.get_by_label("ann says").fill("too early")
        lab.get_by_label("ann says").press("Enter")
        heard(lab, "ann is not in the room: let ann join first")
        for name in ("ann", "bob", "zoe"):
            press(lab, f"{name} joins or leaves")
            heard(lab, f"{name} connects, and says its name")
        shows(lab, "Online, says the server: ann, bob, zoe.")
        field = lab.get_by_label("bob says")
        for _ in range(2):  # the same line again is a line again
            field.fill("Hello <b>ann</b>")
            field.press("Enter")
            heard(lab, "bob sends b'Hello <b>ann</b>")
            expect(field).to_have_value("")
        expect(lab.locator("svg text", has_text="bob: Hello <b>ann</b>")).to_have_count(4)  # two lines, two windows

        port = int(re.search(r"nc 127\.0\.0\.1 (\d+)", lab.inner_text())[1])
        with socket.create_connection(("127.0.0.1", port)) as terminal:
            terminal.sendall(b"you\n")
            shows(lab, "says the server: ann, bob, zoe, you.")
            assert sock_diag.find(("127.0.0.1", port), terminal.getsockname()).state == "ESTABLISHED"
        shows(lab, "says the server: ann, bob, zoe.")

        press(lab, "zoe reads or not")
        heard(lab, "zoe does not read any more")
        press(lab, "ann floods")
        lab.locator("pre", has_text="bytes in the server").wait_for()
        press(lab, "ann floods")
        shows(lab, "says the server: ann, bob.")
        go_to(page, "open the room", 1)
        page.keyboard.press("Enter")
        heard(lab, f"the room is open at 127.0.0.1 port {port}")
        press(lab, "✕ close")
        heard(lab, "This lab is closed")
        assert sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0)) is None
