def shout(text: str) -> str:
    """Say it loud."""
    print("shouting", text)
    return "".join([letter.upper() for letter in text])
