"""An asyncio Protocol: callbacks, and one `write` for each member and each line."""

import asyncio
import sys


class Member(asyncio.Protocol):
    members: set["Member"] = set()  # noqa: RUF012 - one room
    transport: asyncio.Transport

    def __init__(self) -> None:
        self.name: bytes | None = None
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if self.name is None:
                self.name = line
                self.members.add(self)
                continue
            told = self.name + b": " + line + b"\n"
            for member in self.members:
                if member is not self:
                    member.transport.write(told)

    def connection_lost(self, exc: Exception | None) -> None:
        self.members.discard(self)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Member, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
