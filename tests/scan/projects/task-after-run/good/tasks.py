import asyncio

from celery import shared_task


@shared_task(time_limit=60)
def broadcast(addresses):
    asyncio.run(send_all(addresses))


async def send_all(addresses):
    pending = [asyncio.ensure_future(send(address)) for address in addresses]
    await asyncio.gather(*pending)
    async with asyncio.TaskGroup() as group:
        group.create_task(send("last"))


async def send(address):
    again = asyncio.create_task(post(address))
    await again


async def post(address): ...


async def serve():
    asyncio.create_task(post("a loop that lasts"))
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(serve())
