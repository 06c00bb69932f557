from fastapi import FastAPI

from tasks import send_mail

web = FastAPI()


@web.post("/users")
async def sign_up(address: str):
    await welcome(address)


async def welcome(address):
    send_mail.delay(address)
