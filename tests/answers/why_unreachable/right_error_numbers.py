import socket, os, stat

TEXTS = {2: "no such file", 13: "permission denied", 111: "nobody is listening", 91: "nobody is listening",
         11: "listening", None: "listening"}

def number(step, *arguments):
    try:
        step(*arguments)
    except OSError as problem:
        return problem.errno

def why_unreachable(path):
    n = number(os.stat, path)
    if n:
        return TEXTS[n]
    if not stat.S_ISSOCK(os.stat(path).st_mode): return "not a socket"
    s = socket.socket(socket.AF_UNIX); s.settimeout(0.2)
    n = number(s.connect, path)
    s.close()
    return TEXTS[n]
