def describe_address(address):
    result = ""
    if address is None:
        result = "Unix unnamed"
    elif type(address) == str:
        if len(address) == 0:
            result = "Unix unnamed"
        else:
            first = address[0]
            rest = ""
            for i in range(1, len(address)):
                rest = rest + address[i]
            if first == "\0":
                result = "Unix abstract " + rest
            else:
                result = "Unix path " + address
    elif type(address) == bytes:
        text = ""
        for number in address:
            text = text + chr(number)
        result = describe_address(text)
    elif type(address) == tuple:
        parts = len(address)
        if parts == 2 and type(address[0]) == str:
            result = "IPv4 " + address[0] + " port " + str(address[1])
        elif parts == 4 and type(address[0]) == str:
            result = "IPv6 " + address[0]
            if address[3] > 0:
                result = result + "%" + str(address[3])
            result = result + " port " + str(address[1])
        else:
            result = "unknown " + repr(address)
    else:
        result = "unknown " + repr(address)
    return result
