"""What all labs share: the card with its controls, live update, clean-up, and one register of the labs that are open.

A lab's model is worked from several threads: the cell that opens it, the thread that carries clicks (JupyterLab gives
the widgets one of their own, so that they answer while a cell runs), and the watch. Each holds the lab's lock.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets

from course.exercises.display import Shown
from course.labs.drawing import Picture
from course.labs.watch import Waits, Watch
from netlib.expecting import one_line

HOW_TO_RUN = "This is a still picture. To work the lab yourself, open the lesson with `make lab` and run this cell."
CLOSED = "This lab is closed, and so is every socket of it. Run the cell again to open it."
REPLACED = "This lab closed itself, because it was opened again. So is every socket of it."
OPENED_AGAIN = "The lab that was open before has closed itself, and every socket of it."
STYLE = """<style>
.course-lab { border: 1px solid var(--jp-border-color1); border-radius: 6px; padding: 10px 14px; max-width: 776px;
  position: relative; overflow: visible; }
.course-lab .course-lab-close { position: absolute; top: 6px; right: 8px; }
.course-lab strong { display: block; margin: 0 7em 8px 0; font-size: 1.1em; }
.course-lab, .course-lab .widget-html-content { color: var(--jp-ui-font-color1); line-height: 1.5; }
.course-lab .widget-html, .course-lab .widget-html-content { height: auto; width: 100%; margin: 0; }
.course-lab .widget-button, .course-lab .jupyter-button { width: auto; height: auto; padding: 3px 8px; margin: 2px 1px;
  line-height: 1.6; border: 1px solid var(--jp-border-color1); }
.course-lab .jupyter-button:focus-visible, .course-lab input:focus-visible {
  outline: 3px solid var(--jp-brand-color1); outline-offset: 1px; }
.course-lab .widget-inline-hbox { width: auto; height: auto; margin-right: 16px; }
.course-lab .widget-inline-hbox .widget-label { width: auto; color: var(--jp-ui-font-color1); }
.course-lab input[type=number] { width: 5em; }
.course-lab .course-lab-row { margin-top: 4px; }
.course-lab .course-lab-picture { overflow-x: auto; }
.course-lab .course-lab-picture svg { min-width: 460px; }
.course-lab.jupyter-widgets-disconnected { display: none; }
.jp-OutputArea-child:has(.course-lab-still):has(~ .jp-OutputArea-child .course-lab:not(.jupyter-widgets-disconnected)) {
  display: none; }
.course-lab .course-lab-said { font-family: var(--jp-code-font-family); font-size: 12px; overflow-wrap: anywhere; }
</style>"""
# The picture stands above the card, hidden while the card lives; and what stands below it is hidden while there is no
# card: of a widget whose kernel is gone, JupyterLab says nothing but "Error displaying widget: model not found".
STILL_STYLE = """<style>
.jp-OutputArea-child:has(.course-lab-still) ~ .jp-OutputArea-child:not(:has(.course-lab)) { display: none; }
</style>"""
NEEDS_KERNEL = "The lab itself needs a kernel: run this cell."


class Model(Protocol):
    """The logic of a lab, without widgets."""

    def turn(self) -> Waits:
        """Take note of what has happened since the last time; say what to wait for next."""

    def picture(self) -> Picture:
        """Draw what is so now."""

    def close(self) -> None:
        """Close every socket and end every thread."""


_stills: dict[str, Picture] = {}
_open: dict[str, Lab] = {}
_closed: dict[str, Lab] = {}  # the last of each name, whose card still says that it is closed


class Lab:
    """One lab in its card: what to try and to look for, the controls, what the last call gave, the picture.

    Controls are made with `button`, `number`, `text` and `row`; `opened` then puts it all together. There is one open
    lab of each name: opening it again closes the former.
    """

    def __init__(
        self, name: str, title: str, hints: tuple[str, str], model: Model, demonstration: Callable[[], Picture]
    ) -> None:
        self.name, self.model = name, model
        self._lock = threading.RLock()
        self._watch = Watch(self._turn, f"lab {name}")
        if name not in _stills:
            _stills[name] = demonstration()  # over real sockets, which may take a quarter of a second
        self._is_open = True
        self._made: list[Any] = []
        self._rows: list[Any] = []
        self._picture = self._keep(widgets.HTML())
        self._said = self._keep(widgets.HTML())
        self._head = self._keep(widgets.HTML(STYLE + _head(title, hints)))
        self._shell = widgets.VBox()
        self._shell.add_class("course-lab")

    def button(self, label: str, action: Callable[[], str], about: str) -> Any:
        """Return a button that calls `action` and shows what it returned, or the OSError that it raised.

        `label` is its name for a screen reader too, so it says all; `about` is what the mouse shows.
        """
        made = self._keep(widgets.Button(description=label, tooltip=about))
        made.on_click(lambda _: self.act(label, action))
        return made

    def number(self, label: str, value: int, least: int, most: int, about: str) -> Any:
        """Return a field for a whole number. (Not a slider: those of ipywidgets have no name for a screen reader.)

        That a new number has come is said: ipywidgets may send a click before a number that was typed before it.
        """
        made = self._keep(
            widgets.BoundedIntText(
                value=value, min=least, max=most, description=label, tooltip=about,
                style={"description_width": "auto"}, layout={"width": "auto"},
            )
        )  # fmt: skip
        made.observe(lambda change: self.act(label, lambda: str(change.new)), "value")
        return made

    def text(self, label: str, action: Callable[[str], str], about: str) -> Any:
        """Return a field for a line of text. Enter, or leaving the field, gives the line to `action` and empties it."""
        made = self._keep(
            widgets.Text(
                description=label, tooltip=about, continuous_update=False,
                style={"description_width": "auto"}, layout={"width": "29%", "min_width": "170px"},
            )
        )  # fmt: skip

        def entered(change: Any) -> None:
            if change.new:
                made.value = ""
                self.act(label, lambda: action(change.new))

        made.observe(entered, "value")
        return made

    def row(self, *controls: Any) -> None:
        """Add a line of controls; it wraps where the page is narrow."""
        line = widgets.HBox(controls, layout={"flex_flow": "row wrap", "align_items": "center"})
        line.add_class("course-lab-row")
        self._rows.append(self._keep(line))

    def opened(self) -> Lab:
        """Put the card together, close the lab of this name that was open before, and return this one."""
        former = _open.pop(self.name, None)
        if former:
            former.close(REPLACED)
        _open[self.name] = self
        end = self._keep(widgets.Button(description="✕ close", tooltip="Close this lab and every socket of it"))
        end.on_click(lambda _: self.close())
        end.add_class("course-lab-close")
        self._shell.children = [self._head, *self._rows, self._said, self._picture, end]
        self._say(OPENED_AGAIN if former else "Nothing has been called yet.")
        self._show()
        return self

    def act(self, label: str, action: Callable[[], str]) -> None:
        """Do what a control stands for, show what came of it, and have the watch look at what to wait for."""
        with self._lock:
            if not self._is_open:
                return
            try:
                said = f"→ {action()}"
            except OSError as error:
                said = f"✕ {one_line(error)}"
            self._show()
            self._say(f"{label}  {said}")  # last: once it is said, the picture shows it
        self._watch.wake()

    def close(self, why: str = CLOSED) -> None:
        """Close the sockets, end the threads, and leave one line in place of the card. Again: nothing happens."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
        self._watch.close()  # without the lock, which the watch may be waiting for
        with self._lock:
            self.model.close()
            if _open.get(self.name) is self:
                del _open[self.name]
            if gone := _closed.pop(self.name, None):
                gone._vanish()
            _closed[self.name] = self
            self._end_widgets()
            self._said = self._keep(widgets.HTML(f'<div role="status">{escape(why)}</div>'))
            self._shell.children = [self._said]

    def _vanish(self) -> None:
        """Take the closed card away too: else each opening would leave one behind, in the browser and here."""
        self._end_widgets()
        _end(self._shell)

    def _end_widgets(self) -> None:
        self._shell.children = []
        for widget in self._made:
            _end(widget)
        self._made, self._rows = [], []

    def _turn(self) -> Waits:
        with self._lock:
            if not self._is_open:
                return Waits()
            try:
                waits = self.model.turn()
                self._show()
            except Exception as error:  # never a traceback from a thread: it would land under any cell
                self._say(f"the lab itself failed ✕ {one_line(error)}")
                return Waits()
            return waits

    def _show(self) -> None:
        if self._is_open:
            self._picture.value = self.model.picture().html()

    def _say(self, text: str) -> None:
        if self._is_open:
            self._said.value = f'<div role="status" class="course-lab-said">{escape(text)}</div>'

    def _keep(self, widget: Any) -> Any:
        self._made.append(widget)
        return widget

    def _ipython_display_(self) -> None:
        """Show the still picture, which outlives the kernel, and the card, which does not."""
        from IPython.display import display

        shown = still(_stills[self.name])
        display(Shown(shown.text, f'<div class="course-lab-still">{shown.html}</div>{STILL_STYLE}'))
        view = {"version_major": 2, "version_minor": 0, "model_id": self._shell.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": NEEDS_KERNEL}, raw=True)

    def __repr__(self) -> str:
        return f"<lab {self.name}, {'open' if self._is_open else 'closed'}>"


def is_live() -> bool:
    """Tell whether somebody can work a lab here: a notebook's kernel, and not one that runs unwatched."""
    if os.environ.get("COURSE_LABS") == "0":
        return False
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def still(picture: Picture) -> Shown:
    """Return the picture for a page without a kernel, with a line on how to run the lab."""
    lines = "\n".join(part for part in (picture.about, picture.text, HOW_TO_RUN) if part)
    how = escape(HOW_TO_RUN).replace("`make lab`", "<code>make lab</code>")
    text = f"<pre>{escape(picture.text)}</pre>" if picture.text else ""
    return Shown(lines, f"{picture.still()}{text}<p><em>{how}</em></p>")


def _head(title: str, hints: tuple[str, str]) -> str:
    tries, looks = (escape(hint) for hint in hints)
    return f"<strong>{escape(title)}</strong><div><b>Try:</b> {tries}</div><div><b>Look for:</b> {looks}</div>"


def _end(widget: Any) -> None:
    """Close a widget and the two that ipywidgets makes for each."""
    parts: list[Any] = [getattr(widget, "style", None), widget.layout, widget]
    for part in parts:
        if hasattr(part, "close"):
            part.close()
