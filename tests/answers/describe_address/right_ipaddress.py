import ipaddress
import os


def describe_address(where):
    if where in (None, ""):
        return "Unix unnamed"
    if isinstance(where, (str, bytes)):
        name = os.fsdecode(where)
        kind, name = ("abstract", name[1:]) if name[:1] == "\0" else ("path", name)
        return f"Unix {kind} {name}"
    try:
        host, port, *rest = where
        assert isinstance(host, str)
        ip = ipaddress.ip_address(host)
    except (ValueError, TypeError, AssertionError):
        return f"unknown {where!r}"
    if ip.version == 4:
        return f"IPv4 {host} port {port}"
    scope = f"%{rest[1]}" if len(rest) == 2 and rest[1] else ""
    return f"IPv6 {host}{scope} port {port}"
