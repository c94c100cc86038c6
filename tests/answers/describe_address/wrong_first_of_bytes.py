# diagnosis: bytes-as-path
def describe_address(address):
    if address is None or not address:
        return "Unix unnamed"
    if isinstance(address, str | bytes):
        if address[0] in ("\0", b"\0"):
            return f"Unix abstract {address[1:]}"
        return f"Unix path {address}"
    if len(address) == 2:
        return f"IPv4 {address[0]} port {address[1]}"
    host, port, _, scope = address
    return f"IPv6 {host}{f'%{scope}' if scope else ''} port {port}"
