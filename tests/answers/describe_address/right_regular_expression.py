import re


def describe_address(address):
    if isinstance(address, (bytes, str)):
        text = address if isinstance(address, str) else str(address, "utf-8")
        found = re.fullmatch("(\0?)(.*)", text, re.DOTALL)
        nul, name = found.groups()
        if not text:
            return "Unix unnamed"
        return ("Unix abstract " if nul else "Unix path ") + name
    if address is None:
        return "Unix unnamed"
    found = re.fullmatch(r"\('([0-9.]+)', (\d+)\)", repr(address))
    if found:
        return "IPv4 {} port {}".format(*found.groups())
    found = re.fullmatch(r"\('([0-9a-f:.]+)', (\d+), \d+, (\d+)\)", repr(address))
    if found:
        host, port, scope = found.groups()
        return f"IPv6 {host}%{scope} port {port}".replace("%0 ", " ")
    return "unknown " + repr(address)
