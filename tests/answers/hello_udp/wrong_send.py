# diagnosis: without-an-address
def hello_udp(sock):
    while True:
        name = sock.recv(65535)
        if not name:
            return
        sock.send(b"Hello, " + name + b"!")
