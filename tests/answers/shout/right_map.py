def shout(text):
    letters = list(map(str.upper, text))
    text = ""
    while letters:
        text += letters.pop(0)
    return text
