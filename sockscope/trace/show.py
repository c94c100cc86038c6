"""What the learner holds: `trace()`, the picture it gives, and how a notebook shows it."""

from __future__ import annotations

import ast
import base64
import sys
from html import escape
from typing import Any, Self

from sockscope.trace.draw import svg_of
from sockscope.trace.patch import Recorder
from sockscope.trace.record import Record, merged
from sockscope.trace.settle import settle
from sockscope.trace.text import text_of
from sockscope.trace.view import ROWS, View


class Picture:
    """A record, drawn: as SVG, as text, and in a notebook as both."""

    def __init__(self, record: Record, *, by_clock: bool = False) -> None:
        self._record, self._by_clock = record, by_clock

    @property
    def record(self) -> Record:
        """What is drawn."""
        return self._record

    def text(self, *, rows: int = ROWS) -> str:
        """Return the picture as text: one numbered line a call. What is longer than `rows` is folded."""
        return text_of(View(self.record, by_clock=self._by_clock, limit=rows))

    def svg(self, *, rows: int = ROWS) -> str:
        """Return the picture as an SVG document. What is longer than `rows` is folded."""
        return svg_of(View(self.record, by_clock=self._by_clock, limit=rows))

    def timeline(self) -> Picture:
        """Return the picture by the clock: what waited is shaded, and pauses are written down."""
        return Picture(self.record, by_clock=True)

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def html(self) -> str:
        """Return the picture as HTML that also an untrusted notebook shows, with its text folded below."""
        view = View(self.record, by_clock=self._by_clock)
        text = text_of(view)
        image = base64.b64encode(svg_of(view).encode(errors="replace")).decode()
        lanes = ", ".join(view.names[n] for n in view.lanes) or "no socket"
        alt = f"Sequence diagram of {len(view.calls)} socket calls; lanes: {lanes}. The text below says the same."
        return (
            f'<div style="overflow-x:auto"><img alt="{escape(alt)}" src="data:image/svg+xml;base64,{image}"'
            ' style="max-width:100%;height:auto;display:block"></div>'
            '<details style="margin-top:4px"><summary style="cursor:pointer">The same as text</summary>'
            f'<pre style="margin:4px 0 0;white-space:pre-wrap">{escape(text)}</pre></details>'
        )


class Trace(Picture):
    """Records every call on every socket while its `with` block runs; then it is the picture of them."""

    def __init__(self, fallback: str = "") -> None:
        self._recorder = Recorder(fallback)
        self._kept: Record | None = None
        self._by_clock = False

    @property
    def record(self) -> Record:
        """What was recorded; while the block still runs, what was recorded so far."""
        return self._kept or self._recorder.record()

    def __enter__(self) -> Self:
        self._recorder.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: object) -> None:
        settle(self._recorder)
        self._recorder.stop(sys._getframe(1))
        self._kept = self._recorder.record()


def trace(fallback: str = "") -> Trace:
    """Record what happens in a `with` block: every call on every socket, in all threads.

    Showing what `with trace() as t:` gives draws it, in the order of the program and of cause and effect;
    `t.timeline()` draws it by the clock, `t.text()` says the same in words. Sockets of IPv4, IPv6 and AF_UNIX are
    recorded, streams and datagrams. What TLS sends inside its socket, and asyncio's own pipe, are not shown.

    Args:
        fallback: the name of sockets that no variable of yours holds; without it "client", "server" and so on.
    """
    return Trace(fallback)


def draw(*records: Record) -> Picture:
    """Return one picture of what several processes recorded, each in its own `trace()`."""
    return Picture(merged([*records]))


def load_ipython_extension(shell: Any) -> None:
    """Add the cell magic `%%trace`; importing `sockscope.trace` in IPython does this by itself."""
    shell.register_magic_function(_traced_cell, "cell", "trace")


def _traced_cell(line: str, cell: str) -> None:
    """Run the cell as `with trace():` would, then show the picture, also of a cell that raised."""
    from IPython import get_ipython
    from IPython.display import display

    if line.strip():
        raise ValueError(f"%%trace takes nothing after its name; it was given {line.strip()!r}")
    shell = get_ipython()
    source = shell.transform_cell(cell)
    file = shell.compile.cache(source, shell.execution_count)
    body = ast.parse(source, file).body
    last = [body.pop()] if body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";") else []
    program = compile(ast.Module(body, []), file, "exec")
    answer = compile(ast.Interactive(last), file, "single")
    picture = trace()
    try:
        with picture:
            exec(program, shell.user_ns)
            exec(answer, shell.user_ns)
    finally:
        display(picture)


if "IPython" in sys.modules and (_shell := sys.modules["IPython"].get_ipython()) is not None:
    load_ipython_extension(_shell)
