"""One chat room in four other designs, for `benchmarks/chat.py`: names, and lines for all the others, no more.

Each is what a careful programmer would write in that design: nobody is lost for another's fault, nothing is sent
twice. What `netlib.chat` does besides (limits, notices, harmless text) they leave out, to their advantage.
"""
