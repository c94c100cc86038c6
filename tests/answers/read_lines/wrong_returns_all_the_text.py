# diagnosis: yields-characters
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
    return buffer.decode()
