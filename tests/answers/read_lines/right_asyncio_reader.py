import asyncio
import threading
import queue


def read_lines(sock):
    found = queue.Queue()

    async def read():
        reader, writer = await asyncio.open_connection(sock=sock.dup(), limit=1 << 20)
        while line := await reader.readline():
            found.put(line)
        writer.close()

    worker = threading.Thread(target=lambda: (asyncio.run(read()), found.put(b"")))
    worker.start()
    while line := found.get():
        if line.endswith(b"\n"):
            line = line[:-1].removesuffix(b"\r")
        yield line.decode()
    worker.join()
