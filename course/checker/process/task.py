"""What an answer's process is given when it is forked."""

from __future__ import annotations

import socket
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNABLE = 117  # the exit code of a process that cannot go on for a reason that is not in the answer's lines
SETTLE_SECONDS = 0.3  # how long a thread of the answer may take to end after its function has returned


@dataclass(frozen=True)
class Task:
    """What the child is to do: define the answers, then call one, through `via` if that is given. `before` runs first.

    `code` and `sources` are by pseudo file name, `names` in the order of the answers. In `folder` each call gets a
    working directory of its own.
    """

    code: Mapping[str, types.CodeType]
    sources: dict[str, str]
    names: Sequence[tuple[str, str]]  # (pseudo file name, expression)
    args: tuple[Any, ...]
    folder: str
    which: int = 0
    via: Callable[..., Any] | None = None
    before: Callable[[], None] | None = None
    close: Sequence[socket.socket] = ()  # the peers' ends: a copy kept here would suppress their end of stream


@dataclass(frozen=True)
class Pipes:
    """The child's ends: reports out, questions in, what is printed, and where a C-level stack dump goes."""

    report: int
    question: int
    printed: int
    stacks: int
