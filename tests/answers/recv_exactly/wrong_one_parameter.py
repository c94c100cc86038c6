# diagnosis: wrong-parameters
def recv_exactly(sock):
    return sock.recv(1024)
