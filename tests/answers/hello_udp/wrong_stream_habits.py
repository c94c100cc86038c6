# diagnosis: listens-to-datagrams
def hello_udp(sock):
    sock.listen()
    while True:
        conn, peer = sock.accept()
        with conn:
            conn.sendall(b"Hello, " + conn.recv(1024) + b"!")
