import select, socket, time


def room(waiting, end):
    return select.select([], waiting, [], max(0, end - time.monotonic()))[1] if waiting else []


def push(m, data):
    try:
        return data[m.send(data, socket.MSG_DONTWAIT):]
    except BlockingIOError:
        return data
    except OSError:
        return None


def relay(sender, members, line):
    rest, end = dict.fromkeys(members - {sender}, line), time.monotonic() + 0.9
    while ready := room([m for m, data in rest.items() if data], end):
        rest |= {m: push(m, rest[m]) for m in ready}
    return {m for m, data in rest.items() if data != b""}
