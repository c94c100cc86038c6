# diagnosis: returned-bytes
def shout(text):
    return text.upper().encode()
