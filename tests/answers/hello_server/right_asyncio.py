import asyncio
import socket


async def talk(conn):
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection(sock=conn)
    try:
        writer.write(b"welcome!\n")
        async for line in reader:
            name = line.decode().rstrip("\n")
            if name == "exit":
                break
            writer.write(f"hello {name}\n".encode())
            await writer.drain()
    except (OSError, UnicodeDecodeError):
        pass
    finally:
        writer.close()


async def serve(listener):
    loop = asyncio.get_running_loop()
    listener.setblocking(False)
    tasks = set()
    while True:
        try:
            conn, _ = await loop.sock_accept(listener)
        except OSError:
            break
        task = asyncio.create_task(talk(conn))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    for task in tasks:
        task.cancel()


def hello_server(listener):
    asyncio.run(serve(listener))
