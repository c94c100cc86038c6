def hello_udp(s):
    running = True
    while running == True:
        try:
            result = s.recvfrom(100000)
        except OSError:
            running = False
            continue
        data = result[0]
        who = result[1]
        if who == None:
            running = False
        else:
            answer = b"Hello, "
            answer = answer + data
            answer = answer + b"!"
            if len(answer) > 65507:
                print("too long")
            else:
                s.sendto(answer, who)
