"""Values across the pipe from the answer's process: JSON with tags, never pickle.

Pickle would run code of the answer's choosing in the learner's kernel. JSON knows no bytes, no tuples and no
constants of socket, so these travel as `{"tag": ..., "of": ...}`; what is none of ours arrives as an `Opaque`: its
type and its repr.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from socket import AddressFamily, SocketKind

LONGEST_REPR = 200
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # another one on each run


@dataclass(frozen=True)
class Opaque:
    """A value that does not cross: the name of its type and its repr (cut after 200 characters)."""

    type_name: str
    text: str

    def __repr__(self) -> str:
        return self.text


def safe_repr(value: object, longest: int = LONGEST_REPR) -> str:
    """Return repr(value), cut, without addresses of objects; the type's name where repr itself fails."""
    try:
        text = ADDRESS.sub("", repr(value))
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def pack(value: object) -> object:
    """Return `value` as plain JSON values."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (AddressFamily, SocketKind):
        return {"tag": type(value).__name__, "of": int(value)}  # type: ignore[call-overload]
    if type(value) in (bytes, bytearray):  # one of a class of its own may equal everything
        return {"tag": type(value).__name__, "of": value.decode("latin-1")}  # type: ignore[attr-defined]
    if type(value) in (list, tuple, set, frozenset):
        items: list[object] = list(value)  # type: ignore[call-overload]
        return {"tag": type(value).__name__, "of": [pack(item) for item in items]}
    if type(value) is dict:
        return {"tag": "dict", "of": [[pack(key), pack(item)] for key, item in value.items()]}
    return {"tag": "opaque", "of": [type(value).__name__, safe_repr(value)]}


def unpack(value: object) -> object:
    """Return the value that `pack` was given, or an `Opaque` in its place.

    Raises:
        ValueError: `value` did not come from `pack`.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case {"tag": "bytes", "of": str(text)}:
            return text.encode("latin-1")
        case {"tag": "bytearray", "of": str(text)}:
            return bytearray(text.encode("latin-1"))
        case {"tag": "AddressFamily" | "SocketKind" as kind, "of": int(number)}:
            return {"AddressFamily": AddressFamily, "SocketKind": SocketKind}[kind](number)
        case {"tag": "list" | "tuple" | "set" | "frozenset" as kind, "of": list(items)}:
            make = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind]
            made: object = make(unpack(item) for item in items)
            return made
        case {"tag": "dict", "of": list(pairs)}:
            return {unpack(key): unpack(item) for key, item in pairs}
        case {"tag": "opaque", "of": [str(name), str(text)]}:
            return Opaque(name, text)
    raise ValueError(f"not a packed value: {value!r}")
