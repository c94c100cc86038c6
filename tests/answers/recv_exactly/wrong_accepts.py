# diagnosis: raised
def recv_exactly(listener, n):
    conn, _ = listener.accept()
    return conn.recv(n)
