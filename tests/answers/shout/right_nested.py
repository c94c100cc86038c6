def shout(text):
    def loud(word):
        return word.upper()

    return " ".join(loud(word) for word in text.split(" "))
