"""The room without its sockets: bytes of members in, bytes for members out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Generic, TypeVar

from netlib.messages import Lines, NotText, TooLong

LINE_LIMIT = 4096  # bytes
NAME_LIMIT = 32  # characters
MAX_MEMBERS = 1000
NAMES_PER_NOTICE = 20  # keeps the answer to /who below the limit of a line: 20 * (32 * 4 + 2) bytes
OBEYED_BY_TERMINALS = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
HARMLESS = dict.fromkeys(OBEYED_BY_TERMINALS, "?")

log = logging.getLogger(__name__)


def harmless(text: str) -> str:
    """Return `text` with `?` for each character that a terminal would obey instead of showing it."""
    return text if text.isprintable() else text.translate(HARMLESS)


class Member:
    """One connection, as the room sees it: no name yet, then a name, then gone."""

    __slots__ = ("gone", "lines", "name", "own", "prefix", "since")

    def __init__(self) -> None:
        self.lines = Lines(LINE_LIMIT)
        self.name = ""
        self.prefix = b""  # stands before each of its lines: b"ann: "
        self.gone = False
        self.own: bytearray | None = None  # what it gets in this tick, where that is not what all get; else None
        self.since = 0  # of what all get, this much is in `own` already, or not for it


AnyMember = TypeVar("AnyMember", bound=Member)


class Room(Generic[AnyMember]):
    """Who is in the room, and what each is to be sent.

    Time passes in *ticks*. `join`, `hear` and `lose` add to a tick; `deliver` ends it and gives each member everything
    that the tick brought, in one piece. All who hear the same get the same bytes object.
    """

    def __init__(self, max_members: int = MAX_MEMBERS) -> None:
        self.max_members = max_members
        self.members: dict[str, AnyMember] = {}  # by name
        self._present = 0  # also those without a name yet
        self._said = bytearray()  # what this tick brought for all
        self._apart: list[AnyMember] = []  # those with an `own`

    def join(self, member: AnyMember) -> None:
        """Let `member` in, without a name yet; where the room is full, let it be gone at once."""
        self._present += 1
        if self._present > self.max_members:
            self._put_out(member, f"the room is full: {self.max_members} members")

    def hear(self, member: AnyMember, data: bytes) -> None:
        """Take what `member` sent; `b""` is the end of its stream. Who is gone is not listened to."""
        if member.gone:
            return
        try:
            for line in member.lines.feed(data):
                if not self._take(member, line):
                    return
        except TooLong:
            self._put_out(member, f"a line has at most {LINE_LIMIT} bytes")
        except NotText:
            self._put_out(member, "lines are UTF-8")
        if not data:
            self.lose(member)

    def lose(self, member: AnyMember) -> None:
        """Let `member` be gone: what is said from now on is not for it."""
        if member.gone:
            return
        self._set_apart(member)
        member.gone = True
        self._present -= 1
        if member.name:
            del self.members[member.name]
            self._said += self._notice(f"{member.name} is down")
            log.info("%s is down", member.name)

    def close(self) -> None:
        """Tell all members that the room closes, and let them be gone."""
        for member in self.members.values():
            self._tell(member, "the room closes")
            member.gone = True
        self.members.clear()

    def deliver(self) -> Iterator[tuple[AnyMember, bytes]]:
        """End the tick: yield each member that gets something, with all that it gets, and each that is gone.

        Take everything before you call `join`, `hear` or `lose` again.
        """
        said, apart = bytes(self._said), self._apart
        self._said, self._apart = bytearray(), []
        if said:
            for member in self.members.values():
                if member.own is None:
                    yield member, said
        for member in apart:
            own = bytes(member.own or b"") + (b"" if member.gone else said[member.since :])
            member.own = None
            if own or member.gone:
                yield member, own

    def _take(self, member: AnyMember, line: str) -> bool:
        """Do what one line asks for; return whether `member` is still there."""
        if not member.name:
            self._enter(member, line)
        elif line == "exit":
            self.lose(member)
        elif line == "/who":
            names = sorted(self.members)
            for first in range(0, len(names), NAMES_PER_NOTICE):
                self._tell(member, "online: " + ", ".join(names[first : first + NAMES_PER_NOTICE]))
        elif line:
            self._tell_others(member, member.prefix + harmless(line).encode() + b"\n")
        return not member.gone

    def _enter(self, member: AnyMember, name: str) -> None:
        """Let `member` be known by `name` from now on, if that may be."""
        refusal = self._refusal(name)
        if refusal:
            self._put_out(member, refusal)
        else:
            self._set_apart(member)  # before it has a name: what was said so far is not for it
            member.name, member.prefix = name, f"{name}: ".encode()
            self.members[name] = member
            self._tell_others(member, self._notice(f"{name} is online"))
            log.info("%s is online", name)

    def _refusal(self, name: str) -> str:
        """Say why nobody can be known by `name` here; empty if somebody can."""
        if not 1 <= len(name) <= NAME_LIMIT or not name.isprintable():
            return f"a name has 1 to {NAME_LIMIT} printable characters"
        if name.startswith("*") or ":" in name:
            return "a name does not begin with * and has no : in it"
        return "that name is taken" if name in self.members else ""

    def _put_out(self, member: AnyMember, why: str) -> None:
        self._tell(member, why)
        self.lose(member)

    def _tell_others(self, member: AnyMember, line: bytes) -> None:
        self._set_apart(member)
        self._said += line
        member.since = len(self._said)

    def _tell(self, member: AnyMember, notice: str) -> None:
        self._set_apart(member).extend(self._notice(notice))

    @staticmethod
    def _notice(text: str) -> bytes:
        return f"* {text}\n".encode()

    def _set_apart(self, member: AnyMember) -> bytearray:
        """Return what is for `member` alone in this tick, with all in it that was said so far."""
        if member.own is None:
            member.own = bytearray()
            self._apart.append(member)
            member.since = 0
        if member.name:
            member.own += self._said[member.since :]
        member.since = len(self._said)
        return member.own
