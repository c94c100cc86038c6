"""Print, as JSON, what two members of a chat room hear of each other: `join` in a pipe, and a plain socket."""

import json
import re
import socket
import subprocess
import sys

from netlib.patience import patience

PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "bufsize": 0}
CHAT = [sys.executable, "-m", "netlib.chat"]

with subprocess.Popen([*CHAT, "serve"], **PIPES) as room:
    host, port = re.fullmatch(rb"The room is open at (\S+) port (\d+)\.\n", room.stdout.readline()).groups()
    with socket.create_connection((host.decode(), int(port)), timeout=patience(20)) as ann, ann.makefile("rw") as lines:
        print("ann", file=lines, flush=True)
        with subprocess.Popen([*CHAT, "join", host, port, "--name", "bob"], **PIPES) as bob:
            heard = [lines.readline()]
            print("hello bob", file=lines, flush=True)
            heard.append(bob.stdout.readline().decode())
            bob.stdin.write(b"hello ann\nexit\n")
            heard += [lines.readline(), lines.readline()]
            heard.append(bob.wait(patience(20)))
    room.kill()  # a polite signal may be blocked here
print(json.dumps(heard))
