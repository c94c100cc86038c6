# diagnosis: always-the-same
def describe_address(address):
    return "IPv4 127.0.0.1 port 80"
