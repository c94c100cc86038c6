# diagnosis: returned-str
def echo_once(listener):
    conn, _ = listener.accept()
    heard = ""
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
            heard += data.decode("latin-1")
    return heard
