"""Exercise: upper case. A first answer, so that the checker is met before any socket is."""

from course.checker import Evidence, Trial, rule

TITLE = "Say it loud: text in upper case"
HINTS = (
    'Text (str) has methods. Type `"hello".` in a cell and press Tab.',
    "The method upper() gives a new text. It does not change the old one.",
    "A function gives its result with return: `return text.upper()`.",
)


def solution(text: str) -> str:
    """Return `text` in upper case."""
    return text.upper()


@rule
def method_not_called(seen: Evidence) -> bool:
    """You returned the method itself. Call it, with parentheses: `text.upper()`."""
    return "method" in getattr(seen.value, "type_name", "")


@rule
def first_letter_only(seen: Evidence) -> bool:
    """Only the first letter is large: that is `capitalize()`. Every letter is to be."""
    return seen.value == MIXED.capitalize()


@rule
def first_letters_only(seen: Evidence) -> bool:
    """Only the first letter of each word is large: that is `title()`. Every letter is to be."""
    return seen.value == MIXED.title()


@rule
def lower_case(seen: Evidence) -> bool:
    """The text came back in lower case. The other direction is wanted."""
    return seen.value == MIXED.lower()


@rule
def swapped_case(seen: Evidence) -> bool:
    """Small letters became large and large ones small. Large ones are to stay large."""
    return seen.value == MIXED.swapcase()


@rule
def unchanged(seen: Evidence) -> bool:
    """The text came back as it was. `upper()` gives a new text: return that one."""
    return seen.value == MIXED


@rule
def spaces_lost(seen: Evidence) -> bool:
    """The letters are right, but spaces at the ends are lost. Only the letters are to change."""
    return isinstance(seen.value, str) and seen.value == str(seen.wanted).strip()


@rule
def something_added(seen: Evidence) -> bool:
    """The letters are right, but there is more than was asked for."""
    return isinstance(seen.value, str) and str(seen.wanted) in seen.value != seen.wanted


@rule
def ascii_only(seen: Evidence) -> bool:
    """Letters outside a to z stayed small. `upper()` knows them all."""
    return seen.wanted == FOREIGN.upper()


@rule
def always_the_same(seen: Evidence) -> bool:
    """The text of the example came back for another text too. Work with the parameter."""
    return seen.value == "HELLO"


MIXED, FOREIGN = "say hello, World ", "café ñandú"


def check(trial: Trial) -> None:
    """A word, a sentence, other alphabets, nothing at all."""
    trial.explain(*RULES)
    for name, text in (
        ("a sentence, with a space at its end", MIXED),
        ("one word", "hello"),
        ("letters beyond a to z", FOREIGN),
        ("an empty text", ""),
    ):
        with trial.case(name) as case:
            case.gives(text, expected=text.upper())


RULES = (
    method_not_called,
    always_the_same,
    first_letter_only,
    first_letters_only,
    lower_case,
    swapped_case,
    unchanged,
    spaces_lost,
    something_added,
    ascii_only,
)
