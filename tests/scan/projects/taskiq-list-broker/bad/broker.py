from taskiq_redis import ListQueueBroker

broker = ListQueueBroker("redis://localhost")


@broker.task
async def resize(path): ...
