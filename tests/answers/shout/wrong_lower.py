# diagnosis: lower-case
def shout(text):
    return text.lower()
