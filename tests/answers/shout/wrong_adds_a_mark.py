# diagnosis: something-added
def shout(text):
    return text.upper() + '!'
