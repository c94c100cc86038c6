# diagnosis: decode-error
def echo_once(listener):
    conn, _ = listener.accept()
    heard = ""
    with conn:
        while data := conn.recv(1024):
            text = data.decode()
            conn.sendall(text.encode())
            heard += text
    return heard.encode()
