# diagnosis: printed-not-returned
def shout(text):
    print(text.upper())
