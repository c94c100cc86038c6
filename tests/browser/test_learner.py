"""What happens to a learner in JupyterLab: a cell that waits, an exercise, everything run again."""

import re
import socket

import nbformat
from playwright.sync_api import expect

from course.lesson.manifest import find_lesson

LESSON = find_lesson("03").path


def test_a_cell_that_waits_says_for_what_and_afterwards_how_long(open_notebook):
    with open_notebook(LESSON.name) as page:
        page.run("import socket")
        page.run("listener = socket.socket(")
        page.run("listener.bind(")
        shown = page.run("listener.listen()").locator(".jp-OutputArea-output").inner_text()
        port = int(re.search(r"127\.0\.0\.1:(\d+)", shown)[1])
        cell = page.start("conn, peer = listener.accept()")
        notice = cell.locator(".jp-OutputArea-output", has_text="waiting in listener.accept(), line 1")
        expect(notice).to_contain_text("nobody has connected. Stop with ■.", timeout=20_000)
        with socket.create_connection(("127.0.0.1", port)):
            settled = cell.locator(".jp-OutputArea-output", has_text=re.compile(r"^\s*waited \d+\.\d s in listener"))
            settled.wait_for()
        expect(notice).to_have_count(0)


def test_an_exercise_is_failed_replayed_and_solved(open_notebook):
    with open_notebook("00_start_here.ipynb") as page:
        page.run("from course.exercises import")
        stub = re.compile(r"^def shout\(text\):\s*\.\.\.")
        page.run(stub)
        assert "not started" in panel(page)

        page.write(stub, "def shout(text): return text.lower()")
        page.run("return text.lower()")
        assert "not yet" in panel(page)
        assert "The text came back in lower case." in panel(page)

        page.write('hint("shout")', 'replay("shout")')
        replayed = page.run(re.compile(r'^replay\("shout"')).locator(".jp-OutputArea").inner_text()
        assert "'say hello, world '" in replayed

        page.write("return text.lower()", "def shout(text): return text.upper()")
        page.run("return text.upper()")
        assert "passed" in panel(page)
        assert "not yet" not in panel(page)


def panel(page):
    """Check the answer to `shout`; return what the panel says."""
    return page.run(re.compile(r'^check\("shout"')).locator("[role=status]").inner_text()


def test_all_cells_run_again_and_again_after_a_restart(open_notebook):
    count = sum(bool(cell.source.strip()) for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code")
    with open_notebook(LESSON.name) as page:

        def has_run_to_the_end(number):
            """Wait for the last cell's number; a cell that fails stops all that come after it."""
            page.locator(".jp-InputPrompt", has_text=f"[{number}]:").wait_for(timeout=60_000)

        def lab():
            return page.cell("labs.backlog()").locator(".course-lab")

        page.choose("Run", "Run All Cells")
        has_run_to_the_end(count)
        expect(lab().get_by_role("status")).to_have_text("Nothing has been called yet.")
        lab().get_by_role("button", name="listen", exact=True).click()
        expect(lab().get_by_role("status")).to_contain_text("room for 2")

        page.choose("Run", "Run All Cells")
        has_run_to_the_end(2 * count)
        expect(lab().get_by_role("status")).to_contain_text("The lab that was open before has closed itself")

        page.choose("Kernel", "Restart Kernel and Run All Cells…")
        page.locator(".jp-Dialog button", has_text="Restart").click()
        has_run_to_the_end(count)
        expect(lab().get_by_role("status")).to_have_text("Nothing has been called yet.")
        lab().get_by_role("button", name="listen", exact=True).click()
        expect(lab().get_by_role("status")).to_contain_text("room for 2")
