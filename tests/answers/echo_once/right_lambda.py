def talk(conn):
    with conn:
        def pieces():
            while data := conn.recv(999):
                conn.sendall(data)
                yield data
        return b"".join(pieces())


echo_once = lambda listener: talk(listener.accept()[0])
