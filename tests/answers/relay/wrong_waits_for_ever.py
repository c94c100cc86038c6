# diagnosis: waits-for-one
def relay(sender, members, line):
    failed = set()
    for member in list(members):
        if member is not sender:
            try:
                member.sendall(line)
            except OSError:
                failed.add(member)
    return failed
