import asyncio


async def status(address, timeout):
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(address[0], address[1]), timeout)
    except (TimeoutError, asyncio.TimeoutError):
        return "silent"
    except ConnectionRefusedError:
        return "refused"
    writer.close()
    return "open"


def port_status(address, timeout):
    return asyncio.run(status(address, timeout))
