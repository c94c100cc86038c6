import asyncio
import threading
import time


def timestamp_server(listener):
    async def talk(conn):
        reader, writer = await asyncio.open_connection(sock=conn)
        try:
            while data := await reader.read(1024):
                writer.write(b"[" + time.asctime().encode() + b"] " + data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except ConnectionError:
                pass

    async def main():
        while True:
            try:
                conn, _ = await asyncio.get_running_loop().sock_accept(listener)
            except OSError:
                break
            await talk(conn)

    listener.setblocking(False)
    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    thread.join()
