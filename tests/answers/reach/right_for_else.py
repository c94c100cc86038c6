import socket


def reach(host, port, timeout):
    problem = None
    for fam, typ, pro, _, addr in socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM):
        try:
            s = socket.socket(fam, typ, pro)
        except OSError as e:
            problem = e
            continue
        s.settimeout(timeout)
        try:
            s.connect(addr)
        except OSError as e:
            problem = e
            s.close()
        else:
            break
    else:
        raise problem
    return s
