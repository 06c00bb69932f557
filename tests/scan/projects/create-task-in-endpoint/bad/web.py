import asyncio

from fastapi import FastAPI

web = FastAPI()
running = set()


async def send_mail(address): ...


@web.post("/")
async def sign_up(address: str):
    task = asyncio.create_task(send_mail(address))
    running.add(task)
    task.add_done_callback(running.discard)
