"""The widgets of the chat lab, on top of `chat_model`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from course.exercises.display import Shown
from course.labs.chat_model import NAMES, Chat
from course.labs.drawing import Picture
from course.labs.kit import Lab, is_live, still
from netlib.patience import patience

TITLE = "Lab: three windows and a server"
HINTS = (
    "let all three join, and type. Then zoe stops reading, and ann floods the room, twice. Join from a terminal too.",
    "who hears what; how many bytes wait in the server for zoe, and when the room has enough; that bob never waits.",
)


def open_lab() -> Lab | Shown:
    """Open the lab, or show its still picture where nobody can work it."""
    if not is_live():
        return still(demonstration())
    model = Chat()
    lab = Lab("chat", TITLE, HINTS, model, demonstration)
    lab.row(*(lab.text(f"{name} says", _saying(model, name), "Enter sends it") for name in NAMES))
    for label, action, about in (
        ("joins or leaves", model.join_or_leave, "connect and say the name; or say exit"),
        ("reads or not", model.stop_or_go_on, "stop calling recv(), or call it again"),
    ):
        lab.row(*(lab.button(f"{name} {label}", _of(action, name), about) for name in NAMES))
    lab.row(
        lab.button("ann floods", lambda: model.flood("ann"), "150 lines of 4,000 characters, one after the other"),
        lab.button("open the room", model.open, "for a terminal: nobody else need be there"),
    )
    return lab.opened()


def _saying(model: Chat, name: str) -> Callable[[str], str]:
    return lambda text: model.say(name, text)


def _of(action: Callable[[str], str], name: str) -> Callable[[], str]:
    return lambda: action(name)


def demonstration() -> Picture:
    """Return the picture of a short conversation, without what the kernel chose.

    Raises:
        TimeoutError: the room did not answer.
    """
    model = Chat()
    try:
        for number, name in enumerate(NAMES):
            model.join_or_leave(name)
            _until_heard(model, NAMES[:number], f"* {name} is online")
        for name, text in (("ann", "Hello, all."), ("bob", "Hello, ann."), ("zoe", "Good evening.")):
            model.say(name, text)
            _until_heard(model, [other for other in NAMES if other != name], f"{name}: {text}")
        _until_acknowledged(model)
        picture = model.picture()
        port = str(model.address[1]) if model.address else ""
        return replace(picture, text=picture.text.replace(f" {port}", " PORT"))
    finally:
        model.close()


def _until_heard(model: Chat, names: Sequence[str], line: str) -> None:
    """Let the model take its turns until all of these have heard `line`, and the room knows all who came."""
    joined = sum(client.sock is not None for client in model.clients.values())
    model.until(
        lambda: all(line in model.clients[name].heard for name in names) and len(model.online()) == joined,
        f"that {names} hear {line!r}",
    )


def _until_acknowledged(model: Chat) -> None:
    """Wait until the kernel waits for no acknowledgement any more, which a receiver may delay (RFC 9293, 3.8.6.3)."""
    end = time.monotonic() + patience(10)
    while any(record.send_queue for _, record, _ in model.online()):
        if time.monotonic() > end:
            raise TimeoutError("what the lab's room has sent was not acknowledged within 10 s")
        time.sleep(0.001)  # the kernel sends no event for it
