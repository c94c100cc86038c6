# diagnosis: tries-without-waiting
def send_everything(sock, data):
    total = len(data)
    while data:
        try:
            data = data[sock.send(data):]
        except BlockingIOError as error:
            print("no room", error)
    return total
