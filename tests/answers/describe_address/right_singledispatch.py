from functools import singledispatch


@singledispatch
def describe_address(address):
    return f"unknown {address!r}"


@describe_address.register(type(None))
def _(address):
    return "Unix unnamed"


@describe_address.register(str)
def _(address):
    if not address:
        return "Unix unnamed"
    return f"Unix abstract {address[1:]}" if address.startswith("\0") else f"Unix path {address}"


@describe_address.register(bytes)
def _(address):
    return describe_address(address.decode())


@describe_address.register(tuple)
def _(address):
    match len(address), type(address[0]).__name__:
        case 2, "str":
            return f"IPv4 {address[0]} port {address[1]}"
        case 4, "str":
            host = address[0] if address[3] == 0 else f"{address[0]}%{address[3]}"
            return f"IPv6 {host} port {address[1]}"
    return f"unknown {address!r}"
