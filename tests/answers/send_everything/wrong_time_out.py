# diagnosis: makes-it-wait
def send_everything(sock, data):
    sock.settimeout(10)
    try:
        sock.sendall(data)
    finally:
        sock.settimeout(0)
    return len(data)
