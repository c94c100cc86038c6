# diagnosis: coroutine-returned
async def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
            heard += data
    return heard
