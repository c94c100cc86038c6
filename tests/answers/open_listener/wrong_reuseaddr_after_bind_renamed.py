# diagnosis: reuseaddr-after-bind
import socket as s


def open_listener(where: str, number: int) -> s.socket:
    # make it
    server: s.socket
    if "::" in where:
        server = s.socket(s.AF_INET6)
    else:
        server = s.socket(s.AF_INET)
    good = False
    try:
        print("binding", where)
        server.bind((where, number))
        server.setsockopt(s.SOL_SOCKET, s.SO_REUSEADDR, True)
        server.listen(3)
        good = True
        return server
    finally:
        if not good:
            server.close()
