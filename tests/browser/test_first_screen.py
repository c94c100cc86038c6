"""What a learner sees after `make lab`: the first lesson, nothing in the way, and cells that run."""

FIRST = "00_start_here.ipynb"


def run_code_cells(page, count):
    """Run the first `count` code cells with Shift+Enter, waiting for each; return their outputs' texts.

    Each cell is read while it is in view: JupyterLab takes away what is far outside.
    """
    outputs = []
    for number in range(1, count + 1):
        cell = page.locator(".jp-CodeCell", has=page.locator(".jp-InputPrompt", has_text="[ ]")).first
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        ran = page.locator(".jp-CodeCell", has=page.locator(".jp-InputPrompt", has_text=f"[{number}]"))
        ran.wait_for(timeout=30_000)
        ran.scroll_into_view_if_needed()
        outputs.append("\n".join(ran.locator(".jp-OutputArea-output").all_inner_texts()).strip())
    return outputs


def test_the_first_screen_is_the_first_lesson_and_nothing_is_in_the_way(open_notebook):
    with open_notebook(FIRST) as page:
        assert page.locator("h1").first.inner_text().startswith("0 · Start here")
        page.wait_for_load_state("networkidle")
        assert page.locator(".jp-Dialog").count() == 0
        assert page.locator(".Toastify__toast").count() == 0
        assert page.locator(".jp-OutputArea-output:visible").count() == 0


def test_two_programs_talk_within_the_first_cells(open_notebook):
    with open_notebook(FIRST) as page:
        assert run_code_cells(page, 3)[-1] == "b'hello, ann'"


def test_the_picture_of_the_first_exchange_is_drawn(open_notebook):
    with open_notebook(FIRST) as page:
        assert "The same as text" in run_code_cells(page, 4)[-1]
        picture = page.locator(".jp-OutputArea-output img")
        assert picture.evaluate("image => image.naturalWidth") > 300
