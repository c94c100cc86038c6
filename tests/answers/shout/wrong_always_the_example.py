# diagnosis: always-the-same
def shout(text):
    return 'HELLO'
