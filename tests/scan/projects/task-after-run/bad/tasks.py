import asyncio

from celery import shared_task


@shared_task(time_limit=60)
def broadcast(addresses):
    asyncio.run(send_all(addresses))


async def send_all(addresses):
    await asyncio.gather(*[send(address) for address in addresses])


async def send(address):
    if not await post(address):
        asyncio.ensure_future(post(address))


async def post(address): ...
