"""Diagnoses of what was handed in, and of text, bytes and values: the common ones that need no look at a socket."""

from __future__ import annotations

from course.checker.told.evidence import SENDING, Evidence, Rule, rule


# ---------------------------------------------------------------------- what was handed in
@rule
def coroutine_returned(seen: Evidence) -> bool:
    """To call your function gave a coroutine, and ran none of the lines in it: that is what `async def` makes. Write
    `def`, and run the coroutine inside: `return asyncio.run(…)`."""
    return seen.unrun == "coroutine"


@rule
def generator_returned(seen: Evidence) -> bool:
    """To call your function gave a generator, and ran none of the lines in it: a `yield` makes it one. Give the result
    with `return`."""
    return seen.unrun == "generator"


@rule
def class_for_function(seen: Evidence) -> bool:
    """What you gave is a class: to call it makes an instance, and that is all that the caller gets. Write a function,
    with `def`, and `return` the value."""
    return seen.unrun == "instance"


@rule
def not_a_function(seen: Evidence) -> bool:
    """What you gave to check is of type {not_callable}, not a function. Give the function itself, without
    parentheses."""
    return bool(seen.not_callable)


@rule
def asks_for_input(seen: Evidence) -> bool:
    """Your function called `input()` ({line}). A checked answer has no keyboard: use the parameters instead."""
    return seen.raised("NobodyToAsk")


@rule
def wrong_parameters(seen: Evidence) -> bool:
    """Your function could not be called: {message}. It needs exactly the parameters that the task names."""
    return seen.raised("TypeError") and not seen.error["trail"] and seen.stage == "call" and not seen.in_thread


@rule
def name_not_defined(seen: Evidence) -> bool:
    """{message} ({line}). Is it spelt as where it was made, and is its import there?"""
    return seen.raised("NameError") and not seen.raised("UnboundLocalError")


@rule
def used_before_set(seen: Evidence) -> bool:
    """{message} ({line}). On this path nothing was assigned before it was used."""
    return seen.raised("UnboundLocalError")


# ---------------------------------------------------------------------- bytes, text, values
@rule
def str_sent(seen: Evidence) -> bool:
    """You sent text (str) in `{at}` ({line}). A socket carries bytes: encode text where it leaves, with
    `text.encode()`."""
    told = "bytes-like object is required, not 'str'" in seen.error.get("message", "")
    there = told and any(f".{name}(" in seen.words()["at"] for name in SENDING)  # the record of a pair may be another's
    return seen.raised("TypeError") and (there or seen.last_failing(*SENDING) == "TypeError:str")


@rule
def decode_error(seen: Evidence) -> bool:
    """Decoding failed ({line}): these bytes are no complete text. TCP may cut a character in two, and a peer
    may send what is no text at all."""
    return seen.raised("UnicodeDecodeError")


@rule
def printed_not_returned(seen: Evidence) -> bool:
    """Your function printed and then returned None. Use `return`: the caller needs the value."""
    return seen.kind == "wrong value" and seen.value is None and _last_line(seen.printed) in _shown(seen.wanted)


@rule
def returned_none(seen: Evidence) -> bool:
    """Your function returned None: it ended without `return`, or with a bare one."""
    return seen.kind == "wrong value" and seen.value is None


@rule
def returned_str(seen: Evidence) -> bool:
    """Your function returned text (str) where bytes are wanted."""
    return seen.kind == "wrong value" and isinstance(seen.value, str) and isinstance(seen.wanted, bytes)


@rule
def returned_bytes(seen: Evidence) -> bool:
    """Your function returned bytes where text (str) is wanted."""
    return seen.kind == "wrong value" and isinstance(seen.value, bytes) and isinstance(seen.wanted, str)


def _shown(value: object) -> set[str]:
    """The ways in which print() shows a value, or the text in bytes: as one line."""
    ways = [str(value), repr(value), *([value.decode(errors="replace")] if isinstance(value, bytes) else [])]
    return {" ".join(way.split()) for way in ways} - {""}


def _last_line(printed: str) -> str:
    return " ".join((printed.rstrip().splitlines() or [""])[-1].split())


UNRUN = (coroutine_returned, generator_returned, class_for_function)  # asked first: none of the task's lines has run
HANDED_IN = tuple(value for value in list(globals().values()) if isinstance(value, Rule) and value not in UNRUN)
