# diagnosis: one-after-the-other
def relay(sender, members, line):
    failed = set()
    for member in list(members):
        if member is sender:
            continue
        member.settimeout(1)
        try:
            member.sendall(line)
        except OSError:
            failed.add(member)
        finally:
            member.settimeout(None)
    return failed
