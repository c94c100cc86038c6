"""Why a case stopped: what the kit saw, before anybody says what it means."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "raised",  # the answer raised what the case did not ask for
    "hung",  # the deadline passed
    "wrong bytes",  # a peer heard something else
    "ended early",  # a peer met the end of the stream where bytes were due
    "reset",  # a peer was reset
    "no end",  # a peer waits for the end, the function has returned, the connection is open
    "returned early",  # a peer waits for bytes, the function has returned
    "wrong value",  # the function returned something else
    "not raised",  # the function returned where it was to raise
    "refused",  # a peer could not connect
    "left",  # something was left behind
    "broken",  # a condition of the case's own does not hold
]


class Failed(Exception):
    """A case failed. Raised by the kit, caught where the case ends; learners never see it."""

    def __init__(
        self, kind: Kind, expected: str = "", got: str = "", value: object = None, wanted: object = None
    ) -> None:
        super().__init__(kind, expected, got)
        self.kind: Kind = kind
        self.expected = expected
        self.got = got
        self.value, self.wanted = value, wanted


LONGEST_SHOWN = 72


def show(value: object) -> str:
    """Return `value` for a panel: its repr; long bytes and text by their beginning and their length."""
    if isinstance(value, bytes | bytearray | str) and len(value) > LONGEST_SHOWN:
        unit = "characters" if isinstance(value, str) else "bytes"
        return f"{value[: LONGEST_SHOWN // 2]!r}… ({len(value):,} {unit})"
    text = repr(value)
    return text if len(text) <= 4 * LONGEST_SHOWN else text[: 4 * LONGEST_SHOWN] + "…"
