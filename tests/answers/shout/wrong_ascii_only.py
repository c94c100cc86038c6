# diagnosis: ascii-only
def shout(text):
    loud = ""
    for letter in text:
        if "a" <= letter <= "z":
            letter = chr(ord(letter) - 32)
        loud += letter
    return loud
