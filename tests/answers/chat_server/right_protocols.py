import asyncio


class Chat(asyncio.Protocol):
    def __init__(self, room):
        self.room = room
        self.name = None
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport
        self.open = True
        self.room.add(self)

    def data_received(self, data):
        self.buffer += data
        while self.open and b"\n" in self.buffer:
            line, self.buffer = self.buffer.split(b"\n", 1)
            try:
                self.line_received(line.decode())
            except UnicodeDecodeError:
                self.hang_up()
        if len(self.buffer) > 65536:
            self.hang_up()

    def line_received(self, text):
        if self.name is None:
            if text in (other.name for other in self.room):
                self.transport.write(b"* that name is taken\n")
                self.hang_up()
            else:
                self.name = text
                self.tell(f"* {self.name} is online")
        elif text == "exit":
            self.hang_up()
        else:
            self.tell(f"{self.name}: {text}")

    def tell(self, text):
        for other in self.room:
            if other is not self and other.name is not None:
                other.transport.write(text.encode() + b"\n")
                if other.transport.get_write_buffer_size() > 1_000_000:
                    other.transport.abort()

    def hang_up(self):
        self.open = False
        self.transport.close()

    def connection_lost(self, error):
        self.open = False
        self.room.discard(self)
        if self.name is not None:
            self.tell(f"* {self.name} is down")


async def serve(listener):
    loop = asyncio.get_running_loop()
    room = set()
    while True:
        try:
            conn, _ = await loop.run_in_executor(None, listener.accept)
        except OSError:
            break
        await loop.connect_accepted_socket(lambda: Chat(room), conn)
    for chat in list(room):
        chat.transport.abort()
    while room:
        await asyncio.sleep(0)


def chat_server(listener):
    asyncio.run(serve(listener))
