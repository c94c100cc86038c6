import codecs


def read_lines(sock):
    decoder = codecs.getincrementaldecoder("utf-8")()
    text = ""
    while True:
        piece = sock.recv(512)
        text += decoder.decode(piece, final=not piece)
        while "\n" in text:
            end = text.index("\n")
            line, text = text[:end], text[end + 1:]
            yield line[:-1] if line[-1:] == "\r" else line
        if piece == b"":
            break
    if text != "":
        yield text
