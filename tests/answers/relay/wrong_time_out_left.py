# diagnosis: changes-sockets
def relay(sender, members, line):
    failed = set()
    for member in list(members):
        if member is not sender:
            member.settimeout(0.3)
            try:
                member.sendall(line)
            except OSError:
                failed.add(member)
    return failed
