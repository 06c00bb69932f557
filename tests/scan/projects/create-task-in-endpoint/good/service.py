import asyncio

from fastapi import APIRouter

router = APIRouter()


async def store(text): ...


async def build(text, pending=False):
    if pending:
        asyncio.create_task(store(text))


@router.post("/build")
async def create(text: str):
    await build(text)


@router.get("/watched")
async def watched():
    watcher = asyncio.create_task(store("a"))

    async def stop():
        watcher.cancel()

    await stop()
