# diagnosis: returned-none
def shout(text):
    text.upper()
