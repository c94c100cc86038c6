import os


def shout(text):
    os.umask(0o777)
    return text.upper()
