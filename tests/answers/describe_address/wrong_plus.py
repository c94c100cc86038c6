# diagnosis: port-joined-as-text
def describe_address(address):
    if isinstance(address, tuple) and len(address) == 2:
        return "IPv4 " + address[0] + " port " + address[1]
    if isinstance(address, tuple) and len(address) == 4:
        return "IPv6 " + address[0] + " port " + address[1]
    return "Unix path " + address
