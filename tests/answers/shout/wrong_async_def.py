# diagnosis: coroutine-returned
async def shout(text):
    return text.upper()
