"""The real JupyterLab in a real browser: skipped, with the reason, where there is no Chromium."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from netlib.patience import patience

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Without these, Chromium looks for updates and news at every start.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LAY_OUT_AND_START = """
from pathlib import Path
from course.desk.lab import start
from course.desk.work import lay_out
lay_out(Path("work"))
start(Path.cwd(), None, browser=False)
"""


class Lab:
    """A JupyterLab that was started as `make lab` does it, in a folder of its own."""

    def __init__(self, base, token, folder):
        self.base, self.token, self.folder = base, token, folder

    def address(self, notebook, workspace):
        """Return the address of a notebook, alone: in a used workspace, JupyterLab opens those of before too."""
        return f"{self.base}/lab/workspaces/{workspace}/tree/work/{notebook}?token={self.token}"

    def _ask(self, path):
        with urllib.request.urlopen(f"{self.base}/{path}?token={self.token}", timeout=30) as answer:
            return json.load(answer)

    def end_sessions(self):
        """End every kernel, so that the next page begins with a fresh one."""
        for session in self._ask("api/sessions"):
            request = urllib.request.Request(
                f"{self.base}/api/sessions/{session['id']}?token={self.token}", method="DELETE"
            )
            urllib.request.urlopen(request, timeout=30).close()

    def is_up(self):
        try:
            return bool(self._ask("api"))
        except OSError:
            return False

    def kernel_is_ready(self):
        """Whether a kernel is connected and idle: the status bar says so too early, and keys are lost then."""
        try:
            kernels = self._ask("api/kernels")
        except OSError:  # the server answers 500 while a kernel is being started
            return False
        return any(one["connections"] >= 1 and one["execution_state"] == "idle" for one in kernels)


def until(true, seconds=60, what="it"):
    """Look ten times a second until `true()`: neither Jupyter's server nor the page sends an event for it."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.1)


@contextmanager
def running_lab(folder):
    """Start JupyterLab in `folder`, as `make lab` does it, and end it after the block."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COURSE_", "JUPYTER"))}
    environment |= {"HOME": str(folder), "COURSE_ANSWERS": str(folder / "answers")}
    with subprocess.Popen(
        [sys.executable, "-c", LAY_OUT_AND_START], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as server:  # fmt: skip
        try:
            said = ""
            while "token=" not in said:
                said += (line := server.stdout.readline())
                assert line, f"JupyterLab ended: {said}"
            base, token = re.search(r"(http://[\d.:]+)/lab.*token=(\w+)", said).groups()
            started = Lab(base, token, Path(folder))
            until(started.is_up, what="JupyterLab's start")
            yield started
        finally:
            server.terminate()
            server.stdout.read()


@contextmanager
def running_browser():
    """Start Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Notebook:
    """A notebook in the browser: Playwright's page, and what a learner does with cells."""

    def __init__(self, page):
        self._page = page

    def __getattr__(self, name):
        return getattr(self._page, name)

    def cell(self, text):
        """Return the first code cell that holds `text`, in view. JupyterLab takes away what is far outside."""
        content = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        found = self.locator(".jp-CodeCell").filter(has=self.locator(".cm-content", has_text=content)).first
        outer = self.locator(".jp-WindowedPanel-outer").first
        for place in range(0, 60_000, 800):
            if found.count():
                break
            outer.evaluate("(panel, place) => panel.scrollTo(0, place)", place)
            self.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found.scroll_into_view_if_needed()
        return found

    def start(self, text):
        """Run the first code cell that holds `text`, and do not wait for its end; return it.

        While JupyterLab connects to a kernel it may lose the keys. A learner presses them again, and so does this.
        """
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(3):
            cell.locator(".cm-content").click()
            self.keyboard.press("Shift+Enter")
            with contextlib.suppress(AssertionError):
                until(lambda: prompt.inner_text() != before, seconds=patience(5), what=f"the start of {text!r}")
                return cell
        raise AssertionError(f"the cell {text!r} does not start; its prompt is {prompt.inner_text()!r}")

    def run(self, text):
        """Run the first code cell that holds `text`, wait for its end, and return it."""
        cell = self.start(text)
        prompt = cell.locator(".jp-InputPrompt")
        until(lambda: re.search(r"\d", prompt.inner_text()), what=f"the end of {text!r}")
        cell.scroll_into_view_if_needed()
        return cell

    def write(self, text, new):
        """Type `new` in place of what the first code cell with `text` holds."""
        self.cell(text).locator(".cm-content").click()
        self.keyboard.press("Control+A")
        self.keyboard.type(new)

    def choose(self, menu, item):
        """Choose an item of a menu of JupyterLab's menu bar."""
        self.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
        self.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()

    def open_lab(self, call):
        """Run the set-up cell and the cell that holds `call`; return the lab's card."""
        self.run("import labs")
        lab = self.run(call).locator(".course-lab")
        lab.wait_for()
        return lab


@contextmanager
def opened_notebook(lab, browser, name, workspace, **options):
    """Open a notebook of `work/` in a fresh page with a ready kernel, and end that kernel after the block."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | options)
    page.set_default_timeout(patience(20) * 1000)
    page.goto(lab.address(name, workspace))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    until(lab.kernel_is_ready, what="a ready kernel")
    try:
        yield Notebook(page)
    finally:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{workspace}.png")
        page.close()
        lab.end_sessions()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with running_lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture(scope="session")
def browser(lab):
    with running_browser() as opened:
        yield opened


@pytest.fixture
def open_notebook(lab, browser, tmp_path):
    """Give a context manager that opens a notebook of `work/` in a fresh page with a ready kernel."""
    return lambda name, **options: opened_notebook(lab, browser, name, tmp_path.name, **options)
