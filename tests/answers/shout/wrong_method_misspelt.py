# diagnosis: raised
def shout(text):
    return text.uppercase()
