import os
import stat


def why_unreachable(path):
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    if not stat.S_ISSOCK(mode):
        return "not a socket"
    if not os.access(path, os.W_OK):
        return "permission denied"
    real = os.path.realpath(path)
    with open("/proc/net/unix") as table:
        for line in table:
            fields = line.split(maxsplit=7)
            if len(fields) == 8 and fields[7].strip() == real:
                if int(fields[3], 16) & 0x10000 and fields[4] == "0001":
                    return "listening"
    return "nobody is listening"
