import asyncio

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from service import listen

router = APIRouter()


async def save(text): ...


async def written():
    yield "text"
    asyncio.create_task(save("text"))


@router.get("/")
async def answer():
    return StreamingResponse(written())


@router.get("/listen")
async def start(channel):
    await listen(channel)
