import asyncio

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from tasks import app, send_mail

web = FastAPI()


@web.post("/users")
def sign_up(address: str):
    send_mail.delay(address)


@web.post("/guests")
async def invite(address: str):
    await run_in_threadpool(send_mail.delay, address)


@app.task
def remind(addresses):
    asyncio.run(remind_all(addresses))


async def remind_all(addresses):
    for address in addresses:
        send_mail.delay(address)
