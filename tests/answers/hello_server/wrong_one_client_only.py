# diagnosis: returns-too-soon


def hello_server(listener):
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            if line == b"exit\n":
                return
            conn.sendall(b"hello " + line)
