import asyncio
import socket


async def attempt(answer, timeout):
    family, kind, proto, _, address = answer
    sock = socket.socket(family, kind, proto)
    try:
        sock.setblocking(False)
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, address), timeout)
    except BaseException:
        sock.close()
        raise
    return sock


async def all_of_them(host, port, timeout):
    last = None
    for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return await attempt(answer, timeout)
        except asyncio.TimeoutError:
            last = TimeoutError("timed out")
        except OSError as error:
            last = error
    raise last


def reach(host, port, timeout):
    sock = asyncio.run(all_of_them(host, port, timeout))
    sock.settimeout(timeout)
    return sock
