from operator import methodcaller

loud = methodcaller("upper")


def shout(text):
    result = loud(text)
    return result
