def read_datagram(s, n):
    result = s.recvfrom(n + 10)
    data = result[0]
    who = result[1]
    length = len(data)
    if length > n:
        raise ValueError("The datagram is too long")
    else:
        return (data, who)
