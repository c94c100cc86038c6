import asyncio
import threading


class Asked(asyncio.DatagramProtocol):
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, sender):
        if not self.answer.done():
            self.answer.set_result(data)

    def error_received(self, error):
        pass


async def asking(address, question, timeout, tries):
    loop = asyncio.get_running_loop()
    transport, asked = await loop.create_datagram_endpoint(Asked, remote_addr=address)
    try:
        for _ in range(tries):
            transport.sendto(question)
            try:
                return await asyncio.wait_for(asyncio.shield(asked.answer), timeout)
            except TimeoutError:
                pass
        raise TimeoutError
    finally:
        transport.close()
        await asyncio.sleep(0)


def ask_udp(address, question, timeout, tries):
    found = []

    def run():
        try:
            found.append(asyncio.run(asking(address, question, timeout, tries)))
        except TimeoutError:
            pass

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if not found:
        raise TimeoutError
    return found[0]
