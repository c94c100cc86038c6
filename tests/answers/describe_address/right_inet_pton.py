import socket


def is_host(family, host):
    try:
        socket.inet_pton(family, host)
    except (OSError, TypeError):
        return False
    return True


def describe_address(address):
    if isinstance(address, tuple) and len(address) >= 2:
        if is_host(socket.AF_INET, address[0]):
            return f"IPv4 {address[0]} port {address[1]}"
        if is_host(socket.AF_INET6, address[0]):
            scope = address[3] if len(address) == 4 else 0
            return f"IPv6 {address[0]}{'%%%d' % scope if scope else ''} port {address[1]}"
        return f"unknown {address!r}"
    if isinstance(address, bytes):
        address = address.decode()
    if not isinstance(address, str):
        return "Unix unnamed" if address is None else f"unknown {address!r}"
    if address == "":
        return "Unix unnamed"
    if address[0] == "\0":
        return f"Unix abstract {address[1:]}"
    return f"Unix path {address}"
