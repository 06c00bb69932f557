import asyncio

from fastapi import FastAPI


class Hook:
    def register(self, app: FastAPI, path: str):
        app.add_api_route(path, endpoint=self.take, methods=["POST"])

    async def feed(self, update): ...

    async def take(self, update: str):
        asyncio.create_task(self.feed(update))
