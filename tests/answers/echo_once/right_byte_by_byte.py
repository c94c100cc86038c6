def echo_once(listener):
    with listener.accept()[0] as conn:
        heard = []
        while True:
            byte = conn.recv(1)
            if byte == b"":
                break
            conn.sendall(byte)
            heard.append(byte)
        return b"".join(heard)
