# diagnosis: failures-not-told
def relay(sender, members, line):
    for member in list(members):
        if member is not sender:
            try:
                member.sendall(line)
            except OSError:
                continue
    return set()
