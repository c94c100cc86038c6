def recv_exactly(sock, n):
    if n == 0:
        return b""
    head = sock.recv(n)
    if not head:
        raise EOFError
    return head + recv_exactly(sock, n - len(head))
