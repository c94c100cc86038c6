# diagnosis: one-recv
def echo_once(listener):
    conn, _ = listener.accept()
    data = conn.recv(1024)
    conn.sendall(data)
    conn.close()
    return data
