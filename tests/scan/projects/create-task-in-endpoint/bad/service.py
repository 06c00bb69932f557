import asyncio


async def flush(): ...


async def listen(channel):
    @channel.on("stop")
    def stop():
        asyncio.get_event_loop().create_task(flush())
