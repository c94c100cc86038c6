# diagnosis: wrong-parameters
def hello_udp():
    ...
    return None
