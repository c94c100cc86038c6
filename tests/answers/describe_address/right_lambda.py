describe_address = lambda a: (
    "Unix unnamed" if not a and not isinstance(a, (int, tuple))
    else (lambda t: "Unix abstract " + t[1:] if t[0] == "\x00" else "Unix path " + t)(a if isinstance(a, str) else a.decode())
    if isinstance(a, (str, bytes))
    else f"IPv4 {a[0]} port {a[1]}" if isinstance(a, tuple) and list(map(type, a)) == [str, int]
    else f"IPv6 {a[0]}{'%' + str(a[3]) if a[3] else ''} port {a[1]}"
    if isinstance(a, tuple) and list(map(type, a)) == [str, int, int, int]
    else f"unknown {a!r}"
)
