"""The labs as a learner works them: in JupyterLab, by mouse and keyboard, against what the kernel says."""

import re

from netlib.kernel import sock_diag


def press(lab, name):
    lab.get_by_role("button", name=name, exact=True).click()


def heard(lab, text):
    """Wait until the lab's status line says `text`."""
    lab.get_by_role("status").filter(has_text=text).wait_for()


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
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        heard(lab, "room for 4 in the queue")
        assert "of 3" in queue()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        heard(lab, "client 5: ")

        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        heard(lab, "This lab is closed")
        assert sock_diag.find(("127.0.0.1", port), ("0.0.0.0", 0)) is None
