# diagnosis: hung-up-first
def echo_once(listener):
    conn, _ = listener.accept()
    conn.close()
    return b""
