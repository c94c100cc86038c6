# diagnosis: one-error-ends-all
def relay(sender, members, line):
    for member in list(members):
        if member is not sender:
            member.sendall(line)
    return set()
