import os

from celery import Celery

app = Celery(broker=os.environ.get("BROKER", "redis://localhost"))
app.conf.task_acks_late = True
app.conf.task_reject_on_worker_lost = True


@app.task(time_limit=2 * 60 * 60)
def train(model): ...


app.conf.broker_transport_options = {"visibility_timeout": 3 * 60 * 60}
