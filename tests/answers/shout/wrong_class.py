# diagnosis: class-for-function
class shout:
    def __init__(self, text):
        self.text = text.upper()
