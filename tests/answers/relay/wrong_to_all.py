# diagnosis: to-the-sender-too
def relay(sender, members, line):
    failed = set()
    for member in list(members):
        try:
            member.sendall(line)
        except OSError:
            failed.add(member)
    return failed
