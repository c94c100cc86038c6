"""asyncio streams: a coroutine for each member, `write` and `drain` for each that hears."""

import asyncio
import contextlib
import sys

members: set[asyncio.StreamWriter] = set()


async def member(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    name = (await reader.readline()).rstrip(b"\n")
    members.add(writer)
    try:
        while line := await reader.readline():
            others = [other for other in members if other is not writer]
            for other in others:
                other.write(name + b": " + line)
            for other in others:
                with contextlib.suppress(OSError):
                    await other.drain()
    except OSError:
        pass
    finally:
        members.discard(writer)
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(member, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
