import select


def send_everything(sock, data):
    position = 0
    finished = False
    if len(data) == 0:
        finished = True
    while finished == False:
        readable, writable, broken = select.select([], [sock], [])
        if len(writable) == 1:
            rest = data[position:len(data)]
            try:
                number = sock.send(rest)
                print("sent", number)
            except BlockingIOError:
                number = 0
            position = position + number
        if position == len(data):
            finished = True
    return position
