shout = str.upper
