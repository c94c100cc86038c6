def inet(address):
    return "IPv4 {} port {}".format(*address)


def inet6(address):
    host, port, _, scope = address
    return "IPv6 {}{} port {}".format(host, "%{}".format(scope) if scope else "", port)


def unix(name):
    if not name:
        return "Unix unnamed"
    if name[0] == "\0":
        return "Unix abstract " + name[1:]
    return "Unix path " + name


def describe_address(address):
    if type(address) is tuple and type(address[0]) is str:
        maker = {2: inet, 4: inet6}.get(len(address))
        if maker:
            return maker(address)
    if address is None or isinstance(address, str):
        return unix(address)
    if isinstance(address, (bytes, bytearray)):
        return unix(bytes(address).decode("latin-1"))
    return f"unknown {address!r}"
