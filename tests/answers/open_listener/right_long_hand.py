import socket


def is_ipv6(host):
    for letter in host:
        if letter == ":":
            return True
    return False


def open_listener(host, port):
    if is_ipv6(host) == True:
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    else:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    address = (host, port)
    try:
        listener.bind(address)
    except OSError as error:
        print("could not bind:", error)
        listener.close()
        raise error
    try:
        listener.listen(1)
    except OSError as error:
        print("could not listen:", error)
        listener.close()
        raise error
    print("listening")
    return listener
