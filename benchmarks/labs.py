"""What a lab costs: `python -m benchmarks.labs` (opening it 50 times, and a click in the browser to its effect).

Openings: in a real kernel each lab's cell is run 50 times and worked each time. Then threads, descriptors, widgets
and memory are compared with what was there after the first three. Clicks: in JupyterLab, from the click of a
button to the change that it makes in the page; left out where there is no Chromium.
"""

from __future__ import annotations

import runpy
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.contract.session import Session, session

TESTS = Path(__file__).parent.parent / "tests"
ROUNDS, CLICKS = 50, 40
ALLOWED_SECONDS, ALLOWED_MEGABYTES = 0.3, 5.0
MEMORY = "__import__('psutil').Process().memory_info().rss"
# Clicks a button and resolves with the milliseconds until the status line changes.
CLICK = """(card, name) => new Promise(done => {
    const line = card.querySelector('[role=status]').closest('.widget-html-content');
    const button = [...card.querySelectorAll('button')].find(each => each.textContent === name);
    const start = performance.now();
    new MutationObserver((_, me) => { me.disconnect(); done(performance.now() - start); })
        .observe(line, {childList: true, subtree: true});
    button.click();
})"""


def openings(
    kernel: Session, name: str, presses: tuple[str, ...], close_all: str
) -> tuple[list[Any], list[Any], float]:
    """Return the counts of the kernel before and after ROUNDS openings of a lab, and the seconds of one."""
    code = f"lab = labs.{name}(); press(lab, *{presses})"
    for _ in range(3):
        kernel.run(code, 20)
    kernel.run(close_all, 20)
    before = counted(kernel)
    took = [kernel.run(code, 20).seconds for _ in range(ROUNDS)]
    kernel.run(close_all, 20)
    return before, counted(kernel, before[:3]), statistics.median(took)


def counted(kernel: Session, expected: list[int] | None = None) -> list[Any]:
    """Return threads, descriptors, widgets, and megabytes."""
    asked = kernel.run("", 20, ask=f"__import__('json').dumps([*counts({expected}), {MEMORY} / 1e6])")
    return list(asked.value)


def clicks(folder: Path) -> list[float]:
    """Return the seconds from each of CLICKS clicks to what it changes in the page."""
    browser_tests = runpy.run_path(str(TESTS / "browser" / "conftest.py"))
    if browser_tests["CHROMIUM"] is None:
        return []
    times = []
    with browser_tests["running_lab"](folder) as lab, browser_tests["running_browser"]() as browser:
        with browser_tests["opened_notebook"](lab, browser, "04_client_lifecycle.ipynb", "bench") as page:
            card = page.open_lab("labs.states()")
            for number in range(CLICKS):
                name = ("client: socket", "client: close")[number % 2]
                times.append(card.evaluate(CLICK, name) / 1000)
    return times


def main() -> int:
    """Print the figures; return 1 if one is over what is allowed."""
    help_ = runpy.run_path(str(TESTS / "labs" / "test_kit.py"))
    failed = False
    with tempfile.TemporaryDirectory() as folder, session(Path(folder)) as kernel:
        kernel.run(help_["HELP"], 20)
        for name, presses in help_["WORKED"].items():
            before, after, took = openings(kernel, name, presses, help_["CLOSE_ALL"])
            grown = after[3] - before[3]
            failed |= any(now > then for now, then in zip(after[:3], before[:3], strict=True))
            failed |= grown > ALLOWED_MEGABYTES
            print(
                f"{name:10} {ROUNDS} openings, {took * 1000:.0f} ms each (median); threads, descriptors, widgets "
                f"{before[:3]} -> {after[:3]}; memory {before[3]:.1f} -> {after[3]:.1f} MB"
            )
    with tempfile.TemporaryDirectory() as folder:
        times = clicks(Path(folder))
    if times:
        median = statistics.median(times)
        failed |= median > ALLOWED_SECONDS
        print(f"click to effect: median {median * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms, of {len(times)}")
    else:
        print("click to effect: not measured, there is no Chromium here")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
