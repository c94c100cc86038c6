"""The widgets of the lossy-road lab, on top of `lossy_road_model`."""

from __future__ import annotations

from typing import Any

from course.exercises.display import Shown
from course.labs.drawing import Picture
from course.labs.kit import Lab, is_live, still
from course.labs.lossy_road_model import Road

TITLE = "Lab: a lossy road"
HINTS = (
    "loss of 4 %, then send with seed 1, 2, 3 and so on. Then reordering alone. Change a number on the way.",
    "how seldom all twenty arrive; which number comes when; and that the same seed spoils the same datagrams.",
)
ABOUT = {
    "loss": "percent of the datagrams that never arrive",
    "duplication": "percent of the datagrams that arrive twice",
    "reordering": "percent of the datagrams that are held back until another one has passed",
}


def open_lab() -> Lab | Shown:
    """Open the lab, or show its still picture where nobody can work it."""
    if not is_live():
        return still(demonstration())
    model = Road()
    lab = Lab("lossy_road", TITLE, HINTS, model, demonstration)
    fields = []
    for name, about in ABOUT.items():
        fields.append(lab.number(f"{name} %", model.percent[name], 0, 100, about))
        fields[-1].observe(_setter(model, name), "value")
    seed = lab.number("seed", model.seed, 0, 999, "which of the many roads with these numbers")
    seed.observe(lambda change: setattr(model, "seed", change.new), "value")
    lab.row(*fields, seed)
    lab.row(
        lab.button("send 20", model.start, "send twenty numbered datagrams over the relay"),
        lab.button("stop", model.stop, "end this run"),
    )
    return lab.opened()


def _setter(model: Road, name: str) -> Any:
    return lambda change: model.set(name, change.new)


def demonstration() -> Picture:
    """Return the picture of one run with all three faults."""
    model = Road(pause=0)
    model.seed = 9
    for name in model.percent:
        model.set(name, 20)
    try:
        model.start()
        model.finish()
        return model.picture()
    finally:
        model.close()
