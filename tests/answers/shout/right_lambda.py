shout = lambda text: str.upper(text)
