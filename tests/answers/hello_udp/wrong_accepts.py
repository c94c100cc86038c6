# diagnosis: listens-to-datagrams
def hello_udp(sock):
    while True:
        try:
            conn, peer = sock.accept()
        except OSError:
            return
        conn.sendall(b"Hello, " + conn.recv(65535) + b"!")
