"""Does the kernel live, and is nothing left, after answers of every bad kind? In a real ipykernel.

    python benchmarks/checker_survival.py N [--kinds accept,recv] [--deadline 0.4]

Each kind of answer is checked N times inside one kernel, with a noisy notebook beside it (threads that import,
log and resolve names, a server thread, a held lock). After each run the kernel is asked what it has more than
before: threads, file descriptors, sockets, child processes, and processes that were adopted by others.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter

from course.execution.kernels import private_kernel

SETUP = """
import json, logging, os, socket, sys, threading, time
from pathlib import Path
from course.checker import Answer, run_check
from course.checker.process.survivors import descendants

class Noise:
    stop = False

def noisy():
    log = logging.getLogger("noise"); log.addHandler(logging.NullHandler())
    while not Noise.stop:
        log.warning("tick"); socket.getaddrinfo("127.0.0.1", 80); __import__("json.tool"); time.sleep(0.001)

for _ in range(2):
    threading.Thread(target=noisy, daemon=True).start()
notebook_server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=lambda: notebook_server.accept(), daemon=True).start()

import types
things = types.ModuleType("things")
things.guard = threading.Lock()
things.guard.acquire()
sys.modules["things"] = things

def marked():
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if "SURVIVAL_MARK" in (entry / "cmdline").read_text() and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        except OSError:
            pass
    return found

def census():
    return {"threads": threading.active_count(), "fds": len(os.listdir("/proc/self/fd")),
            "children": len(descendants(os.getpid())), "strays": len(marked())}

def one(text, seconds):
    def check(trial):
        with trial.case("a client", seconds=seconds) as case:
            listener = case.listener()
            answer = case.call(listener)
            client = case.connect(listener)
            client.sends(b"hello")
            client.hears(b"hello")
            client.ends()
            client.hears_end()
            answer.returns(None)
            answer.leaves_nothing()
    before = census()
    began = time.perf_counter()
    verdict = run_check("survival", check, [Answer("answer", text)])
    took = time.perf_counter() - began
    after = census()
    left = {name: after[name] - before[name] for name in before if after[name] > before[name]}
    name = verdict.diagnosis.name if verdict.diagnosis else verdict.outcome
    return [name, verdict.where, took, left]

census()
"""

HEAD = "import os, select, signal, socket, subprocess, sys, threading, time\n"
ECHO = """
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
"""
BODIES = {
    "right": ECHO,
    "accept": "    socket.create_server(('127.0.0.1', 0)).accept()",
    "recv": "    conn, _ = listener.accept()\n    conn.recv(5)\n    conn.recv(5)",
    "sendall": "    conn, _ = listener.accept()\n    a, b = socket.socketpair()\n    a.sendall(bytes(10_000_000))",
    "connect": "    full = socket.create_server(('127.0.0.1', 0), backlog=0)\n"
    "    for _ in range(3):\n        socket.create_connection(full.getsockname())",
    "select": "    conn, _ = listener.accept()\n    conn.recv(5)\n    select.select([conn], [], [])",
    "readline": "    conn, _ = listener.accept()\n    conn.makefile().readline()",
    "sleep": "    time.sleep(60)",
    "lock": "    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()",
    "a lock of the notebook": "    import things\n    with things.guard:\n        pass",
    "spin": "    while True:\n        pass",
    "spin in C": "    sum(range(10**12))",
    "swallow everything": "    while True:\n        try:\n            time.sleep(60)\n"
    "        except BaseException:\n            pass",
    "swallow signals": "    for n in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):\n"
    "        signal.signal(n, signal.SIG_IGN)\n    time.sleep(60)",
    "leak a thread": ECHO + "    threading.Thread(target=threading.Event().wait).start()",
    "leak a daemon thread": ECHO + "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "leak a socket": ECHO + "    global kept\n    kept = socket.create_server(('127.0.0.1', 0))",
    "leak a child": ECHO
    + "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60) # SURVIVAL_MARK'])",
    "leak a forked child": ECHO + "    if os.fork() == 0:\n        time.sleep(60)",
    "leak a session": ECHO
    + "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60) # SURVIVAL_MARK'],"
    " start_new_session=True)",
    "daemonize": ECHO + "    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
    "            time.sleep(60)\n        os._exit(0)\n    os.wait()",
    "daemonize and exit": ECHO + "    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
    "            time.sleep(60)\n        os._exit(0)\n    os.wait()\n    os._exit(0)",
    "sys.exit": ECHO + "    sys.exit(3)",
    "os._exit": ECHO + "    os._exit(3)",
    "crash": "    os.kill(os.getpid(), signal.SIGSEGV)",
    "print a megabyte": ECHO + "    print('x' * 1_000_000)",
    "print without end": "    while True:\n        print('x' * 1000)",
    "close every descriptor": "    os.closerange(0, 1024)\n    time.sleep(60)",
    "kill the group": "    os.killpg(0, signal.SIGKILL)",
    "stop itself": "    os.kill(os.getpid(), signal.SIGSTOP)",
}


def run(client: object, code: str, timeout: float) -> str:
    printed: list[str] = []

    def keep(message: dict[str, object]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            printed.append(content["text"])  # type: ignore[index]
        elif message["msg_type"] == "error":
            printed.append("\n".join(content["traceback"]))  # type: ignore[index]

    reply = client.execute_interactive(code, output_hook=keep, timeout=timeout)  # type: ignore[attr-defined]
    if reply["content"]["status"] != "ok":
        raise RuntimeError("".join(printed))
    return "".join(printed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=20)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--deadline", type=float, default=0.4)
    options = parser.parse_args()
    failed = 0
    with private_kernel() as (manager, client):
        print(run(client, "import sys; print(sys.version.split()[0])", 30).strip(), f"{options.runs} runs each")
        run(client, SETUP, 60)
        for kind in options.kinds.split(",") if options.kinds else BODIES:
            text = f"{HEAD}\ndef answer(listener):\n{BODIES[kind].lstrip(chr(10))}\n"
            names: Counter[str] = Counter()
            left: Counter[str] = Counter()
            times = []
            for _ in range(options.runs):
                name, where, took, more = json.loads(
                    run(client, f"print(json.dumps(one({text!r}, {options.deadline})))", 30)
                )
                names[f"{name} [{where}]" if where else name] += 1
                left.update(more)
                times.append(took)
            times.sort()
            alive = manager.is_alive()
            failed += bool(left) or not alive or len(names) > 1
            median, longest = times[len(times) // 2] * 1e3, times[-1] * 1e3
            what = f"left {dict(left) or 'nothing'!s:12} median {median:6.1f} ms  max {longest:6.1f} ms"
            print(f"{kind:24} alive {alive!s:5} {what}  {dict(names)}", flush=True)
    print("all clean" if not failed else f"{failed} kinds not clean")
    return min(failed, 1)


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"{time.perf_counter() - began:.0f} s")
    sys.exit(code)
