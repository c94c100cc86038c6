def shout(text):
    if text == "":
        return ""
    return text[0].upper() + shout(text[1:])
