import asyncio


async def exchange(address, question, timeout):
    reader, writer = await asyncio.wait_for(asyncio.open_connection(*address), timeout)

    async def say():
        writer.write(question)
        writer.write_eof()
        await writer.drain()

    try:
        saying = asyncio.create_task(say())
        answer = b""
        while data := await asyncio.wait_for(reader.read(65536), timeout):
            answer += data
        await saying
        return answer
    finally:
        writer.close()


def ask(address, question, timeout):
    return asyncio.run(exchange(address, question, timeout))
