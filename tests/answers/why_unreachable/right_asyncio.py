import asyncio
import os
import stat


async def knock(path):
    reader, writer = await asyncio.open_unix_connection(path)
    writer.close()
    await writer.wait_closed()


def why_unreachable(path):
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return "not a socket"
        asyncio.run(asyncio.wait_for(knock(path), 0.5))
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    except (ConnectionRefusedError, OSError) as error:
        if isinstance(error, (BlockingIOError, TimeoutError)):
            return "listening"
        return "nobody is listening"
    return "listening"
