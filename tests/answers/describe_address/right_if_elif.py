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
        return "IPv4 %s port %d" % address
    if isinstance(address, tuple) and len(address) == 4 and isinstance(address[0], str):
        host, port, flow, scope = address
        if scope != 0:
            host = host + "%" + str(scope)
        return "IPv6 " + host + " port " + str(port)
    return "unknown " + repr(address)
