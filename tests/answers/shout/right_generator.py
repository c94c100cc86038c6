from collections.abc import Iterator


def louder(text: str) -> Iterator[str]:
    for letter in text:
        yield letter.upper()


def shout(text: str) -> str:
    return "".join(louder(text))
