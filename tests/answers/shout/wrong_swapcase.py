# diagnosis: swapped-case
def shout(text):
    return text.swapcase()
