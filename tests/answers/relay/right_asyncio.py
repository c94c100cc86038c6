import asyncio


def relay(sender, members, line):
    async def one(loop, member):
        member.setblocking(False)
        try:
            await asyncio.wait_for(loop.sock_sendall(member, line), timeout=1)
            return True
        except (OSError, TimeoutError):
            return False
        finally:
            member.setblocking(True)

    async def to_all():
        loop = asyncio.get_running_loop()
        others = [member for member in list(members) if member is not sender]
        results = await asyncio.gather(*[one(loop, member) for member in others])
        return {member for member, took in zip(others, results) if not took}

    return asyncio.run(to_all())
