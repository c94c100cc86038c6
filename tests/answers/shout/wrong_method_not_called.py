# diagnosis: method-not-called
def shout(text):
    return text.upper
