# diagnosis: first-letter-only
def shout(text):
    return text.capitalize()
