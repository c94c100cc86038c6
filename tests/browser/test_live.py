"""Live coding in the real JupyterLab: prompts, notes, `%catch_up` for one cell and for all, a missing name."""

import re

import pytest

from course.editions.live import live
from course.lesson.manifest import find_lesson
from course.lesson.notebook import read_notebook, to_bytes
from course.lesson.parts import code_cells

LESSON = find_lesson("03").path
SOURCES = {cell.number: cell.source for cell in code_cells(read_notebook(LESSON))}
KNOCK = next(number for number, source in SOURCES.items() if source.startswith("def knock"))


class Speaker:
    """Somebody in front of a class: types into the cell with a prompt's number, runs it, reads what came."""

    def __init__(self, page):
        self.page = page

    def cell(self, number):
        found = self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-line", has_text=f"# 3.{number} · "))
        found.scroll_into_view_if_needed()
        return found

    def text(self, cell):
        return "\n".join(cell.locator(".cm-line").all_inner_texts()).strip()

    def type(self, number, text):
        cell = self.cell(number)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(text)
        return cell

    def run(self, cell):
        """Run the cell and stay in it; return what stands under it when it has ended."""
        before = cell.locator(".jp-InputPrompt").inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        prompt = cell.locator(".jp-InputPrompt")
        self.page.wait_for_function(
            "([prompt, before]) => /\\[\\d+\\]/.test(prompt.innerText) && prompt.innerText !== before",
            arg=[prompt.element_handle(), before],
        )
        shown = "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts()).strip()
        return re.sub(r"[ \t]+", " ", shown)

    def set_up(self):
        cell = self.page.locator(".jp-CodeCell").first
        assert self.run(cell) == ""


@pytest.fixture
def speaker(lab, open_notebook):
    path = lab.folder / "live" / LESSON.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(to_bytes(live(read_notebook(LESSON))))
    with open_notebook(f"../live/{LESSON.name}") as page:
        speaker = Speaker(page)
        speaker.set_up()
        yield speaker


def test_catch_up_puts_the_lessons_code_into_the_cell_and_keeps_what_was_typed(speaker):
    cell = speaker.type(2, "listener = socket.socket(\n%catch_up")
    assert "is in the cell now: run it" in speaker.run(cell)
    fetched, typed = speaker.text(cell).partition("\n")[2].split("# What was typed here:\n")
    assert (fetched.strip(), typed) == (SOURCES[2], "# listener = socket.socket(")
    assert speaker.run(cell) == "CLOSED no connection"


def test_catch_up_all_brings_the_kernel_to_the_cell_where_typing_goes_on(speaker):
    cell = speaker.type(6, "%catch_up all")
    assert speaker.run(cell) == "ran the lesson's cells 3.1 to 5"
    assert re.fullmatch(r"# 3\.6 · .+", speaker.text(cell))
    speaker.type(6, SOURCES[6])
    assert re.search(r"client ESTABLISHED", speaker.run(cell))


def test_a_missing_name_is_explained_and_the_line_that_supplies_it_works(speaker):
    cell = speaker.type(KNOCK + 1, "print(knock.__name__)")
    said = speaker.run(cell)
    assert "NameError" in said
    assert f"Add the line %catch_up 3.{KNOCK} here" in said.replace("`", "")
    speaker.type(KNOCK + 1, f"\n%catch_up 3.{KNOCK}")
    assert speaker.run(cell) == f"ran the lesson's cell 3.{KNOCK}"
    assert speaker.run(cell) == "knock"


def test_the_instructors_notes_are_open_under_their_headings(speaker):
    note = speaker.page.locator(".jp-MarkdownCell details[open]", has_text="For the instructor: 9 minutes").first
    note.scroll_into_view_if_needed()
    assert "switchboard" in note.inner_text()
