# diagnosis: name-not-defined
def shout(text):
    return txt.upper()
