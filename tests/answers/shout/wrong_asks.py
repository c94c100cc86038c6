# diagnosis: asks-for-input
def shout(text):
    text = input('What? ')
    return text.upper()
