import socket
import time


def relay(sender, members, line):
    failed = set()
    others = []
    for member in members.copy():
        if member != sender:
            others.append(member)
    done = []
    positions = []
    for i in range(len(others)):
        done.append(False)
        positions.append(0)
    start = time.time()
    while time.time() - start < 1.0:
        for i in range(len(others)):
            if done[i] == True:
                continue
            try:
                n = others[i].send(line[positions[i] :], socket.MSG_DONTWAIT)
                positions[i] = positions[i] + n
                if positions[i] == len(line):
                    done[i] = True
            except BlockingIOError:
                pass
            except OSError:
                failed.add(others[i])
                done[i] = True
        if False not in done:
            break
        time.sleep(0.01)
    for i in range(len(others)):
        if done[i] == False:
            failed.add(others[i])
    return failed
