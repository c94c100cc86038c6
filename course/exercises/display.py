"""What a cell shows: one text in several forms, the same on each run."""

from __future__ import annotations

import sys
from html import escape


class Shown:
    """Something to look at. A notebook takes HTML or Markdown, a terminal the plain text."""

    def __init__(self, text: str, html: str = "", markdown: str = "") -> None:
        self.text, self.html, self.markdown = text, html, markdown

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        forms = {"text/plain": self.text, "text/html": self.html, "text/markdown": self.markdown}
        return {kind: form for kind, form in forms.items() if form}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.text.partition(chr(10))[0]}>"


def show(shown: Shown, dropped: bool = False) -> Shown:
    """Return `shown` for the cell to display; display it here if the cell drops it, print it outside notebooks."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(shown.text)
    elif dropped:
        ipython.display.display(shown)
    return shown


def code_block(source: str) -> str:
    """Return Markdown that shows `source` as Python."""
    fence = "```"
    while fence in source:
        fence += "`"
    return f"{fence}python\n{source.rstrip()}\n{fence}"


def paragraph(text: str) -> str:
    """Return HTML for one paragraph of plain text; `names in backquotes` become code."""
    parts = escape(text).split("`")
    marked = [f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)]
    return f"<p>{''.join(marked)}</p>" if len(parts) % 2 else f"<p>{escape(text)}</p>"
