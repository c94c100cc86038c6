import select

members = {}  # number: connection
names = {}  # number: name
buffers = {}  # number: bytearray
poller = None


def send_to_others(number, text):
    for other in list(names.keys()):
        if other == number or other not in names:
            continue
        message = (text + "\n").encode("utf-8")
        try:
            sent = members[other].send(message)
        except OSError:
            sent = -1
        if sent != len(message):
            remove(other)


def remove(number):
    if number not in members:
        return
    conn = members[number]
    poller.unregister(number)
    del members[number]
    del buffers[number]
    name = None
    if number in names:
        name = names[number]
        del names[number]
    conn.close()
    if name is not None:
        send_to_others(number, "* " + name + " is down")


def handle_line(number, text):
    if number not in names:
        for other in names:
            if names[other] == text:
                members[number].send(b"* that name is taken\n")
                remove(number)
                return
        names[number] = text
        send_to_others(number, "* " + text + " is online")
    elif text == "exit":
        remove(number)
    else:
        send_to_others(number, names[number] + ": " + text)


def handle_member(number):
    space = bytearray(4096)
    try:
        count = members[number].recv_into(space)
    except OSError:
        remove(number)
        return
    if count == 0:
        remove(number)
        return
    buffers[number] += space[:count]
    while number in members and b"\n" in buffers[number]:
        end = buffers[number].index(b"\n")
        line = buffers[number][:end]
        del buffers[number][: end + 1]
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            remove(number)
            return
        handle_line(number, text)
    if number in members and len(buffers[number]) > 65536:
        remove(number)


def chat_server(listener):
    global poller
    poller = select.poll()
    poller.register(listener.fileno(), select.POLLIN)
    while True:
        for number, event in poller.poll():
            if number == listener.fileno():
                try:
                    conn, address = listener.accept()
                except OSError:
                    for other in members.values():
                        other.close()
                    return
                conn.setblocking(False)
                members[conn.fileno()] = conn
                buffers[conn.fileno()] = bytearray()
                poller.register(conn.fileno(), select.POLLIN)
            elif number in members:
                handle_member(number)
