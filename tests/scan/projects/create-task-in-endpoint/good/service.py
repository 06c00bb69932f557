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


def build_at_once(text):
    try:
        asyncio.get_running_loop()
        asyncio.create_task(store(text))
    except RuntimeError:
        asyncio.run(store(text))


@router.post("/at-once")
def create_at_once(text: str):  # in a thread, which has no loop
    build_at_once(text)
