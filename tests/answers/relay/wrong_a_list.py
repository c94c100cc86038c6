# diagnosis: returns-no-set
def relay(sender, members, line):
    failed = []
    for member in list(members):
        if member is not sender:
            try:
                member.sendall(line)
            except OSError:
                failed.append(member)
    return failed
