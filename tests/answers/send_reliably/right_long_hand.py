def send_reliably(s, where, things):
    s.settimeout(0.05)
    i = 0
    while i <= len(things):
        if i < len(things):
            packet = b"DATA " + str(i).encode() + b" " + things[i]
        else:
            packet = b"END " + str(i).encode() + b" "
        s.sendto(packet, where)
        got_it = False
        time_is_up = False
        while not got_it and not time_is_up:
            try:
                reply = s.recvfrom(1024)
                if reply[1] == where:
                    if reply[0] == b"ACK " + str(i).encode():
                        got_it = True
            except TimeoutError:
                time_is_up = True
        if got_it:
            i = i + 1


def receive_reliably(s):
    things = []
    friend = None
    finished = False
    while True:
        try:
            reply = s.recvfrom(2048)
        except TimeoutError:
            break
        if friend is None:
            friend = reply[1]
        if reply[1] == friend:
            words = reply[0].split(b" ", 2)
            number = int(words[1])
            if words[0] == b"DATA":
                if number == len(things):
                    things.append(words[2])
            if words[0] == b"END":
                finished = True
            s.sendto(b"ACK " + words[1], friend)
        if finished:
            s.settimeout(0.3)
    return things
