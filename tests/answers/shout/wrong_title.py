# diagnosis: first-letters-only
def shout(text):
    return text.title()
