import socket
import time


def ask_udp(address, question, timeout, tries):
    host = socket.gethostbyname(address[0])
    port = address[1]
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    answer = None
    count = 0
    while count < tries and answer is None:
        count = count + 1
        s.sendto(question, (host, port))
        started = time.time()
        waiting = True
        while waiting:
            left = started + timeout - time.time()
            if left <= 0:
                waiting = False
            else:
                s.settimeout(left)
                try:
                    pair = s.recvfrom(70000)
                    if pair[1][0] == host and pair[1][1] == port:
                        answer = pair[0]
                        waiting = False
                except TimeoutError:
                    waiting = False
    s.close()
    if answer is None:
        raise TimeoutError("no answer")
    return answer
