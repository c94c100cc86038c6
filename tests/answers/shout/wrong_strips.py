# diagnosis: spaces-lost
def shout(text):
    return text.strip().upper()
