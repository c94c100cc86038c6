class Describer:
    def __call__(self, address):
        kind = type(address).__name__
        return getattr(self, "on_" + kind, self.unknown)(address)

    def unknown(self, address):
        return "unknown %r" % (address,)

    def on_NoneType(self, address):
        return "Unix unnamed"

    def on_str(self, address):
        if address == "":
            return self.on_NoneType(address)
        return "Unix abstract %s" % address[1:] if ord(address[0]) == 0 else "Unix path %s" % address

    def on_bytes(self, address):
        return self.on_str(address.decode("ascii"))

    def on_tuple(self, address):
        if len(address) in (2, 4) and isinstance(address[0], str):
            host, port = address[:2]
            version = "IPv4" if len(address) == 2 else "IPv6"
            if address[3:] not in ((), (0,)):
                host += "%%%d" % address[3]
            return "%s %s port %d" % (version, host, port)
        return self.unknown(address)


describe_address = Describer()
