def echo_once(server):
    c, _ = server.accept()
    buffer = bytearray(4096)
    view = memoryview(buffer)
    everything = bytearray()
    try:
        while True:
            count = c.recv_into(buffer)
            if count == 0:
                return bytes(everything)
            everything += view[:count]
            c.sendall(view[:count])
    finally:
        c.close()
