def recv_exactly(sock, n):
    result = b""
    finished = False
    if n == 0:
        finished = True
    while finished == False:
        how_many = n - len(result)
        if how_many > 1024:
            how_many = 1024
        chunk = sock.recv(how_many)
        if len(chunk) == 0:
            raise EOFError("connection closed")
        print("got", len(chunk))
        result = result + chunk
        if len(result) == n:
            finished = True
    return result
