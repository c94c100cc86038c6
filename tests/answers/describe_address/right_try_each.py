def describe_address(address):
    try:
        host, port = address
        host.encode()
        return f"IPv4 {host} port {int(port)}"
    except Exception:
        pass
    try:
        host, port, flow, scope = address
        host.encode()
        return f"IPv6 {host}" + (f"%{scope}" if scope else "") + f" port {port}"
    except Exception:
        pass
    if not isinstance(address, (str, bytes, type(None))):
        return "unknown " + repr(address)
    if not address:
        return "Unix unnamed"
    if isinstance(address, str):
        address = address.encode()
    if address[0] == 0:
        return "Unix abstract " + address[1:].decode()
    return "Unix path " + address.decode()
