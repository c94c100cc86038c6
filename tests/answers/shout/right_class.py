class Voice:
    def __init__(self, text):
        self.text = text

    def loud(self):
        return self.text.upper()

    def __call__(self):
        return self.loud()


def shout(text):
    return Voice(text)()
