import functools


def loudly(function):
    @functools.wraps(function)
    def called(*args, **kwargs):
        return function(*args, **kwargs).upper()

    return called


@loudly
def shout(text):
    return text
