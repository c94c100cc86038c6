# diagnosis: changes-sockets
import select


def relay(sender, members, line):
    rest = {member: line for member in list(members) if member is not sender}
    failed = set()
    while rest:
        ready = select.select([], list(rest), [], 1)[1]
        if not ready:
            break
        for member in ready:
            member.setblocking(False)
            try:
                rest[member] = rest[member][member.send(rest[member]) :]
            except OSError:
                failed.add(member)
                rest[member] = b""
            if not rest[member]:
                del rest[member]
    return failed | set(rest)
