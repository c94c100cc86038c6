# diagnosis: returned-none
def relay(sender, members, line):
    for member in list(members):
        if member is not sender:
            try:
                member.sendall(line)
            except OSError:
                pass
