import asyncio

from fastapi import FastAPI, WebSocket

web = FastAPI()


async def ask(address): ...


@web.get("/")
async def both():
    one = asyncio.create_task(ask("a"))
    other = asyncio.create_task(ask("b"))
    return await asyncio.gather(one, other)


@web.get("/first")
async def first():
    task = asyncio.create_task(ask("a"))
    try:
        await asyncio.sleep(1)
    finally:
        task.cancel()


@web.websocket("/ws")
async def socket(ws: WebSocket):
    asyncio.create_task(ask("a"))


async def talk(ws: WebSocket):
    asyncio.create_task(ask("a"))


web.add_api_websocket_route("/talk", talk)
