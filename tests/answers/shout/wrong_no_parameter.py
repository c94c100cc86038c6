# diagnosis: wrong-parameters
def shout():
    return 'HELLO'
