# diagnosis: coroutine-returned
async def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        sent += sock.send(data[sent:])
    return sent
