# diagnosis: raised
def read_lines(listener):
    conn, _ = listener.accept()
    for line in conn.makefile():
        yield line.rstrip("\n")
