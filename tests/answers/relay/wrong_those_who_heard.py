# diagnosis: returns-the-others
def relay(sender, members, line):
    heard = set()
    for member in list(members):
        if member is not sender:
            try:
                member.sendall(line)
                heard.add(member)
            except OSError:
                pass
    return heard
