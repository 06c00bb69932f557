import dramatiq
from dramatiq.brokers.redis import RedisBroker

broker = RedisBroker(url="redis://localhost")
dramatiq.set_broker(broker)


@dramatiq.actor(max_retries=3)
def resize(path): ...
