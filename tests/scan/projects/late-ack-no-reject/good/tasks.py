from celery import Celery

app = Celery()
app.conf.task_acks_late = True
app.conf.task_reject_on_worker_lost = True
app.conf.task_time_limit = 60


@app.task
def build(pk): ...
