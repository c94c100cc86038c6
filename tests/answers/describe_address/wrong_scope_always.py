# diagnosis: scope-always-shown
def describe_address(address):
    if address is None or address == "":
        return "Unix unnamed"
    if isinstance(address, bytes):
        address = address.decode()
    if isinstance(address, str):
        if address.startswith("\0"):
            return "Unix abstract " + address[1:]
        return "Unix path " + address
    if isinstance(address, tuple) and len(address) == 2 and isinstance(address[0], str):
        return f"IPv4 {address[0]} port {address[1]}"
    if isinstance(address, tuple) and len(address) == 4 and isinstance(address[0], str):
        host, port, flow, scope = address
        host = f"{host}%{scope}"
        return f"IPv6 {host} port {port}"
    return f"unknown {address!r}"
