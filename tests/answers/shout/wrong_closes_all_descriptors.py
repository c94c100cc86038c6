# diagnosis: left-unable
import os


def shout(text):
    os.closerange(3, 256)
    return text.upper()
