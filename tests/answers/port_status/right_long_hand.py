import socket


def port_status(address, timeout):
    if ":" in address[0]:
        s = socket.socket(socket.AF_INET6)
    else:
        s = socket.socket()
    s.settimeout(timeout)
    try:
        s.connect(address)
    except socket.timeout:
        status = "silent"
    except ConnectionRefusedError:
        status = "refused"
    else:
        status = "open"
    finally:
        s.close()
    return status
