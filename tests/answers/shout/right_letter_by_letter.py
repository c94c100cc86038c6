def shout(words):
    loud = ""
    for letter in words:
        loud = loud + letter.upper()
    return loud
