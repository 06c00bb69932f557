from taskiq_redis import RedisStreamBroker

broker = RedisStreamBroker("redis://localhost")


@broker.task
async def resize(path): ...
